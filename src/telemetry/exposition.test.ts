import { expect, test } from "vitest";
import { serializeText } from "../drivers/prometheus-text.ts";
import { renderOpenMetrics, renderText } from "./exposition.ts";
import { BUCKETS_SECONDS, FAMILIES } from "./families.ts";
import { openMetering } from "./metering.ts";
import { measuredApp, seriesOf } from "./telemetry.fixture.ts";

const NOW = 1_700_000_000_123;
const LATENCY = "recommend_latency_seconds";
const endpoint = "/recommend/{user_id}";

function measured() {
  const metering = openMetering({ resource: {}, deltas: false, now: () => NOW, warn: () => {} });
  const { instruments } = metering;
  instruments.counter("recommend_requests_total", { status: "200", endpoint }).add(3);
  const latency = instruments.histogram(LATENCY, { endpoint });
  latency.record(0.003, "first");
  latency.record(0.004, "second");
  latency.record(0.0005, "on-the-bound");
  latency.record(60, "very-slow");
  latency.record(0.2, null);
  latency.record(0.7, "x".repeat(119));
  instruments.observe(["data_drift_psi"], (observe) => {
    observe("data_drift_psi", Number.NaN, { feature: "rating" });
    observe("data_drift_psi", Number.POSITIVE_INFINITY, { feature: "genre" });
    observe("data_drift_psi", 1e-9, { feature: "score" });
  });
  return metering;
}

test("our text says what OpenTelemetry's serializer says", async () => {
  const reading = await measured().collect();
  const target = { service_name: 'a "quoted" \\ name', host: "line\nbreak" };
  const [ours, theirs] = [renderText(reading, target), serializeText(reading, target)];
  expect(seriesOf(ours)).toEqual(seriesOf(theirs));
  const comments = (page: string) => page.split("\n").filter((line) => line.startsWith("#"));
  expect(comments(ours)).toEqual(comments(theirs));
});

test("buckets are cumulative and their bounds belong to them", async () => {
  const series = seriesOf(renderText(await measured().collect(), {}));
  const bucket = (le: string) => series.get(`${LATENCY}_bucket{endpoint="${endpoint}",le="${le}"}`);
  expect([bucket("0.0005"), bucket("0.0025"), bucket("0.005"), bucket("0.25"), bucket("10"), bucket("+Inf")]).toEqual([
    1, 1, 3, 4, 5, 6,
  ]);
  expect(series.get(`${LATENCY}_count{endpoint="${endpoint}"}`)).toBe(6);
});

test("OpenMetrics ends in EOF, names counters without _total in comments only, and writes bounds as floats", async () => {
  const page = renderOpenMetrics(await measured().collect(), { service_name: "reprise" });
  expect(page.endsWith("\n# EOF\n")).toBe(true);
  expect(page.match(/# EOF/g)).toHaveLength(1);
  expect(page).toContain("# TYPE target info\n");
  expect(page).toContain('target_info{service_name="reprise"} 1\n');
  expect(page).toContain("# TYPE recommend_requests counter\n");
  expect(page).toContain(`recommend_requests_total{status="200",endpoint="${endpoint}"} 3\n`);
  expect(page).toContain(`# UNIT ${LATENCY} seconds\n`);
  expect(page).toContain('le="1.0"}');
  expect(page).toContain('le="0.25"}');
  expect(page).not.toContain("_created");
  for (const { name, unit } of FAMILIES.filter((family) => "unit" in family)) {
    expect(name.endsWith(`_${unit}`)).toBe(true);
  }
});

test("the newest request of a bucket is its exemplar, within the allowed length", async () => {
  const page = renderOpenMetrics(await measured().collect(), {});
  const line = (le: string) => page.split("\n").find((text) => text.startsWith(LATENCY) && text.includes(`le="${le}"`));
  expect(line("0.005")).toMatch(/ 3 # \{request_id="second"\} 0\.004 1700000000\.123$/);
  expect(line("0.0005")).toContain('# {request_id="on-the-bound"} 0.0005 ');
  expect(line("+Inf")).toContain('# {request_id="very-slow"} 60 ');
  // Nobody's request fell into it.
  expect(line("0.001")).not.toContain("#");
  expect(line("0.25")).not.toContain("#");
  // Name and value of an exemplar's label are at most 128 characters.
  expect(line("1.0")).not.toContain("#");
});

test("each exemplar lies in its bucket", async () => {
  const { instruments, collect } = openMetering({ resource: {}, deltas: false, now: () => NOW, warn: () => {} });
  const latency = instruments.histogram(LATENCY, { endpoint });
  const values = BUCKETS_SECONDS.flatMap((bound) => [bound, bound * 1.0001, bound * 0.9999]);
  for (const value of values) latency.record(value, `took-${value}`);
  const [series] = (await collect()).get(LATENCY) ?? [];
  if (series === undefined || typeof series.value === "number") return expect.unreachable();
  for (const [place, exemplar] of series.value.exemplars.entries()) {
    expect(exemplar?.seconds).toBeGreaterThan(BUCKETS_SECONDS[place - 1] ?? 0);
    expect(exemplar?.seconds).toBeLessThanOrEqual(BUCKETS_SECONDS[place] ?? Number.POSITIVE_INFINITY);
  }
});

test.each([
  [undefined, "text/plain; version=0.0.4; charset=utf-8"],
  ["*/*", "text/plain; version=0.0.4; charset=utf-8"],
  ["text/html", "text/plain; version=0.0.4; charset=utf-8"],
  ["text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.5", "text/plain; version=0.0.4; charset=utf-8"],
  ["application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"],
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  ],
])("Accept: %s gets %s", async (accept, type) => {
  const { app } = measuredApp();
  const response = await app.request("/metrics", accept === undefined ? {} : { headers: { Accept: accept } });
  expect(response.headers.get("Content-Type")).toBe(type);
  expect(response.headers.get("Vary")).toBe("Accept");
  expect((await response.text()).endsWith("# EOF\n")).toBe(type.startsWith("application"));
});
