import { describe, expect, test } from "vitest";
import { memoryMetrics, type Scraped, scrapes } from "../../test/memory-metrics.ts";
import { availability } from "./availability.ts";
import { availabilityText } from "./availability-text.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 1);
const HOUR = { start: START, end: START + 60 * MINUTE };
const A = { job: "reprise", instance: "a" };
const ramp = (perMinute: number, length = 61) => Array.from({ length }, (_, minute) => perMinute * minute);

function requests(status: string, perMinute: number) {
  return [{ ...A, endpoint: "/recommend", status }, scrapes(START, MINUTE, ramp(perMinute))] as const;
}

const report = (scraped: Scraped, required = 70) => availability(memoryMetrics(scraped), HOUR, required);

describe("availability", () => {
  test("is successful over successful and errors; the client's errors stand apart", async () => {
    const statuses = { 200: 8, 304: 1, 404: 5, 503: 1 };
    const all = Object.entries(statuses).map(([status, perMinute]) => requests(status, perMinute));
    const { metrics, slo_compliance } = await report({ recommend_requests_total: all });
    expect(metrics).toMatchObject({
      total_requests: 900,
      successful_requests: 540,
      error_requests: 60,
      client_error_requests: 300,
      availability_percent: 90,
    });
    expect(slo_compliance).toEqual({
      required_availability: 70,
      actual_availability: 90,
      meets_requirement: true,
      margin: 20,
    });
  });

  test("just below what is required does not meet it", async () => {
    const all = [requests("200", 7), requests("500", 3)];
    const meets = async (required: number) =>
      (await report({ recommend_requests_total: all }, required)).slo_compliance.meets_requirement;
    expect(await Promise.all([meets(70), meets(70.001)])).toEqual([true, false]);
  });

  test("without data is null, and so is every other figure", async () => {
    const found = await report({});
    expect(new Set(Object.values(found.metrics))).toEqual(new Set([null]));
    expect(found.slo_compliance).toMatchObject({ actual_availability: null, meets_requirement: null, margin: null });
    expect(found.gaps).toEqual([{ start: "2026-11-01T00:00:00.000Z", end: "2026-11-01T01:00:00.000Z" }]);
    expect(availabilityText(found)).toContain("CANNOT TELL");
  });

  test("without requests cannot be told, though there is data", async () => {
    const { metrics, slo_compliance } = await report({ recommend_requests_total: [requests("200", 0)] });
    expect(metrics).toMatchObject({ total_requests: 0, availability_percent: null });
    expect(slo_compliance.meets_requirement).toBeNull();
  });

  test("of data from before the window only is without data", async () => {
    const before = [{ ...A, status: "200" }, { [START - MINUTE]: 5 }] as const;
    expect((await report({ recommend_requests_total: [before] })).metrics.total_requests).toBeNull();
  });

  test("is told over time, in parts that sum to the whole", async () => {
    const broken = scrapes(START, MINUTE, [...ramp(0, 31), ...ramp(10, 31).slice(1)]);
    const { timeline, metrics } = await report({
      recommend_requests_total: [requests("200", 10), [{ ...A, status: "500" }, broken]],
    });
    expect(timeline.reduce((sum, { total_requests: total }) => sum + total, 0)).toBe(metrics.total_requests);
    expect([timeline[0].availability_percent, timeline.at(-1)?.availability_percent]).toEqual([100, 50]);
  });

  test("leaves the time without samples out, and says which", async () => {
    const values = ramp(10).map((value, minute) => (minute > 20 && minute < 40 ? null : value));
    const { gaps, metrics } = await report({
      recommend_requests_total: [[{ ...A, status: "200" }, scrapes(START, MINUTE, values)]],
    });
    expect(gaps).toEqual([{ start: "2026-11-01T00:20:00.000Z", end: "2026-11-01T00:40:00.000Z" }]);
    expect(metrics.total_requests).toBe(600);
  });

  test("counts scrapes in vain of the service, and not those of others", async () => {
    const failing = (job: string) =>
      [
        { job, instance: job },
        scrapes(
          START,
          MINUTE,
          ramp(0).map((_, at) => (at >= 10 && at < 15 ? 0 : 1)),
        ),
      ] as const;
    const scraped = { recommend_requests_total: [requests("200", 10)], up: [failing("other"), failing("reprise")] };
    const span = { start: "2026-11-01T00:10:00.000Z", end: "2026-11-01T00:15:00.000Z" };
    expect((await report(scraped)).unreachable).toEqual([span]);
    expect((await report({ ...scraped, up: [failing("other")] })).unreachable).toEqual([]);
  });
});

test("the latency's percentile is over all instances and routes of single answers, by what was added", async () => {
  const bucket = (instance: string, le: string, perMinute: number) =>
    [{ job: "reprise", instance, le }, scrapes(START, MINUTE, ramp(perMinute))] as const;
  const { metrics } = await report({
    recommend_requests_total: [requests("200", 20)],
    recommend_latency_seconds_bucket: [
      bucket("a", "0.01", 10),
      bucket("a", "0.1", 10),
      bucket("a", "+Inf", 10),
      bucket("b", "0.01", 5),
      bucket("b", "0.1", 10),
      bucket("b", "+Inf", 10),
    ],
  });
  // 19 of 20 lie 4 of 5 into the second bucket.
  expect(metrics.p95_latency_seconds).toBeCloseTo(0.01 + 0.09 * 0.8, 12);
});

test("the latency's percentile leaves batches out, and is null where there is nothing else", async () => {
  const bucket = (endpoint: string, le: string, perMinute: number) =>
    [{ ...A, endpoint, le }, scrapes(START, MINUTE, ramp(perMinute))] as const;
  const batches = [bucket("/recommend/batch", "0.01", 0), bucket("/recommend/batch", "+Inf", 90)];
  const single = [bucket("/recommend/{user_id}", "0.01", 10), bucket("/recommend/{user_id}", "+Inf", 10)];
  const p95 = async (latencies: Scraped[string]) => {
    const requested = { recommend_requests_total: [requests("200", 100)] };
    const { metrics, timeline } = await report({ ...requested, recommend_latency_seconds_bucket: latencies });
    expect(metrics.total_requests).toBe(6_000);
    return [metrics.p95_latency_seconds, timeline[0].p95_latency_seconds];
  };
  expect(await p95([...single, ...batches])).toEqual([0.0095, 0.0095]);
  expect(await p95(batches)).toEqual([null, null]);
});

test("health is the mean of its samples", async () => {
  const values = scrapes(START + MINUTE, MINUTE, [1, 1, 1, 0]);
  const { metrics } = await report({ service_health_status: [[A, values]] });
  expect(metrics.avg_health_status).toBe(0.75);
});
