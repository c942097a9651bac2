import { describe, expect, test } from "vitest";
import { train } from "../../test/builders.ts";
import type { Factors } from "../artifact/artifact.ts";
import type { Estimate, Evaluation } from "../artifact/manifest.ts";
import { gate } from "./gate.ts";

const { factors } = await train();
const estimate = (value: number, low = value - 0.01): Estimate => ({ value, low, high: value + 0.02 });
const evaluation = (gain: Estimate): Evaluation => ({
  protocol: "temporal",
  split: "global-time",
  k: 10,
  users: 120,
  metrics: { "ndcg@10": estimate(0.3) },
  baselines: { popularity: { "ndcg@10": estimate(0.2) } },
  ndcg_gain_over_popularity: gain,
});
const good = evaluation(estimate(0.1));

/** The factors with a value of one of them replaced. */
const spoiled = (name: "userFactors" | "itemFactors" | "itemGramian", value: number): Factors => {
  const values = factors[name].slice();
  values[values.length - 1] = value;
  return { ...factors, [name]: values };
};

describe("the gate", () => {
  test("lets a model pass that is better than popularity, and says by how much", () => {
    expect(gate(24, 16, factors, good)).toEqual({
      passed: true,
      reasons: ["NDCG@10 gain over popularity on a temporal split, 120 users: 0.1000 (95 % 0.0900 to 0.1200)"],
    });
  });

  test("says so where the gain may be chance", () => {
    const { passed, reasons } = gate(24, 16, factors, evaluation(estimate(0.005)));
    expect(passed).toBe(true);
    expect(reasons[0]).toMatch(/\(95 % -0\.0050 to 0\.0250\), too few users to be sure$/);
  });

  test.each([0, -0.1, Number.NaN])("refuses a gain of %f", (gain) => {
    const { passed, reasons } = gate(24, 16, factors, evaluation(estimate(gain)));
    expect(passed).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(/^not better than popularity: NDCG@10 gain/)]);
  });

  test("refuses what could not be compared", () => {
    expect(gate(24, 16, factors, null)).toEqual({
      passed: false,
      reasons: ["cannot be compared with popularity: no user has interactions on both sides of a temporal split"],
    });
  });

  test.each([
    [0, 16, "the model has no users"],
    [24, 0, "the model has no items"],
  ])("refuses %i users and %i items", (users, items, reason) => {
    expect(gate(users, items, factors, good)).toEqual({ passed: false, reasons: [reason] });
  });

  test.each(["userFactors", "itemFactors", "itemGramian"] as const)("refuses %s that are not finite", (name) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(gate(24, 16, spoiled(name, value), good)).toEqual({
        passed: false,
        reasons: [`${name} holds a number that is not finite`],
      });
    }
  });

  test("gives every reason there is", () => {
    expect(gate(0, 0, spoiled("userFactors", Number.NaN), evaluation(estimate(0))).reasons).toHaveLength(4);
    expect(gate(0, 0, factors, null).reasons).toHaveLength(3);
  });
});
