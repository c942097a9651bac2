import { describe, expect, test } from "vitest";
import { ConflictError } from "./base/errors.ts";
import type { Analysis } from "./experiment/analysis.ts";
import type { Comparison } from "./experiment/comparison.ts";
import type { Decision } from "./experiment/decision.ts";
import { fakeRecommender } from "./http/app.fixture.ts";
import { fakeOperator, MATCH, RECORD } from "./http/operator.fixture.ts";
import { type OperatorParts, openOperator } from "./operator.ts";
import type { StoredTrace } from "./provenance/trace.ts";
import type { ShadowComparison } from "./rollout/shadow.ts";

const trace: StoredTrace = { request_id: "r-1", ts: 1, answer: null, fault: null };

/** An operator over parts that do nothing. */
function setUp(comparisons: readonly ShadowComparison[] = [], overrides: Partial<OperatorParts> = {}) {
  const operator = openOperator({
    steering: fakeOperator().operator.steering,
    recommender: fakeRecommender(),
    manifest: async (version) => ({ version, model_name: "als", artifact_digest: "sha256:1" }) as never,
    traces: async () => [trace],
    shadow: {
      add: () => {},
      comparisons: () => comparisons,
      counts: () => ({ done: comparisons.length, dropped: 3, failed: 2 }),
    },
    replayer: { replay: async () => MATCH, replayTraces: async () => MATCH },
    analyser: { analyse: async () => expect.unreachable("no analysis was asked for") },
    alias: null,
    ...overrides,
  });
  return { operator };
}

describe("status", () => {
  test("has the record, and the version that answers for its primary", async () => {
    const health = async () => ({ ok: true, version: "v0.2", rollout: RECORD.rollout, warnings: [], retraining: null });
    const { operator } = setUp([], { recommender: fakeRecommender({ health }) });
    expect(await operator.status()).toMatchObject({ record: RECORD, activeVersion: "v0.2" });
  });

  test("has no figures of a shadow before there are comparisons", async () => {
    expect((await setUp().operator.status()).shadow).toEqual({
      comparisons: 0,
      dropped: 3,
      failed: 2,
      overlap_mean: null,
      rank_correlation_mean: null,
      latency_p95_ms: null,
    });
  });

  test("takes means over what could be compared, and the 95th percentile by nearest rank", async () => {
    const comparisons = Array.from({ length: 20 }, (_, place) => ({
      overlap: place < 5 ? 1 : 0.2,
      rankCorrelation: place < 2 ? 0.5 : null,
      latencyMs: 20 - place,
    }));
    expect((await setUp(comparisons).operator.status()).shadow).toEqual({
      comparisons: 20,
      dropped: 3,
      failed: 2,
      overlap_mean: expect.closeTo(0.4, 10),
      rank_correlation_mean: 0.5,
      latency_p95_ms: 19,
    });
  });

  test("knows no latency where the clock stands still", async () => {
    const { operator } = setUp([{ overlap: 1, rankCorrelation: 1, latencyMs: null }]);
    expect((await operator.status()).shadow).toMatchObject({ comparisons: 1, overlap_mean: 1, latency_p95_ms: null });
  });
});

test("a version is described by its manifest", async () => {
  expect(await setUp().operator.describe("v0.2")).toMatchObject({ name: "als", meta: { artifact_digest: "sha256:1" } });
});

type Success = Pick<Comparison["test"], "difference" | "p">;

