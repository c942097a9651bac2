import { expect, test } from "vitest";
import { ConflictError, NoModelError, NotFoundError } from "../base/errors.ts";
import type { Health } from "../http/recommender.ts";
import type { ListAnswer } from "../provenance/answer.ts";
import type { Rollout } from "../rollout/record.ts";
import { FAMILIES } from "./families.ts";
import { measuredApp } from "./telemetry.fixture.ts";

const USER_ROUTE = "/recommend/{user_id}";
const LOCAL = { Host: "127.0.0.1:8080" };

test("every family is there from the start, and what can be listed stands at 0", async () => {
  const { app, series } = measuredApp();
  const page = await (await app.request("/metrics")).text();
  for (const { name, kind } of FAMILIES) {
    expect(page).toContain(`# HELP ${name} `);
    expect(page).toContain(`# TYPE ${name} ${kind}\n`);
  }
  const values = await series();
  expect(values.get(`recommend_requests_total{status="200",endpoint="${USER_ROUTE}"}`)).toBe(0);
  expect(values.get(`recommend_latency_seconds_bucket{endpoint="${USER_ROUTE}",le="+Inf"}`)).toBe(0);
  expect(values.get('ab_test_requests_total{variant="variant_B",status="200"}')).toBe(0);
  expect(values.get('data_drift_psi{feature="rating"}')).toBe(0);
  expect(values.get("outbox_pending")).toBe(0);
});

test("totals are what was sent, refused requests with their status", async () => {
  const { app, post, series } = measuredApp({
    recommend: async (request) => {
      if (request.model !== null) throw new NotFoundError("model", request.model);
      if (request.user_id === "7") throw new NoModelError("none");
      if (request.user_id === "8") throw new Error("unexpected");
      return { variant: null, source: "factors" } as ListAnswer;
    },
  });
  for (let user = 0; user < 100; user++) await app.request(`/recommend/${user}`);
  for (let place = 0; place < 5; place++) await app.request(`/recommend/1?k=0`);
  for (let place = 0; place < 3; place++) await app.request(`/recommend/1?model=v9.9`);
  await post("/recommend", { items: [{ movie_id: 1 }] });
  await post("/recommend", "x".repeat(2 << 20));
  await post("/recommend/batch", { user_ids: [1, 2, 3] });

  const values = await series();
  const sent = [...values].filter(([name, value]) => name.startsWith("recommend_requests_total") && value > 0);
  expect(Object.fromEntries(sent)).toEqual({
    [`recommend_requests_total{status="200",endpoint="${USER_ROUTE}"}`]: 98,
    [`recommend_requests_total{status="400",endpoint="${USER_ROUTE}"}`]: 5,
    [`recommend_requests_total{status="404",endpoint="${USER_ROUTE}"}`]: 3,
    [`recommend_requests_total{status="500",endpoint="${USER_ROUTE}"}`]: 1,
    [`recommend_requests_total{status="503",endpoint="${USER_ROUTE}"}`]: 1,
    'recommend_requests_total{status="200",endpoint="/recommend"}': 1,
    'recommend_requests_total{status="413",endpoint="/recommend"}': 1,
    'recommend_requests_total{status="200",endpoint="/recommend/batch"}': 1,
  });
  expect(values.get(`recommend_latency_seconds_count{endpoint="${USER_ROUTE}"}`)).toBe(108);
  expect(values.get(`recommend_errors_total{error_type="invalid_input",endpoint="${USER_ROUTE}"}`)).toBe(5);
  expect(values.get(`recommend_errors_total{error_type="unavailable",endpoint="${USER_ROUTE}"}`)).toBe(1);
  expect(values.get('recommend_errors_total{error_type="too_large",endpoint="/recommend"}')).toBe(1);
  expect(values.get('recommend_source_total{source="factors"}')).toBe(98);
  // One session and three users of a batch, which the fake recommender gives what is popular.
  expect(values.get('recommend_source_total{source="popular"}')).toBe(4);
  const labels = `http_request_method="GET",http_route="${USER_ROUTE}",http_response_status_code="200"`;
  expect(values.get(`http_server_request_duration_seconds_count{${labels}}`)).toBe(98);
  expect(values.get("slo_availability_ratio")).toBe(1 - 2 / 102);
});

test("paths and ids that someone thought up add no series", async () => {
  const { app, series } = measuredApp();
  await app.request("/recommend/0");
  await app.request("/elsewhere");
  await app.request("/elsewhere", { method: "BREW" });
  const before = (await series()).size;
  // The first reading is itself a request to a route.
  const first = (await series()).size;
  for (let place = 0; place < 2_000; place++) {
    await app.request(`/${Math.sin(place)}/${place}`);
    await app.request(`/recommend/user-${place}`);
    await app.request("/elsewhere", { method: `BREW${place}` });
  }
  const values = await series();
  expect(first).toBeGreaterThan(before);
  expect(values.size).toBe(first);
  expect([...values.keys()].filter((name) => name.includes("user-") || name.includes("BREW"))).toEqual([]);
});

