import { describe, expect, test } from "vitest";
import { ConflictError } from "../base/errors.ts";
import type { ConversionStore } from "../provenance/conversion.ts";
import type { ExposureStretch } from "../provenance/trace.ts";
import type { LiveRecord, Rollout } from "../rollout/record.ts";
import type { Change } from "../rollout/store.ts";
import { type AnalyserParts, openAnalyser } from "./analyser.ts";

const NOW = Date.UTC(2025, 10, 20, 12);
const MINUTE_MS = 60_000;

const AB_TEST: Rollout = {
  strategy: "ab_test",
  primary_version: "v0.1",
  canary_version: "v0.2",
  canary_percentage: 0,
  environment: "test",
};

const NOTHING_CAME: ConversionStore = { followedUsers: async () => [], outcomes: async () => [] };

/** So many users of each arm with one request each, of which so many succeeded. */
const armOf = (variant: string, users: number, successes: number) =>
  Array.from({ length: users }, (_, user) => ({
    variant,
    user_id: `${2 * user + (variant === "variant_B" ? 0 : 1)}`,
    requests: 1,
    successes: user < successes ? 1 : 0,
  }));

function setUp(overrides: Partial<AnalyserParts> = {}) {
  const state = { time: NOW, record: { rollout: AB_TEST, revision: 7 } as LiveRecord, changedAt: NOW - 90 * MINUTE_MS };
  const asked: ExposureStretch[] = [];
  const flushed: number[] = [];
  const analyser = openAnalyser({
    live: async () => state.record,
    history: async () => {
      const entry = (revision: number | null, time: number) => ({ revision, time: new Date(time).toISOString() });
      const entries = [entry(null, NOW), entry(state.record.revision, state.changedAt), entry(6, 0)] as Change[];
      return { entries, next: null };
    },
    flush: async () => void flushed.push(asked.length),
    exposures: async (stretch) => {
      asked.push(stretch);
      const users = [...armOf("variant_A", 1_200, 1_100), ...armOf("variant_B", 1_200, 1_190)];
      const latencies = users.map(({ variant, user_id }, lot) => ({
        variant,
        user_id,
        lot,
        latency_ms: 1 + (lot % 7),
      }));
      return { from: stretch.from, users, latencies };
    },
    conversions: NOTHING_CAME,
    breathe: async () => {},
    now: () => state.time,
    ...overrides,
  });
  return { analyser, state, asked, flushed };
}

