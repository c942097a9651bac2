import fc from "fast-check";
import { expect, test } from "vitest";
import { DeploymentMetrics } from "./deployment.ts";
import type { FamilyName } from "./families.ts";
import { openMetering } from "./metering.ts";
import type { HistogramValue, Reading, Series } from "./reading.ts";

const now = () => 1_700_000_000_000;
const endpoint = "/recommend/{user_id}";

interface Measured {
  readonly isolate: number;
  readonly status: 200 | 404 | 503;
  readonly milliseconds: number;
  readonly tells: boolean;
}

const measured = fc.array(
  fc.record<Measured>({
    isolate: fc.integer({ min: 0, max: 2 }),
    status: fc.constantFrom(200, 404, 503),
    milliseconds: fc.integer({ min: 0, max: 20_000 }),
    tells: fc.boolean(),
  }),
  { maxLength: 60 },
);

/** Series by family and labels, without what only gauges and exemplars say. */
function counted(reading: Reading): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, series] of reading) {
    if (name.startsWith("slo_") || name === "service_uptime_seconds") continue;
    for (const { labels, value } of series) {
      const total = typeof value === "number" ? value : value.counts;
      values[`${name} ${JSON.stringify(labels)}`] = total;
    }
  }
  return values;
}

test("what three isolates tell in parts adds up to what one would have measured", async () => {
  await fc.assert(
    fc.asyncProperty(measured, async (events) => {
      const isolates = [0, 1, 2].map(() => openMetering({ resource: {}, deltas: true, now, warn: () => {} }));
      const single = openMetering({ resource: {}, deltas: false, now, warn: () => {} });
      const deployment = new DeploymentMetrics(now);
      const tell = async (isolate: number) => deployment.add(await isolates[isolate].collect());
      for (const { isolate, status, milliseconds, tells } of events) {
        for (const { instruments } of [isolates[isolate], single]) {
          instruments.counter("recommend_requests_total", { status: String(status), endpoint }).add(1);
          instruments.histogram("recommend_latency_seconds", { endpoint }).record(milliseconds / 1000, null);
        }
        if (tells) await tell(isolate);
      }
      for (const isolate of [0, 1, 2]) await tell(isolate);
      expect(counted(deployment.reading())).toEqual(counted(await single.collect()));
    }),
    { numRuns: 50 },
  );
});

test("of a gauge the last one told stands, and its other series are gone", () => {
  const deployment = new DeploymentMetrics(now);
  deployment.add(new Map([["model_version_info", [{ labels: { version: "v0.1" }, value: 1 }]]]));
  deployment.add(new Map([["model_version_info", [{ labels: { version: "v0.2" }, value: 1 }]]]));
  expect(deployment.reading().get("model_version_info")).toEqual([{ labels: { version: "v0.2" }, value: 1 }]);
});

test("the newest exemplar of a bucket stands, and an older one while there is none", () => {
  const deployment = new DeploymentMetrics(now);
  const exemplar = (requestId: string) => ({ requestId, seconds: 0.0001, at: 0 });
  const tell = (first: string | null) => {
    const counts = new Array(15).fill(0);
    const exemplars = [first === null ? null : exemplar(first), ...new Array(14).fill(null)];
    deployment.add(new Map([["model_load_seconds", [{ labels: {}, value: { counts, sum: 0, exemplars } }]]]));
  };
  tell("first");
  tell("second");
  tell(null);
  const values = deployment
    .reading()
    .get("model_load_seconds")
    ?.map(({ value }) => value as HistogramValue);
  expect(values?.map(({ exemplars }) => exemplars[0]?.requestId)).toEqual(["second"]);
});

test("sums go on after a restart, through JSON, and what no longer fits is left out", () => {
  const before = new DeploymentMetrics(now);
  const requests = [{ labels: { status: "200", endpoint }, value: 7 }];
  before.add(
    new Map<FamilyName, Series[]>([
      ["recommend_requests_total", requests],
      ["service_health_status", [{ labels: {}, value: 1 }]],
    ]),
  );
  const kept = JSON.parse(JSON.stringify([...before.counted()])) as [never, never][];
  const after = new DeploymentMetrics(now);
  after.restore(
    new Map([
      ...kept,
      ["gone_total", requests],
      ["model_load_seconds", [{ labels: {}, value: { counts: [1], sum: 1, exemplars: [null] } }]],
    ] as never),
    before.startedAt,
  );
  after.add(new Map([["recommend_requests_total", requests]]));
  const reading = after.reading();
  expect(reading.get("recommend_requests_total")).toEqual([{ ...requests[0], value: 14 }]);
  expect(reading.get("model_load_seconds")).toEqual([]);
  expect(reading.has("service_health_status")).toBe(false);
  expect([...reading.keys()]).not.toContain("gone_total");
});

test("the uptime goes on with the counters after a restart", () => {
  const before = new DeploymentMetrics(() => now() - 60_000);
  const after = new DeploymentMetrics(now);
  after.restore(before.counted(), before.startedAt);
  expect(after.reading().get("service_uptime_seconds")).toEqual([{ labels: {}, value: 60 }]);
});

test("the objectives are judged over what all isolates told", () => {
  const deployment = new DeploymentMetrics(now);
  for (const [status, value] of [
    ["200", 3],
    ["503", 1],
    ["404", 5],
  ] as const) {
    deployment.add(new Map([["recommend_requests_total", [{ labels: { status, endpoint }, value }]]]));
  }
  expect(deployment.reading().get("slo_availability_ratio")).toEqual([{ labels: {}, value: 0.75 }]);
});