test("users in an arm are counted with the status that they got, those of a batch too", async () => {
  const { app, post, series } = measuredApp({
    recommend: async ({ user_id, model }) => {
      if (user_id === "3") throw new NoModelError("none");
      // The rollout of the fake operator is a canary of 10 per cent.
      const variant = model !== null ? null : Number(user_id) < 10 ? "variant_B" : "variant_A";
      return { variant, source: "factors" } as ListAnswer;
    },
    batch: async (requests) => requests.map(() => ({ variant: "variant_A", source: "factors" }) as ListAnswer),
  });
  for (let user = 0; user < 30; user++) await app.request(`/recommend/${user}`);
  await app.request("/recommend/1?model=v0.1");
  await app.request("/recommend/3?model=v0.1");
  await app.request("/recommend/1", { method: "HEAD" });
  await post("/recommend/batch", { user_ids: [11, 12] });

  const values = await series();
  expect(values.get('ab_test_requests_total{variant="variant_A",status="200"}')).toBe(22);
  expect(values.get('ab_test_requests_total{variant="variant_B",status="200"}')).toBe(9);
  expect(values.get('ab_test_requests_total{variant="variant_B",status="503"}')).toBe(1);
  expect(values.get('ab_test_latency_seconds_count{variant="variant_B"}')).toBe(10);
});

test("switches are counted by what came of them, and an unknown version is not named", async () => {
  const { app, series } = measuredApp();
  for (const model of ["v0.2", "v0.2", "v0.3", "v9.9", "no-version"]) {
    await app.request(`/switch?model=${model}`, { headers: LOCAL });
  }
  const update = (change: object) =>
    app.request("/rollout/update", {
      method: "POST",
      headers: { ...LOCAL, "Content-Type": "application/json" },
      body: JSON.stringify(change),
    });
  await update({ primary_version: "v0.2" });
  // The primary stays.
  await update({ canary_percentage: 5 });

  const switches = [...(await series())].filter(([name]) => name.startsWith("model_switches_total"));
  expect(Object.fromEntries(switches)).toEqual({
    'model_switches_total{from_version="v0.1",to_version="v0.2",status="200"}': 3,
    'model_switches_total{from_version="v0.1",to_version="v0.3",status="409"}': 1,
    'model_switches_total{from_version="v0.1",to_version="unknown",status="404"}': 2,
  });
});

test("a version is not named by a label where the registry cannot be read", async () => {
  const { telemetry, series } = measuredApp();
  const steering = telemetry.steering(
    {
      switchTo: async () => {
        throw new ConflictError("registry.json: is truncated");
      },
      current: async () => {
        throw new NoModelError("none");
      },
    } as never,
    async () => {
      throw new Error("registry.json: is truncated");
    },
  );
  await expect(steering.switchTo("thought-up", "open")).rejects.toThrow(ConflictError);
  const values = await series();
  expect(values.get('model_switches_total{from_version="unknown",to_version="unknown",status="409"}')).toBe(1);
});

test("gauges say what is live, and nothing more of what was", async () => {
  const { telemetry, series, inner, published } = measuredApp();
  const health = await inner.health();
  let version = "v0.1";
  let retraining: Health["retraining"] = null;
  const comparisons: { overlap: number; rankCorrelation: null; latencyMs: null }[] = [];
  telemetry.observe({
    health: async () => {
      const rollout = { ...(health.rollout as Rollout), primary_version: version };
      return { ...health, version, rollout, retraining };
    },
    describe: async () => ({ model_name: "als", data_snapshot_id: "d" }),
    comparisons: () => comparisons,
    droppedTraces: () => 4,
    outbox: null,
    retraining: null,
    published,
  });
  const info = (named: string) =>
    `model_version_info{model_name="als",version="${named}",git_sha="abc",data_snapshot="d"}`;
  const first = await series();
  expect(first.get(info("v0.1"))).toBe(1);
  expect(first.get("service_health_status")).toBe(1);
  expect(first.get("traces_dropped_total")).toBe(4);
  // Without a comparison there is nothing to say.
  expect(first.has("shadow_overlap_ratio")).toBe(false);
  // Switches that could come next.
  expect(first.get('model_switches_total{from_version="v0.1",to_version="v0.2",status="200"}')).toBe(0);
  expect(first.has('model_switches_total{from_version="v0.1",to_version="v0.1",status="200"}')).toBe(false);

  const retrained = (outcome: string) => `retrain_finished_timestamp_seconds{outcome="${outcome}"}`;
  expect(first.get(retrained("published"))).toBe(0);

  version = "v0.2";
  const run = { version, snapshot_id: null, event_seq: 3, reason: null, started_at: 0, finished_at: 9_000 };
  retraining = { ...run, outcome: "published" };
  comparisons.push({ overlap: 0.5, rankCorrelation: null, latencyMs: null });
  comparisons.push({ overlap: 1, rankCorrelation: null, latencyMs: null });
  telemetry.drift.set("rating", { psi: 0.25, kl: 0.5, missing_ratio: 0, outlier_fraction: null });
  const second = await series();
  expect(second.has(info("v0.1"))).toBe(false);
  expect(second.get(info("v0.2"))).toBe(1);
  expect(second.get("shadow_overlap_ratio")).toBe(0.75);
  expect([first.get("retrain_duration_seconds"), second.get("retrain_duration_seconds")]).toEqual([0, 9]);
  expect([second.get(retrained("published")), second.get(retrained("failed"))]).toEqual([9, 0]);
  expect(second.get('data_drift_psi{feature="rating"}')).toBe(0.25);
  expect(second.get('data_outlier_fraction{feature="rating"}')).toBeNaN();
  expect(second.get('data_drift_psi{feature="genre"}')).toBe(0);
  expect(second.get("data_measured_timestamp_seconds")).toBe(1_700_000_000);
});

