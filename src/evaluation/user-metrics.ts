import { type ItemTraits, listContent } from "./list-content.ts";
import { listQuality } from "./list-quality.ts";

const ACCURACY = ["hr", "ndcg", "recall", "map", "mrr"] as const;
const CONTENT = ["novelty", "longTail", "diversity"] as const;

export type AccuracyMetric = (typeof ACCURACY)[number];
export type ContentMetric = (typeof CONTENT)[number];

/** Of each metric the value of every user, in the order of the cases; NaN where a user has none. */
export type UserColumns<Metric extends string> = Readonly<Record<Metric, Float64Array>>;

/** Judges each list against what its user took; `listQuality` says how. */
export function accuracyOf(
  lists: readonly Int32Array[],
  taken: readonly ReadonlySet<number>[],
  k: number,
): UserColumns<AccuracyMetric> {
  return columnsOf(
    ACCURACY,
    lists.map((list, place) => listQuality(list, taken[place], k)),
  );
}

/** Judges what each list is made of; `listContent` says how. An empty list has no value. */
export function contentOf(lists: readonly Int32Array[], traits: ItemTraits): UserColumns<ContentMetric> {
  return columnsOf(
    CONTENT,
    lists.map((list) => listContent(list, traits)),
  );
}

function columnsOf<Metric extends string>(
  metrics: readonly Metric[],
  rows: readonly Readonly<Record<Metric, number>>[],
): UserColumns<Metric> {
  const columns = metrics.map((metric) => [metric, Float64Array.from(rows, (row) => row[metric])] as const);
  return Object.fromEntries(columns) as unknown as UserColumns<Metric>;
}
