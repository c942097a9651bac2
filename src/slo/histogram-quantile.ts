/**
 * A quantile of a histogram with cumulative buckets, linear within a bucket, as Prometheus' `histogram_quantile` has it:
 * in the highest bucket it is the highest finite bound.
 * @param buckets counts of what is at most each upper bound, `Infinity` included
 * @param quantile 0 to 1
 * @returns null where nothing was counted
 */
export function histogramQuantile(buckets: ReadonlyMap<number, number>, quantile: number): number | null {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (!(total > 0) || sorted.at(-1)?.[0] !== Number.POSITIVE_INFINITY) return null;
  const rank = quantile * total;
  const at = sorted.findIndex(([, count]) => count >= rank);
  const [bound, count] = sorted[at];
  const [lower, below] = at === 0 ? [Math.min(0, bound), 0] : sorted[at - 1];
  if (bound === Number.POSITIVE_INFINITY) return at === 0 ? null : lower;
  return count === below ? bound : lower + ((bound - lower) * (rank - below)) / (count - below);
}
