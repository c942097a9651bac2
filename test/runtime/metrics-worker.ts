// A Worker that measures every request as an answer of the service, and shows at /metrics what the deployment measured.
import { waitUntil } from "cloudflare:workers";
import { durableMetrics, type MetricsNamespace, type WorkerMetrics } from "../../src/drivers/durable-metrics.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { openMetering } from "../../src/telemetry/metering.ts";
import { openTelemetry } from "../../src/telemetry/telemetry.ts";

export { MetricsObject } from "../../src/drivers/durable-metrics.ts";

interface Isolate {
  readonly metrics: WorkerMetrics;
  readonly measure: (exchange: Exchange) => void;
}

function open(namespace: MetricsNamespace): Isolate {
  const resource = { "service.name": "reprise" };
  const metrics = durableMetrics(
    namespace,
    openMetering({ resource, deltas: true, now: Date.now, warn: console.warn }),
    resource,
    {
      newId: () => crypto.randomUUID(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: Date.now,
    },
  );
  const { instruments } = metrics;
  const { measure } = openTelemetry({ instruments, gitSha: "0", now: Date.now, monotonicMs: () => 0 });
  return { metrics, measure };
}

let isolate: Isolate | null = null;

export default {
  async fetch(request: Request, { METRICS }: { readonly METRICS: MetricsNamespace }): Promise<Response> {
    isolate ??= open(METRICS);
    const { metrics, measure } = isolate;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/metrics") return new Response(await metrics.page.text());
    if (pathname === "/openmetrics") return new Response(await metrics.page.openMetrics());
    const call = { requestId: searchParams.get("id") ?? "", startedAt: 0, shown: true };
    measure({ call, method: "GET", route: "/recommend/{user_id}", status: Number(pathname.slice(1)), durationMs: 3 });
    waitUntil(metrics.settle());
    return new Response();
  },
};
