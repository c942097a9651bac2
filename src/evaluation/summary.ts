import type { Estimate, Metrics } from "../artifact/manifest.ts";
import { assert } from "../base/errors.ts";
import { bootstrapMeans } from "../stats/bootstrap.ts";
import { exposureOf } from "./exposure.ts";
import type { AccuracyMetric, ContentMetric, UserColumns } from "./user-metrics.ts";

/** What is measured of one system's lists for all users. */
export interface SystemResult {
  /** At most k item rows for each user, best first. */
  readonly lists: readonly Int32Array[];
  readonly accuracy: UserColumns<AccuracyMetric>;
  readonly content: UserColumns<ContentMetric>;
}

/** How metrics are named in reports, in their order there. */
export function metricNames(k: number): Readonly<Record<AccuracyMetric | ContentMetric | "coverage" | "gini", string>> {
  return {
    hr: `hr@${k}`,
    ndcg: `ndcg@${k}`,
    recall: `recall@${k}`,
    map: `map@${k}`,
    mrr: "mrr",
    coverage: `coverage@${k}`,
    novelty: `novelty@${k}`,
    longTail: `long_tail_share@${k}`,
    gini: `gini@${k}`,
    diversity: `diversity@${k}`,
  };
}

/**
 * The metrics of a system: means over users with bootstrap intervals, coverage and Gini over all lists with jackknife
 * intervals. What no user has a value for is left out.
 * @param items how many items there are to be shown
 */
export function metricsOf({ lists, accuracy, content }: SystemResult, items: number, k: number, seed: number): Metrics {
  return named(k, { ...means({ ...accuracy, ...content }, seed), ...exposureOf(lists, items) });
}

/** The means over users of the accuracy alone. */
export function accuracyMetrics(accuracy: UserColumns<AccuracyMetric>, k: number, seed: number): Metrics {
  return named(k, means(accuracy, seed));
}

/** Mean differences a − b over the same users, with paired bootstrap intervals. */
export function differencesOf<Metric extends AccuracyMetric | ContentMetric>(
  a: UserColumns<Metric>,
  b: UserColumns<Metric>,
  k: number,
  seed: number,
): Metrics {
  const columns = Object.keys(a).map((metric) => [
    metric,
    a[metric as Metric].map((value, place) => value - b[metric as Metric][place]),
  ]);
  return named(k, means(Object.fromEntries(columns), seed));
}

/** The mean of each column with its interval; users without a value do not count in that column. */
function means(columns: Readonly<Record<string, Float64Array>>, seed: number): Record<string, Estimate> {
  const result: Record<string, Estimate> = {};
  const whole = Object.entries(columns).filter(([, column]) => !column.some(Number.isNaN));
  const estimates = bootstrapMeans(
    whole.map(([, column]) => column),
    seed,
  );
  whole.forEach(([name], place) => {
    assert(estimates !== null, "there is at least one user");
    result[name] = estimates[place];
  });
  for (const [name, column] of Object.entries(columns)) {
    if (result[name]) continue;
    const [estimate] = bootstrapMeans([column.filter((value) => !Number.isNaN(value))], seed) ?? [];
    if (estimate) result[name] = estimate;
  }
  return result;
}

function named(k: number, estimates: Readonly<Record<string, Estimate>>): Metrics {
  const entries = Object.entries(metricNames(k)).flatMap(([metric, name]) =>
    estimates[metric] ? [[name, estimates[metric]]] : [],
  );
  return Object.fromEntries(entries);
}