describe("an analysis", () => {
  test("has the contract's shape", async () => {
    const { analyser } = setUp();
    const { reasons, recommendation, ...statistical } = (await analyser.analyse(60)).statistical_analysis;
    const { experiment, metrics, latency_comparison } = await analyser.analyse(60);
    expect(experiment).toEqual({
      strategy: "ab_test",
      time_window_minutes: 60,
      variant_A: "v0.1",
      variant_B: "v0.2",
      revision: 7,
      since: "2025-11-20T10:30:00.000Z",
      from: "2025-11-20T11:00:00.000Z",
      to: "2025-11-20T12:00:00.000Z",
    });
    expect(metrics).toEqual({
      variant_A: {
        users: 1_200,
        requests: 1_200,
        successes: 1_100,
        success_rate: 1_100 / 1_200,
        latency_p95_ms: 7,
        conversion: null,
      },
      variant_B: {
        users: 1_200,
        requests: 1_200,
        successes: 1_190,
        success_rate: 1_190 / 1_200,
        latency_p95_ms: 7,
        conversion: null,
      },
    });
    expect(statistical).toMatchObject({
      metric: "request_success",
      unit: "user",
      test: "two_proportion_z",
      results: {
        arms: { variant_A: { users: 1_200, conversions: 1_100, rate: 1_100 / 1_200 } },
        test: { z: expect.closeTo(8.77, 1) },
        srm: { expected_share: 0.5, chi2: 0, p: 1 },
      },
      comparisons: { request_success: statistical.results, conversion: null },
      conversion_window_hours: 24,
      decision: "ship_variant_b",
    });
    expect(reasons.at(-1)).toMatch(/^The metric is request_success, because no events are held/);
    expect(statistical.results.test.bootstrap).toHaveLength(2);
    expect([reasons.length > 2, recommendation.length > 0]).toEqual([true, true]);
    expect(latency_comparison).toEqual({
      variant_A_p95_ms: 7,
      variant_B_p95_ms: 7,
      delta_ms: 0,
      percent_change: 0,
      interval_ms: [0, 0],
      sampled: false,
    });
  });

  test("looks at exposures of the revision that is live, once those that wait are written", async () => {
    const { analyser, asked, flushed } = setUp();
    await analyser.analyse(60);
    expect(asked).toMatchObject([{ from: NOW - 60 * MINUTE_MS, to: NOW + 1, revision: 7 }]);
    expect(flushed).toEqual([0]);
  });

  test("looks no further back than to the last change of the rollout, and ships nothing before the window is over", async () => {
    const { analyser, asked } = setUp();
    const { experiment, statistical_analysis } = await analyser.analyse(100);
    expect(asked[0].from).toBe(NOW - 90 * MINUTE_MS);
    expect(experiment.from).toBe(experiment.since);
    expect(statistical_analysis.decision).toBe("inconclusive");
    expect(statistical_analysis.reasons[0]).toMatch(/10 of 100 minutes are left/);
  });

  test("says when it could not read everything", async () => {
    const { analyser } = setUp({
      exposures: async ({ to }) => ({
        from: to - 1_000,
        users: [{ variant: "variant_A", user_id: "1", requests: 300_000, successes: 300_000 }],
        latencies: [],
      }),
    });
    const { experiment, statistical_analysis } = await analyser.analyse(60);
    expect(statistical_analysis.reasons.at(-1)).toMatch(
      /Only the newest requests were counted, since 2025-11-20T11:59:59/,
    );
    expect(experiment.from).toBe("2025-11-20T11:59:59.001Z");
  });

  describe("of users whose events are held", () => {
    /** Everyone in variant_A below the first number converted, and in variant_B below the second. */
    const convertedBelow = (a: number, b: number, unknown: readonly string[] = []): ConversionStore => ({
      followedUsers: async () =>
        Array.from({ length: 2_400 }, (_, place) => ({
          variant: place < 1_200 ? "variant_A" : "variant_B",
          user_id: `${2 * (place % 1_200) + (place < 1_200 ? 1 : 0)}`,
          unknown: 0,
          has_events: true,
          followed: [place],
        })).map((user) => (unknown.includes(user.user_id) ? { ...user, unknown: 1, followed: [] } : user)),
      outcomes: async (ids) => ids.map((id) => ({ id, known: true, converted: id < 1_200 ? id < a : id - 1_200 < b })),
    });

    test("decides by conversion, and shows request success beside it", async () => {
      const { analyser } = setUp({ conversions: convertedBelow(360, 240) });
      const { metrics, statistical_analysis, latency_comparison } = await analyser.analyse(60);
      const { metric, results, comparisons, decision, reasons } = statistical_analysis;
      expect([metric, decision]).toEqual(["conversion", "ship_variant_a"]);
      expect(results.arms).toEqual({
        variant_A: { users: 1_200, conversions: 360, rate: 0.3 },
        variant_B: { users: 1_200, conversions: 240, rate: 0.2 },
      });
      expect(comparisons.conversion).toBe(results);
      expect(comparisons.request_success.arms.variant_B.conversions).toBe(1_190);
      expect(metrics.variant_A).toMatchObject({
        requests: 1_200,
        successes: 1_100,
        success_rate: 1_100 / 1_200,
        conversion: { users: 1_200, conversions: 360, rate: 0.3, requests_unknown: 0 },
      });
      expect(reasons.at(-1)).toMatch(/^The metric is conversion: .* within 24 hours of that list\.$/);
      expect(latency_comparison.interval_ms).toEqual([0, 0]);
    });

    test("says of how many requests it is not known what came of them", async () => {
      const { analyser } = setUp({ conversions: convertedBelow(360, 240, ["1", "3", "2"]) });
      const { metrics, statistical_analysis } = await analyser.analyse(60);
      expect(metrics.variant_A.conversion).toEqual({
        users: 1_198,
        conversions: 358,
        rate: 358 / 1_198,
        requests_unknown: 2,
      });
      expect(statistical_analysis.reasons.at(-1)).toMatch(
        /^What came of 3 requests is not known \(0\.17 % of those in variant_A, 0\.08 % in variant_B\).*; 3 users, .* are left out\.$/,
      );
    });

    test("is inconclusive where hardly anybody converts, although the arms are surely within a percentage point", async () => {
      const { analyser } = setUp({ conversions: convertedBelow(3, 2) });
      const { statistical_analysis } = await analyser.analyse(60);
      expect(statistical_analysis).toMatchObject({ metric: "conversion", decision: "inconclusive" });
      expect(statistical_analysis.reasons[0]).toBe(
        "5 users converted in both arms together, and 100 are needed to compare by conversion.",
      );
    });

    test("is inconclusive where no list is held any more", async () => {
      const everyone = Array.from({ length: 2_400 }, (_, user) => `${user}`);
      const { analyser } = setUp({ conversions: convertedBelow(0, 0, everyone) });
      const { metrics, statistical_analysis } = await analyser.analyse(60);
      expect(statistical_analysis).toMatchObject({ metric: "conversion", decision: "inconclusive" });
      expect(metrics.variant_B.conversion).toEqual({ users: 0, conversions: 0, rate: null, requests_unknown: 1_200 });
      expect(statistical_analysis.reasons[0]).toBe("variant_A has 0 users, and 1000 are needed.");
    });
  });

  test.each(["fixed", "shadow"] as const)("of a rollout that is %s is inconclusive, and no error", async (strategy) => {
    const { analyser, state } = setUp({
      exposures: async ({ from }) => ({ from, users: [], latencies: [] }),
    });
    state.record = { rollout: { ...AB_TEST, strategy }, revision: 7 };
    const { experiment, metrics, statistical_analysis, latency_comparison } = await analyser.analyse(60);
    const none = { users: 0, requests: 0, successes: 0, success_rate: null, latency_p95_ms: null, conversion: null };
    expect(experiment).toMatchObject({ strategy, variant_A: "v0.1", variant_B: null });
    expect(metrics).toEqual({ variant_A: none, variant_B: none });
    expect(statistical_analysis).toMatchObject({ decision: "inconclusive", results: { test: { z: null, p: null } } });
    expect(statistical_analysis.reasons[0]).toBe(
      `No experiment is live: the rollout is ${strategy}, so that users are not divided into arms.`,
    );
    expect(latency_comparison).toMatchObject({ delta_ms: null, percent_change: null, interval_ms: null });
  });

  test.each([
    [10, 0.1],
    [12.5, 0.13],
    [100, 1],
  ])("of a canary of %f %% expects a share of %f", async (canary_percentage, share) => {
    const { analyser, state } = setUp();
    state.record = { rollout: { ...AB_TEST, strategy: "canary", canary_percentage }, revision: 7 };
    const { results } = (await analyser.analyse(60)).statistical_analysis;
    expect(results.srm.expected_share).toBe(share);
  });
});

