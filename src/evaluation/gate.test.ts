import { describe, expect, test } from "vitest";
import { train } from "../../test/builders.ts";
import type { Artifact, Factors } from "../artifact/artifact.ts";
import type { Comparison, Estimate, Evaluation, Preference } from "../artifact/manifest.ts";
import { type GateEvidence, gate } from "./gate.ts";

const artifact = await train();
const estimate = (value: number, low = value - 0.01, high = value + 0.02): Estimate => ({ value, low, high });
const evaluation = (gain: Estimate, users = 120): Evaluation => ({
  protocol: "temporal",
  split: "global-time",
  instant: 0,
  k: 10,
  users,
  counts: {},
  metrics: { "ndcg@10": estimate(0.3) },
  baselines: { popularity: { "ndcg@10": estimate(0.2) } },
  differences: { popularity: { "ndcg@10": gain } },
});
const comparison = (difference: Estimate): Comparison => ({
  version: "v0.1",
  artifact_digest: `sha256:${"0".repeat(64)}`,
  source: "split",
  not_comparable: null,
  interactions: 900,
  shared_items: 0.97,
  users: 80,
  metrics: { "ndcg@10": estimate(0.3) },
  champion: { "ndcg@10": estimate(0.3) },
  difference: { "hr@10": estimate(0.5), "ndcg@10": difference },
});
const preference = (...parts: readonly (Estimate & { readonly users?: number })[]): Preference => ({
  champion: "v0.1",
  champion_percentile: null,
  trusted: false,
  parts: parts.map(({ users = 52, ...percentile }, place) => ({
    from_seq: place * 100,
    to_seq: place * 100 + 100,
    users,
    percentile,
  })),
});
const NO_PREFERENCE: Estimate = { value: 0.51, low: 0.48, high: 0.54 };
const good: GateEvidence = {
  artifact,
  variety: { users: 24, lists: 9, length: 10 },
  evaluation: evaluation(estimate(0.1)),
  comparison: null,
  preference: null,
};
const withFactors = (factors: Partial<Factors>): Artifact => ({
  ...artifact,
  factors: { ...artifact.factors, ...factors },
});

/** Why the gate refuses, or null where it does not. */
const refusal = (change: Partial<GateEvidence>) => {
  const { passed, reasons, checks } = gate({ ...good, ...change });
  expect(checks.some(({ outcome }) => outcome === "refused")).toBe(!passed);
  return passed ? null : reasons;
};

describe("the gate lets pass", () => {
  test("what is better than popularity, and says by how much and what else was looked at", () => {
    expect(gate(good)).toEqual({
      passed: true,
      reasons: ["NDCG@10 over popularity on a temporal split, 120 users: +0.1000 (95 % +0.0900 to +0.1200)"],
      checks: [
        { name: "users and items", outcome: "passed", detail: "24 users, 16 items" },
        { name: "finite numbers", outcome: "passed", detail: "all factors are finite" },
        { name: "answers differ", outcome: "passed", detail: "9 different lists of 10 for 24 users looked at" },
        {
          name: "better than popularity",
          outcome: "passed",
          detail: "NDCG@10 over popularity on a temporal split, 120 users: +0.1000 (95 % +0.0900 to +0.1200)",
        },
        {
          name: "not worse than the champion",
          outcome: "not_comparable",
          detail: "there is no champion to compare with",
        },
      ],
    });
  });

  test.each([
    ["better than the champion", estimate(0.1)],
    ["not told apart from it", estimate(-0.01, -0.05, 0.001)],
  ])("what is %s, with the figures", (_, difference) => {
    const { passed, reasons } = gate({ ...good, comparison: comparison(difference) });
    expect(passed).toBe(true);
    expect(reasons[1]).toMatch(
      /^NDCG@10 over champion v0\.1 on what it had not seen of the split's later part, 80 users: [+-]0\.\d{4} \(95 % /,
    );
  });

  test("what cannot be compared with the champion, and says why", () => {
    const { passed, reasons, checks } = gate({
      ...good,
      comparison: { ...comparison(estimate(0)), not_comparable: "too few users", difference: null },
    });
    expect(passed).toBe(true);
    expect(reasons[1]).toBe("not compared with champion v0.1: too few users");
    expect(checks.at(-1)?.outcome).toBe("not_comparable");
  });
});

