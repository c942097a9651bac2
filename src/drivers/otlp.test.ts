import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLocalMetrics } from "./opentelemetry.ts";

/** Longer than a test lasts: what is pushed is pushed at the end. */
const NEVER_MS = 3_600_000;
/** So long may what is pushed at the end take, however slow the machine is. */
const PATIENCE = { timeout: 25_000 };

interface Points {
  readonly dataPoints: readonly object[];
}

interface Pushed {
  readonly resourceMetrics: readonly {
    readonly resource: unknown;
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly name: string; readonly sum?: Points; readonly gauge?: Points }[];
    }[];
  }[];
}

let collector: Server;
let pushed: { readonly url: string; readonly body: Pushed }[];
let warnings: string[];
const open = (timeoutMs: number) =>
  openLocalMetrics({
    resource: { "service.name": "films" },
    otlp: { intervalMs: NEVER_MS, timeoutMs },
    now: Date.now,
    warn: (message) => warnings.push(message),
  });
/** What was said of pushing, and not of an end that did not wait for it. */
const failures = () => warnings.filter((message) => message.startsWith("metrics are not pushed"));

beforeEach(async () => {
  pushed = [];
  warnings = [];
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      pushed.push({ url: request.url ?? "", body: JSON.parse(Buffer.concat(chunks).toString("utf8")) });
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

test("a collector gets what was measured before the end, and reading it at /metrics takes nothing away", async () => {
  const { instruments, page, close } = await open(PATIENCE.timeout);
  instruments.counter("recommend_source_total", { source: "popular" }).add(3);
  instruments.observe(["data_drift_psi"], (observe) => {
    observe("data_drift_psi", Number.NaN, { feature: "rating" });
    observe("data_drift_psi", 0.25, { feature: "score" });
  });
  expect(await page.text()).toContain('recommend_source_total{source="popular"} 3\n');
  await close();
  await expect.poll(() => pushed.map(({ url }) => url), PATIENCE).toEqual(["/v1/metrics"]);
  expect(failures()).toEqual([]);
  const [{ resource, scopeMetrics }] = pushed[0].body.resourceMetrics;
  expect(JSON.stringify(resource)).toContain('"films"');
  expect(JSON.stringify(resource)).toContain('"service.instance.id"');
  const metrics = scopeMetrics.flatMap((scope) => scope.metrics);
  const counter = metrics.find(({ name }) => name === "recommend_source_total");
  const drift = metrics.find(({ name }) => name === "data_drift_psi");
  // What cannot be told would be null in JSON, which collectors refuse.
  expect(drift?.gauge?.dataPoints).toEqual([expect.objectContaining({ asDouble: 0.25 })]);
  expect(counter?.sum?.dataPoints).toEqual([expect.objectContaining({ asInt: 3 })]);
});

test("a collector that is not there costs one line", async () => {
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
  const { instruments, page, close } = await open(500);
  instruments.counter("recommend_source_total", { source: "popular" }).add(1);
  expect(await page.openMetrics()).toContain('recommend_source_total{source="popular"} 1\n');
  await close();
  await expect.poll(failures, PATIENCE).toHaveLength(1);
});