describe("a promotion", () => {
  const alike: Success = { difference: 0, p: null };
  const analysis = (decision: Decision, percent_change: number | null, revision = 7, test = alike) =>
    ({
      experiment: { variant_B: "v0.2", revision },
      statistical_analysis: {
        ...{ decision, metric: "conversion", reasons: ["Because of this."] },
        comparisons: { request_success: { test } },
      },
      latency_comparison: { percent_change },
    }) as unknown as Analysis;

  const promote = async (found: Analysis, dryRun = false, overrides: Partial<OperatorParts> = {}) => {
    const done: unknown[] = [];
    const { operator: fake, asked } = fakeOperator();
    const { operator } = setUp([], {
      steering: fake.steering,
      analyser: {
        analyse: async (minutes) => {
          done.push(["analyse", minutes]);
          return found;
        },
      },
      alias: async (...given) => void done.push(["alias", ...given]),
      ...overrides,
    });
    const options = { windowMinutes: 30, dryRun, maxLatencyRegressionPct: 10 };
    const answer = await operator.promote(options, "token");
    expect(done[0]).toEqual(["analyse", 30]);
    return { answer, done: [...asked, ...done.slice(1)] };
  };

  test("makes the winner live by the revision that was analysed, then the champion", async () => {
    const { answer, done } = await promote(analysis("ship_variant_b", 10));
    expect(answer).toEqual({
      promoted: true,
      dry_run: false,
      decision: "ship_variant_b",
      reason: "variant_B does better by conversion, and its latency is within 10 % of variant_A's. Because of this.",
      action: "promote",
      target_version: "v0.2",
      message: "v0.2 is the only live version, and the champion.",
      latency_regression_pct: 10,
    });
    expect(done).toEqual([
      ["steering.promote", "v0.2", 7, "token"],
      ["alias", "champion", "v0.2"],
    ]);
  });

  test("in a dry run says what would be done, and does nothing", async () => {
    const { answer, done } = await promote(analysis("ship_variant_b", -3), true);
    expect(answer).toMatchObject({ promoted: false, dry_run: true, action: "promote", target_version: "v0.2" });
    expect(answer.message).toMatch(/would/);
    expect(done).toEqual([]);
  });

  test.each([
    ["ship_variant_a", 0, "The decision is ship_variant_a, not ship_variant_b. Because of this."],
    ["no_difference", 0, "The decision is no_difference"],
    ["inconclusive", null, "The decision is inconclusive"],
    ["ship_variant_b", 10.1, "variant_B's 95th percentile is 10.1 % above variant_A's; 10 % are allowed."],
    ["ship_variant_b", null, "How long answers take is not known"],
  ] as const)("is not made for %s with a latency change of %s %%", async (decision, change, reason) => {
    const { answer, done } = await promote(analysis(decision, change));
    expect(answer).toMatchObject({ promoted: false, dry_run: false, decision, action: "none" });
    expect(answer.reason).toContain(reason);
    expect(done).toEqual([]);
  });

  test.each([
    [-0.02, 0.049, "none"],
    [-0.02, 0.05, "promote"],
    [0.02, 0.001, "promote"],
    [null, null, "promote"],
  ] as const)("of what answers %s more of the requests, with p %s, leads to %s", async (difference, p, action) => {
    const { answer } = await promote(analysis("ship_variant_b", 0, 7, { difference, p }), true);
    expect(answer.action).toBe(action);
    if (action === "none") expect(answer.reason).toContain("fewer of its users' requests, by 2.00 percentage points");
  });

  test("is not made half where the registry cannot be written", async () => {
    const { answer, done } = await promote(analysis("ship_variant_b", 0), false, { alias: null });
    expect(answer).toMatchObject({ promoted: false, action: "none" });
    expect(answer.reason).toContain("registry cannot be written");
    expect(done).toEqual([]);
  });

  test("says when only the alias could not be moved", async () => {
    const alias = async () => {
      throw new Error("read-only");
    };
    const { answer } = await promote(analysis("ship_variant_b", 0), false, { alias });
    expect(answer).toMatchObject({
      promoted: true,
      message: expect.stringContaining("was not moved: Error: read-only"),
    });
  });

  test("is a conflict when the rollout changed meanwhile, and moves no alias", async () => {
    const moved: unknown[] = [];
    const alias = async (...given: unknown[]) => void moved.push(given);
    await expect(promote(analysis("ship_variant_b", 0, 6), false, { alias })).rejects.toThrow(ConflictError);
    expect(moved).toEqual([]);
  });
});
