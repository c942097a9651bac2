import { describe, expect, test } from "vitest";
import type { Hyperparameters } from "../artifact/manifest.ts";
import { InputError } from "../base/errors.ts";
import { SOLVER_FORMS } from "../base/solver.ts";
import { WEIGHT_RULE_FORMS } from "../kernel/weight-rule.ts";
import { checkHyperparameters, DEFAULT_HYPERPARAMETERS } from "./hyperparameters.ts";

/** The faults of some values, each as one line. */
function faults(given: Partial<Hyperparameters>): string[] {
  try {
    checkHyperparameters(given);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map(({ field, message }) => `${field} ${message}`);
  }
}

test("what is not given has its default", () => {
  expect(checkHyperparameters({})).toEqual(DEFAULT_HYPERPARAMETERS);
  expect(checkHyperparameters({ factors: 8 })).toEqual({ ...DEFAULT_HYPERPARAMETERS, factors: 8 });
});

describe.each([
  ["factors", 1, 256, "a whole number"],
  ["iterations", 1, 1_000, "a whole number"],
  ["seed", 0, Number.MAX_SAFE_INTEGER, "a whole number"],
  ["regularization", 0, 1e6, "a number"],
  ["regularization_exponent", 0, 4, "a number"],
  ["unobserved_weight", 0, 1e3, "a number"],
  ["init_scale", 1e-6, 1e3, "a number"],
] as const)("%s", (field, low, high, kind) => {
  const fault = `${field} must be ${kind} from ${low} to ${high}`;

  test.each([low, high])("may be %d", (value) => {
    expect(faults({ [field]: value })).toEqual([]);
  });

  test.each([low - 1, high * 1.01 + 1, Number.NaN, Number.POSITIVE_INFINITY])("may not be %d", (value) => {
    expect(faults({ [field]: value })).toEqual([fault]);
  });

  test(`may ${kind === "a number" ? "" : "not "}be a fraction`, () => {
    expect(faults({ [field]: 1.5 })).toEqual(kind === "a number" ? [] : [fault]);
  });
});

test("without any penalty and any weight of what was not observed, rows are not determined", () => {
  expect(faults({ regularization: 0, unobserved_weight: 0 })).toEqual([
    "regularization must not be 0 together with unobserved_weight",
  ]);
  expect(faults({ regularization: 0, unobserved_weight: 0.1 })).toEqual([]);
});

test("every fault is named at once, the weight rule's too", () => {
  expect(faults({ factors: 0, iterations: 0.5, weight_rule: "squared" })).toEqual([
    "factors must be a whole number from 1 to 256",
    "iterations must be a whole number from 1 to 1000",
    `weight_rule must be ${WEIGHT_RULE_FORMS}`,
  ]);
});

test.each(["cholesky", "pcg:1", "pcg:64"] as const)("the solver may be %s", (solver) => {
  expect(checkHyperparameters({ solver }).solver).toBe(solver);
});

test.each(["pcg:0", "pcg:65"] as const)("the solver may not be %s", (solver) => {
  expect(faults({ solver })).toEqual([`solver must be ${SOLVER_FORMS}`]);
});

test("a weight rule is kept in one spelling", () => {
  expect(checkHyperparameters({ weight_rule: "rating>=4.0" }).weight_rule).toBe("rating>=4");
});
