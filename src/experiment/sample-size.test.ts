import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { usersPerArm } from "./sample-size.ts";

const plan = { baseline: 0.1, target: 0.12, power: 0.8, alpha: 0.05 };

describe("users an arm", () => {
  test("from 10 % to 12 % are 3,841", () => expect(usersPerArm(plan)).toBe(3_841));

  test("are the same for a rise and for the fall back", () => {
    expect(usersPerArm({ ...plan, baseline: 0.12, target: 0.1 })).toBe(3_841);
  });

  test("grow with the power and the strictness of the test", () => {
    const rate = fc.integer({ min: 5, max: 90 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(rate, (baseline) => {
        const some = { ...plan, baseline, target: baseline + 0.03 };
        expect(usersPerArm({ ...some, power: 0.9 })).toBeGreaterThan(usersPerArm(some));
        expect(usersPerArm({ ...some, alpha: 0.01 })).toBeGreaterThan(usersPerArm(some));
        expect(usersPerArm({ ...some, target: baseline + 0.04 })).toBeLessThan(usersPerArm(some));
      }),
    );
  });

  test.each([
    [{ baseline: 0 }, ["baseline"]],
    [{ baseline: 1.2, target: Number.NaN }, ["baseline", "target"]],
    [{ target: 0.1 }, ["target"]],
    [{ target: 0.1 + 1e-9 }, ["target"]],
    [{ power: 1 }, ["power"]],
    [{ power: 0.3, alpha: 0 }, ["power", "alpha"]],
    [{ alpha: 0.6 }, ["alpha"]],
  ])("cannot be told for %j", (change, fields) => {
    try {
      usersPerArm({ ...plan, ...change });
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).issues.map(({ field }) => field)).toEqual(fields);
      expect(error).toBeInstanceOf(InputError);
    }
  });
});
