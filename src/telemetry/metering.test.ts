import { MetricReader } from "@opentelemetry/sdk-metrics";
import { beforeEach, expect, test } from "vitest";
import { openMetering } from "./metering.ts";
import type { HistogramValue } from "./reading.ts";

class OtherReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const warnings: string[] = [];
const options = { resource: {}, deltas: false, now: () => 0, warn: (message: string) => void warnings.push(message) };
beforeEach(() => warnings.splice(0));

test("what another reader saw live is not shown once it is not, and what is counted stays", async () => {
  const other = new OtherReader();
  const { instruments, collect } = openMetering({ ...options, readers: [other] });
  let version = "v0.1";
  instruments.observe(["model_version_info"], (observe) => observe("model_version_info", 1, { version }));
  instruments.counter("recommend_source_total", { source: "popular" }).add(2);
  await other.collect();
  version = "v0.2";
  const reading = await collect();
  expect(reading.get("model_version_info")).toEqual([{ labels: { version: "v0.2" }, value: 1 }]);
  expect(reading.get("recommend_source_total")).toEqual([{ labels: { source: "popular" }, value: 2 }]);
});

test("what is counted stands in the next reading of each reader, also what comes while gauges are read", async () => {
  const other = new OtherReader();
  const { instruments, collect } = openMetering({ ...options, readers: [other] });
  const counter = instruments.counter("recommend_source_total", { source: "popular" });
  const requests = instruments.histogram("recommend_latency_seconds", { endpoint: "/popular" });
  const serve = () => {
    counter.add(1);
    requests.record(0.001, null);
  };
  for (let request = 0; request < 3; request++) serve();
  instruments.observe(["outbox_pending"], async (observe) => {
    await Promise.resolve();
    serve();
    observe("outbox_pending", 0);
  });
  const reading = await collect();
  expect(reading.get("recommend_source_total")).toEqual([{ labels: { source: "popular" }, value: 4 }]);
  const [{ value }] = reading.get("recommend_latency_seconds") ?? [];
  expect((value as HistogramValue).counts.reduce((sum, count) => sum + count)).toBe(4);
  const { resourceMetrics } = await other.collect();
  const counted = resourceMetrics.scopeMetrics[0].metrics.find(({ descriptor }) =>
    descriptor.name.startsWith("recommend_source"),
  );
  expect(counted?.dataPoints.map((point) => point.value)).toEqual([5]);
});

test("a gauge that fails shows nothing of before, and others are shown", async () => {
  const { instruments, collect } = openMetering(options);
  let fails = false;
  instruments.observe(["service_health_status"], (observe) => {
    observe("service_health_status", 1);
    if (fails) throw new Error("unexpected");
  });
  instruments.observe(["outbox_pending"], (observe) => observe("outbox_pending", 3));
  expect((await collect()).get("service_health_status")).toEqual([{ labels: {}, value: 1 }]);
  fails = true;
  const reading = await collect();
  expect(reading.get("service_health_status") ?? []).toEqual([]);
  expect(reading.get("outbox_pending")).toEqual([{ labels: {}, value: 3 }]);
});

test("that a gauge fails is told once, and again when it fails anew", async () => {
  const { instruments, collect } = openMetering({ ...options, readers: [] });
  let fault: Error | null = null;
  instruments.observe(["retrain_runs", "retrain_success_timestamp_seconds"], async () => {
    if (fault) throw fault;
  });
  const readTwice = async () => {
    for (const _ of [1, 2]) await collect();
  };
  await readTwice();
  expect(warnings).toEqual([]);
  fault = new Error("the disk is full");
  await readTwice();
  const told = "retrain_runs, retrain_success_timestamp_seconds cannot be measured: the disk is full";
  expect(warnings).toEqual([told]);
  fault = null;
  await readTwice();
  fault = new Error("the disk is full");
  await readTwice();
  expect(warnings).toEqual([told, told]);
});

test("deltas hold what came since the last reading, exemplars too", async () => {
  const { instruments, collect } = openMetering({ ...options, deltas: true });
  const load = instruments.histogram("model_load_seconds", {});
  let dropped = 4;
  instruments.observe(["traces_dropped_total"], (observe) => observe("traces_dropped_total", dropped));
  load.record(0.0001, "first");
  const first = await collect();
  expect(first.get("traces_dropped_total")).toEqual([{ labels: {}, value: 4 }]);
  expect(first.get("model_load_seconds")).toMatchObject([{ value: { sum: 0.0001 } }]);
  dropped = 5;
  load.record(3, null);
  const second = await collect();
  expect(second.get("traces_dropped_total")).toEqual([{ labels: {}, value: 1 }]);
  expect(second.get("model_load_seconds")).toMatchObject([
    { value: { sum: 3, exemplars: expect.not.arrayContaining([expect.anything()]) } },
  ]);
});
