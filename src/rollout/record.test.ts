import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { changed, type Rollout, switched, versionsOf } from "./record.ts";

const fixed: Rollout = {
  strategy: "fixed",
  primary_version: "v0.1",
  canary_version: null,
  canary_percentage: 0,
  environment: "test",
};
const canary: Rollout = { ...fixed, strategy: "canary", canary_version: "v0.2", canary_percentage: 10 };

describe("changing a rollout", () => {
  test("keeps what is not given", () => {
    expect(changed(canary, { canary_percentage: 25 })).toEqual({ ...canary, canary_percentage: 25 });
    expect(changed(canary, {})).toEqual(canary);
  });

  test.each([
    ["an unknown strategy", { strategy: "blue_green" }, "strategy"],
    ["a canary without a second version", { strategy: "canary" }, "canary_version"],
    ["a shadow without a second version", { strategy: "shadow" }, "canary_version"],
    ["a canary that is the primary", { strategy: "ab_test", canary_version: "v0.1" }, "canary_version"],
    ["a percentage below 0", { canary_percentage: -1 }, "canary_percentage"],
    ["a percentage above 100", { canary_percentage: 100.5 }, "canary_percentage"],
    ["a percentage that is no number", { canary_percentage: Number.NaN }, "canary_percentage"],
  ])("refuses %s, and names it", (_, change, field) => {
    try {
      changed(fixed, change);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).issues.map((issue) => issue.field)).toEqual([field]);
    }
  });

  test("names all that is wrong at once", () => {
    expect(() => changed(fixed, { strategy: "x", canary_percentage: 101 })).toThrow(/strategy.*canary_percentage/);
  });
});

describe("switching", () => {
  test("changes the primary only", () => {
    expect(switched(canary, "v0.3")).toEqual({ ...canary, primary_version: "v0.3" });
  });

  test("to the canary ends the comparison", () => {
    expect(switched(canary, "v0.2")).toEqual({ ...fixed, primary_version: "v0.2" });
  });
});

test("a rollout answers from its primary, and from its canary unless it is fixed", () => {
  expect(versionsOf(fixed)).toEqual(["v0.1"]);
  expect(versionsOf(canary)).toEqual(["v0.1", "v0.2"]);
  expect(versionsOf({ ...canary, strategy: "fixed" })).toEqual(["v0.1"]);
});