test("a health check that fails disturbs no other metric", async () => {
  const { telemetry, series, published } = measuredApp();
  telemetry.observe({
    health: async () => {
      throw new Error("unexpected");
    },
    describe: async () => expect.unreachable(),
    comparisons: () => [],
    droppedTraces: () => 2,
    outbox: null,
    retraining: null,
    published,
  });
  const values = await series();
  expect(values.get("traces_dropped_total")).toBe(2);
  expect(values.get("service_health_status")).toBe(0);
});

test("runs of retraining are counted by the database, and stand at 0 before the first", async () => {
  const { telemetry, series, inner, published } = measuredApp();
  let succeeded_at: number | null = null;
  const runs = { published: 0, refused: 0, unchanged: 0, failed: 0 };
  telemetry.observe({
    health: inner.health,
    describe: async () => ({ model_name: "als", data_snapshot_id: "d" }),
    comparisons: () => [],
    droppedTraces: () => 0,
    outbox: null,
    retraining: { tally: async () => ({ runs, succeeded_at }) },
    published,
  });
  const shown = async () => [...(await series())].filter(([name]) => /^retrain_(runs|success)/.test(name));
  expect(Object.fromEntries(await shown())).toEqual({
    retrain_success_timestamp_seconds: 0,
    'retrain_runs{outcome="published"}': 0,
    'retrain_runs{outcome="refused"}': 0,
    'retrain_runs{outcome="unchanged"}': 0,
    'retrain_runs{outcome="failed"}': 0,
  });
  Object.assign(runs, { refused: 2, failed: 1 });
  succeeded_at = 7_500;
  expect(Object.fromEntries(await shown())).toMatchObject({
    retrain_success_timestamp_seconds: 7.5,
    'retrain_runs{outcome="published"}': 0,
    'retrain_runs{outcome="refused"}': 2,
    'retrain_runs{outcome="failed"}': 1,
  });
});

test("an outbox that cannot be read is not shown as empty", async () => {
  const { telemetry, series, inner, published } = measuredApp();
  const pending: (() => Promise<number>)[] = [async () => 3, () => Promise.reject(new Error("disk I/O error"))];
  telemetry.observe({
    health: inner.health,
    describe: async () => ({ model_name: "als", data_snapshot_id: "d" }),
    comparisons: () => [],
    droppedTraces: () => 0,
    outbox: { pending: () => (pending.shift() ?? expect.unreachable())() },
    retraining: null,
    published,
  });
  expect((await series()).get("outbox_pending")).toBe(3);
  expect((await series()).get("outbox_pending")).toBeNaN();
});

test("loading a version is timed, whether it succeeds or not", async () => {
  const { telemetry, series, clock } = measuredApp();
  const { load } = telemetry.registry({
    load: async (version: string) => {
      clock.ms += 200;
      if (version === "v0.3") throw new NotFoundError("model", version);
      return null;
    },
  } as never);
  await load("v0.1");
  await expect(load("v0.3")).rejects.toThrow(NotFoundError);
  const values = await series();
  expect(values.get("model_load_seconds_count")).toBe(2);
  expect(values.get("model_load_seconds_sum")).toBeCloseTo(0.4, 12);
  expect(values.get('model_load_seconds_bucket{le="0.1"}')).toBe(0);
});

test("events are counted by type and by what became of them", async () => {
  const { telemetry, series } = measuredApp();
  const feedback = telemetry.feedback({
    accept: async () => ["accepted", "duplicate", "erased"],
    refused: () => {},
  } as never);
  await feedback.accept([{ type: "rate" }, { type: "watch" }, { type: "click" }] as never);
  for (const value of [{ type: "click" }, { type: "thought-up" }, null, "text"]) feedback.refused(value);
  const values = [...(await series())].filter(([name, value]) => name.startsWith("events_total") && value > 0);
  expect(Object.fromEntries(values)).toEqual({
    'events_total{type="rate",outcome="accepted"}': 1,
    'events_total{type="watch",outcome="duplicate"}': 1,
    'events_total{type="click",outcome="rejected"}': 2,
    'events_total{type="unknown",outcome="rejected"}': 3,
  });
});
