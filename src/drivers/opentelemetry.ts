import { randomUUID } from "node:crypto";
import type { LocalMetrics, LocalMetricsOptions } from "../cli/dependencies.ts";
import { renderOpenMetrics } from "../telemetry/exposition.ts";
import { openMetering } from "../telemetry/metering.ts";
import { labelsOf } from "../telemetry/reading.ts";

/** How long the end of the process waits for a last push. */
const MAX_LAST_PUSH_MS = 2_000;

/** Metrics of one process, read at `/metrics`, and pushed to a collector where one is configured. */
export async function openLocalMetrics({ resource, otlp, now, warn }: LocalMetricsOptions): Promise<LocalMetrics> {
  // Few push, and all would wait for the exporter's modules.
  const readers = otlp === null ? [] : [(await import("./otlp.ts")).otlpReader(otlp, warn)];
  // Who scrapes names what was scraped; what is pushed by several processes would become one without a name.
  const named = otlp === null ? resource : { "service.instance.id": randomUUID(), ...resource };
  const { instruments, collect, shutdown } = openMetering({ resource: named, deltas: false, now, warn, readers });
  return {
    instruments,
    page: {
      // Prometheus itself asks for OpenMetrics, and the start need not wait for the serializer's modules.
      text: async () => (await import("./prometheus-text.ts")).serializeText(await collect(), resource),
      openMetrics: async () => renderOpenMetrics(await collect(), labelsOf(resource)),
    },
    close: () => shutdown(MAX_LAST_PUSH_MS).catch((error) => warn(`the last metrics are not pushed: ${error.message}`)),
  };
}