describe("an analysis that was made", () => {
  test("is given again for 30 seconds, by window", async () => {
    const { analyser, state, asked } = setUp();
    const first = await analyser.analyse(60);
    state.time += 29_999;
    expect(await analyser.analyse(60)).toBe(first);
    await analyser.analyse(61);
    expect(asked.length).toBe(2);
    state.time += 1;
    expect(await analyser.analyse(60)).not.toBe(first);
    expect(asked.length).toBe(3);
  });

  test("is shared by those who ask while it is made", async () => {
    const { analyser, asked } = setUp();
    const [first, second] = await Promise.all([analyser.analyse(60), analyser.analyse(60)]);
    expect(second).toBe(first);
    expect(asked.length).toBe(1);
  });

  test("is not given again once the rollout has changed", async () => {
    const { analyser, state, asked } = setUp();
    await analyser.analyse(60);
    state.record = { ...state.record, revision: 8 };
    expect((await analyser.analyse(60)).experiment.revision).toBe(8);
    expect(asked.map(({ revision }) => revision)).toEqual([7, 8]);
  });

  test("with a fault is made anew", async () => {
    let faults = 1;
    const { analyser } = setUp({
      flush: async () => {
        if (faults-- > 0) throw new Error("locked");
      },
    });
    await expect(analyser.analyse(60)).rejects.toThrow("locked");
    expect((await analyser.analyse(60)).experiment.time_window_minutes).toBe(60);
  });
});

describe("several analyses", () => {
  test("are made one after the other", async () => {
    let [under, most] = [0, 0];
    const { analyser } = setUp({
      exposures: async ({ from }) => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under--;
        return { from, users: [], latencies: [] };
      },
    });
    await Promise.all([1, 2, 3, 4].map(analyser.analyse));
    expect(most).toBe(1);
  });

  test("wait for so many others at most, and for none that never ends", async () => {
    const hanging = new Promise<never>(() => {});
    let hangs = true;
    const { analyser, state } = setUp({ flush: async () => (hangs ? hanging : undefined) });
    for (let minutes = 1; minutes <= 16; minutes++) void analyser.analyse(minutes);
    await expect(analyser.analyse(17)).rejects.toThrow(ConflictError);
    hangs = false;
    state.time += 30_000;
    expect((await analyser.analyse(17)).experiment.time_window_minutes).toBe(17);
  });

  test("push out those that are done", async () => {
    const windows: number[] = [];
    const { analyser } = setUp({
      exposures: async ({ from, to }) => {
        windows.push((to - 1 - from) / MINUTE_MS);
        return { from, users: [], latencies: [] };
      },
    });
    const forty = Array.from({ length: 40 }, (_, place) => place + 1);
    for (const minutes of [...forty, 40, 1]) await analyser.analyse(minutes);
    expect(windows).toEqual([...forty, 1]);
  });
});