describe("the gate refuses", () => {
  test.each([
    ["users", { users: [] }, "the model has no users"],
    ["items", { items: [] }, "the model has no items"],
    ["both", { users: [], items: [] }, "the model has no users and no items"],
  ])("a model without %s", (_, change, reason) => {
    expect(refusal({ artifact: { ...artifact, ...change } })).toEqual([reason]);
  });

  test.each(["userFactors", "itemFactors", "itemGramian", "popularity"] as const)("%s that are not finite", (name) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const values = artifact.factors[name].slice();
      values[values.length - 1] = value;
      expect(refusal({ artifact: withFactors({ [name]: values }) })).toEqual([
        `${name} holds a number that is not finite`,
      ]);
    }
  });

  test("one list for all", () => {
    expect(refusal({ variety: { users: 24, lists: 1, length: 10 } })).toEqual([
      "all of 24 users looked at are given the same list of 10, before what they have seen is left out",
    ]);
    expect(refusal({ variety: { users: 1, lists: 1, length: 10 } })).toBeNull();
    expect(refusal({ variety: null })).toEqual(["no answers could be asked for"]);
  });

  test.each([
    ["an interval that reaches 0", estimate(0.01, 0, 0.02)],
    ["a gain that may be chance", estimate(0.005)],
    ["a loss", estimate(-0.1)],
    ["a gain that is no number", estimate(Number.NaN)],
  ])("%s over popularity", (_, gain) => {
    expect(refusal({ evaluation: evaluation(gain) })).toEqual([
      expect.stringMatching(/^not shown to be better than popularity: NDCG@10 .* does not lie above 0$/),
    ]);
  });

  test("what could not be compared with popularity, or over too few users", () => {
    expect(refusal({ evaluation: null })).toEqual([
      "cannot be compared with popularity: no user could be evaluated on a temporal split",
    ]);
    expect(refusal({ evaluation: evaluation(estimate(0.1), 19) })).toEqual([
      "cannot tell whether it is better than popularity: 19 users could be evaluated, 20 are needed",
    ]);
  });

  test("what is surely worse than the champion", () => {
    expect(refusal({ comparison: comparison(estimate(-0.1, -0.2, -0.0001)) })).toEqual([
      expect.stringMatching(/^worse than the champion: NDCG@10 over champion v0\.1 .* lies below 0$/),
    ]);
  });

  test("for every reason that there is", () => {
    const reasons = refusal({
      artifact: { ...withFactors({ userFactors: Float32Array.of(Number.NaN) }), users: [] },
      variety: null,
      evaluation: null,
      comparison: comparison(estimate(-0.5)),
    });
    expect(reasons).toHaveLength(5);
  });
});

describe("new events", () => {
  const found = (given: Preference) => {
    const verdict = gate({ ...good, preference: given });
    const { outcome, detail } = verdict.checks.find(({ name }) => name === "new events carry preference") ?? {};
    return { ...verdict, outcome, detail };
  };

  test("that carry preference pass, and the figures are a reason", () => {
    const { passed, outcome, reasons } = found(preference(estimate(0.7)));
    expect([passed, outcome]).toEqual([true, "passed"]);
    expect(reasons).toContain(
      "the later choices of 52 users in the events 1 to 100 rank at 0.700 (95 % 0.690 to 0.720) of all such choices by champion v0.1, 0.5 being chance",
    );
  });

  test("of which one part carries none are refused, whatever the others carry", () => {
    const { passed, outcome, reasons } = found(preference(estimate(0.7), NO_PREFERENCE, estimate(0.7)));
    expect([passed, outcome]).toEqual([false, "refused"]);
    expect(reasons).toEqual([
      "the new events do not carry personal preference: the later choices of 52 users in the events 101 to 200 rank at 0.510 (95 % 0.480 to 0.540) of all such choices by champion v0.1, 0.5 being chance",
    ]);
  });

  test("of too few users cannot be told, and pass", () => {
    const { passed, outcome, detail } = found(preference({ ...NO_PREFERENCE, users: 29 }));
    expect([passed, outcome]).toEqual([true, "cannot_tell"]);
    expect(detail).toBe(
      "cannot tell whether the new events carry personal preference: 29 users have 4 of them on films that champion v0.1 knows, 30 are needed",
    );
    expect(found(preference({ ...NO_PREFERENCE, users: 30 })).passed).toBe(false);
  });

  test("that an operator answers for pass, and it says so", () => {
    const { passed, outcome, detail } = found({ ...preference(NO_PREFERENCE), trusted: true });
    expect([passed, outcome]).toEqual([true, "passed"]);
    expect(detail).toMatch(/do not carry personal preference: .*; an operator answers for them$/);
  });

  test("that carry less than those before pass, and it says so", () => {
    const before = { value: 0.7, low: 0.67, high: 0.73 };
    const fallen = { ...preference(estimate(0.6)), champion_percentile: before };
    expect(found(fallen)).toMatchObject({ passed: true, outcome: "passed" });
    expect(found(fallen).detail).toMatch(
      /; that is less than the 0\.700 \(95 % 0\.670 to 0\.730\) that v0\.1 was judged by: /,
    );
    expect(found({ ...fallen, champion_percentile: estimate(0.61) }).detail).not.toContain("less than");
  });
});
