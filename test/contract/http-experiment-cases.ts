import { z } from "zod";
import {
  check,
  checkSame,
  getJson,
  getProblem,
  type HttpCase,
  jsonPost,
  postJson,
  refusedFields,
} from "./http-client.ts";
import { BatchAnswer, ListAnswer } from "./http-shapes.ts";
import { AT_FIRST, statusOf, steering, update } from "./http-steering.ts";

const Count = z.int().min(0);
const Figure = z.number().nullable();
const Bounds = z.tuple([z.number(), z.number()]).nullable();
const Decision = z.enum(["ship_variant_a", "ship_variant_b", "no_difference", "inconclusive"]);
const both = <S extends z.ZodType>(schema: S) => z.strictObject({ variant_A: schema, variant_B: schema });

const Comparison = z.strictObject({
  arms: both(z.strictObject({ users: Count, conversions: z.number(), rate: Figure })),
  test: z.strictObject({ difference: Figure, z: Figure, p: Figure, wald: Bounds, newcombe: Bounds, bootstrap: Bounds }),
  srm: z.strictObject({ expected_share: Figure, chi2: Figure, p: Figure }),
});

const Analysis = z.strictObject({
  experiment: z.strictObject({
    strategy: z.enum(["fixed", "canary", "ab_test", "shadow"]),
    time_window_minutes: z.int(),
    variant_A: z.string(),
    variant_B: z.string().nullable(),
    revision: z.int().min(1),
    since: z.iso.datetime().nullable(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
  }),
  metrics: both(
    z.strictObject({
      users: Count,
      requests: Count,
      successes: Count,
      success_rate: Figure,
      latency_p95_ms: Figure,
      conversion: z
        .strictObject({ users: Count, conversions: Count, rate: Figure, requests_unknown: Count })
        .nullable(),
    }),
  ),
  statistical_analysis: z.strictObject({
    metric: z.enum(["request_success", "conversion"]),
    unit: z.literal("user"),
    test: z.literal("two_proportion_z"),
    results: Comparison,
    comparisons: z.strictObject({ request_success: Comparison, conversion: Comparison.nullable() }),
    conversion_window_hours: z.literal(24),
    decision: Decision,
    reasons: z.array(z.string().min(1)).min(1),
    recommendation: z.string().min(1),
  }),
  latency_comparison: z.strictObject({
    variant_A_p95_ms: Figure,
    variant_B_p95_ms: Figure,
    delta_ms: Figure,
    percent_change: Figure,
    interval_ms: Bounds,
    sampled: z.boolean(),
  }),
});

const Promotion = z.strictObject({
  promoted: z.boolean(),
  dry_run: z.boolean(),
  decision: Decision,
  reason: z.string().min(1),
  action: z.enum(["promote", "none"]),
  target_version: z.string().nullable(),
  message: z.string().min(1),
  latency_regression_pct: Figure,
});

const analysisOf = async (base: string, minutes = 60) =>
  (await getJson(Analysis, `${base}/experiment/analyze?time_window_minutes=${minutes}`)).body;

const listOf = (base: string, user: string | number, query = "") =>
  getJson(ListAnswer, `${base}/recommend/${user}?k=1${query}`);

export const experimentCases: readonly HttpCase[] = [
  steering("an analysis without an experiment is inconclusive, and says why", async (base) => {
    await update(base, AT_FIRST);
    await listOf(base, 1);
    const { body } = await getJson(Analysis, `${base}/experiment/analyze`);
    const { experiment, metrics, statistical_analysis, latency_comparison } = body;
    checkSame([experiment.strategy, experiment.time_window_minutes], ["fixed", 60], "experiment");
    checkSame([experiment.variant_A, experiment.variant_B], ["v0.1", null], "versions");
    for (const arm of [metrics.variant_A, metrics.variant_B]) {
      checkSame([arm.requests, arm.successes, arm.success_rate, arm.latency_p95_ms], [0, 0, null, null], "an arm");
    }
    checkSame(statistical_analysis.decision, "inconclusive", "decision");
    check(/the rollout is fixed/.test(statistical_analysis.reasons[0] ?? ""), `${statistical_analysis.reasons[0]}`);
    checkSame(latency_comparison.percent_change, null, "latency");
  }),
  steering("an analysis counts each list that a user in an arm was shown, at once and by user", async (base) => {
    const { revision } = await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    // Even ids are in variant_B, odd ones in variant_A.
    for (const user of [1, 1, 1, 3, 2, 4, 6]) await listOf(base, user);
    await listOf(base, 2, "&model=v0.1");
    await fetch(`${base}/recommend/2`, { method: "HEAD" });
    await getProblem(400, `${base}/recommend/2?k=0`);
    const { experiment, metrics, statistical_analysis } = await analysisOf(base);
    checkSame([experiment.strategy, experiment.revision], ["ab_test", revision], "experiment");
    checkSame([experiment.variant_A, experiment.variant_B], ["v0.1", "v0.2"], "versions");
    const counts = ({ users, requests, successes, success_rate }: (typeof metrics)["variant_A"]) => [
      users,
      requests,
      successes,
      success_rate,
    ];
    checkSame(counts(metrics.variant_A), [2, 4, 4, 1], "variant_A");
    checkSame(counts(metrics.variant_B), [3, 3, 3, 1], "variant_B");
    checkSame(statistical_analysis.results.arms.variant_B, { users: 3, conversions: 3, rate: 1 }, "users of variant_B");
    checkSame(statistical_analysis.results.srm.expected_share, 0.5, "the share that was meant");
    checkSame(statistical_analysis.decision, "inconclusive", "decision of so few users");
    check(
      statistical_analysis.reasons.some((reason) => /2 users, and 1000 are needed/.test(reason)),
      statistical_analysis.reasons.join(" "),
    );
  }),
  steering(
    "an analysis counts users who did something with a list as conversions, once events are held",
    async (base) => {
      await update(base, { strategy: "ab_test", canary_version: "v0.2" });
      const before = await analysisOf(base, 59);
      checkSame(before.statistical_analysis.metric, "request_success", "the metric before there are events");
      checkSame(before.metrics.variant_B.conversion, null, "conversion before there are events");
      // Users of whom other cases have no events, which cannot be taken back.
      const [clicksOnce, clicksElsewhere, doesNothing] = [9_000_001, 9_000_003, 9_000_005];
      const [clicks, clicksOfBatch] = [9_000_002, 9_000_004];
      const shown = async (user: number) => (await listOf(base, user, "&include_seen=true")).body;
      await shown(clicksOnce);
      const [once, elsewhere, clicked] = [await shown(clicksOnce), await shown(clicksElsewhere), await shown(clicks)];
      await shown(doesNothing);
      const batch = { user_ids: [clicksOfBatch, doesNothing], k: 1, include_seen: true };
      const [ofBatch] = (await postJson(BatchAnswer, `${base}/recommend/batch`, batch)).body.results;
      const click = ({ user_id, items }: ListAnswer, more: object) => {
        return { type: "click", event_id: crypto.randomUUID(), user_id, movie_id: items[0], ...more };
      };
      const events = [
        click(once, { request_id: once.provenance.request_id }),
        click(clicked, {}),
        click(ofBatch as ListAnswer, { request_id: ofBatch?.provenance.request_id }),
        // These did not come of a list: one names another request, one is from before the list.
        click(elsewhere, { request_id: "another" }),
        click(elsewhere, { ts: elsewhere.provenance.timestamp - 1 }),
      ];
      const taken = await fetch(`${base}/events`, jsonPost(events));
      checkSame(taken.status, 202, "status of the events");
      checkSame(await taken.json(), { accepted: events.length, duplicates: 0, rejected: [] }, "events");
      const { metrics, statistical_analysis } = await analysisOf(base, 58);
      checkSame(statistical_analysis.metric, "conversion", "the metric");
      const { variant_A: a, variant_B: b } = metrics;
      checkSame([a.users, a.requests, a.successes], [3, 5, 5], "users and requests of variant_A");
      checkSame(a.conversion, { users: 3, conversions: 1, rate: 1 / 3, requests_unknown: 0 }, "variant_A");
      checkSame([b.users, b.requests, b.successes], [2, 2, 2], "users and requests of variant_B");
      checkSame(b.conversion, { users: 2, conversions: 2, rate: 1, requests_unknown: 0 }, "variant_B");
      const { conversion, request_success } = statistical_analysis.comparisons;
      checkSame(conversion, statistical_analysis.results, "the comparison by the metric");
      checkSame(request_success.arms.variant_A, { users: 3, conversions: 3, rate: 1 }, "the other comparison");
    },
  ),
  steering("an analysis is given again for a while, and anew once the rollout has changed", async (base) => {
    await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    await listOf(base, 1);
    const first = await analysisOf(base, 61);
    await listOf(base, 1);
    checkSame(await analysisOf(base, 61), first, "the same window");
    checkSame((await analysisOf(base, 62)).metrics.variant_A.requests, 2, "requests of another window");
    await update(base, { canary_percentage: 7 });
    checkSame((await analysisOf(base, 61)).metrics.variant_A.requests, 0, "requests since the rollout changed");
  }),
  steering("an analysis expects the shares that a canary was given", async (base) => {
    await update(base, { strategy: "canary", canary_version: "v0.2", canary_percentage: 10 });
    for (const user of [5, 105, 11, 99]) await listOf(base, user);
    const { metrics, statistical_analysis } = await analysisOf(base, 63);
    checkSame([metrics.variant_A.users, metrics.variant_B.users], [2, 2], "users");
    checkSame(statistical_analysis.results.srm.expected_share, 0.1, "the share that was meant");
  }),
  {
    name: "/experiment routes name what they do not take",
    async run(base) {
      for (const minutes of ["0", "10081", "1.5", "-1", "x", "", "1e2"]) {
        const url = `${base}/experiment/analyze?time_window_minutes=${minutes}`;
        checkSame(await refusedFields(url), ["time_window_minutes"], url);
      }
      checkSame(await refusedFields(`${base}/experiment/analyze?hours=1`), ["hours"], "an unknown option");
      for (const [query, field] of [
        ["dry_run=perhaps", "dry_run"],
        ["max_latency_regression_pct=-0.1", "max_latency_regression_pct"],
        ["max_latency_regression_pct=lots", "max_latency_regression_pct"],
        ["time_window_minutes=0", "time_window_minutes"],
      ]) {
        const url = `${base}/experiment/promote?${query}`;
        checkSame(await refusedFields(url, { method: "POST" }), [field], url);
      }
      for (const method of ["GET", "HEAD", "PUT"]) {
        const response = await fetch(`${base}/experiment/promote?dry_run=false`, { method });
        await response.body?.cancel();
        checkSame([response.status, response.headers.get("Allow")], [405, "POST"], method);
      }
    },
  },
  steering("a promotion that the analysis does not allow changes nothing, and says why", async (base) => {
    await update(base, { strategy: "ab_test", canary_version: "v0.2" });
    const before = await statusOf(base);
    for (const [query, dryRun] of [
      ["", true],
      ["?dry_run=true", true],
      ["?dry_run=false&max_latency_regression_pct=50", false],
    ] as const) {
      const { body, response } = await getJson(Promotion, `${base}/experiment/promote${query}`, { method: "POST" });
      checkSame([body.promoted, body.dry_run, body.action], [false, dryRun, "none"], query);
      checkSame([body.decision, body.target_version], ["inconclusive", "v0.2"], query);
      checkSame(response.headers.get("Cache-Control"), "no-store", "Cache-Control");
    }
    checkSame((await statusOf(base)).revision, before.revision, "revision");
  }),
];
