import type { Progress } from "../base/progress.ts";
import type { MetricsQuery } from "../slo/metrics-query.ts";

/** A store of metrics that tells how many parts of them were read. */
export function measuredReading(metrics: MetricsQuery, progress: Progress): MetricsQuery {
  let parts = 0;
  return {
    async *samples(selector, window) {
      for await (const part of metrics.samples(selector, window)) {
        progress("reading metrics", ++parts, 0);
        yield part;
      }
    },
  };
}
