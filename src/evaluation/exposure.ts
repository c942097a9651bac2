import type { Interval } from "../stats/bootstrap.ts";
import { JACKKNIFE_GROUPS, jackknifeInterval } from "../stats/jackknife.ts";

/** How lists of all users together spread over the catalogue; both lie in 0 .. 1. */
export interface Exposure {
  /** Share of the items that stand in at least one list. */
  readonly coverage: Interval;
  /** Gini coefficient of how often items stand in lists: 0 where all do equally often, near 1 where a few always do. */
  readonly gini: Interval;
}

/** @param items how many items there are to be shown */
export function exposureOf(lists: readonly Int32Array[], items: number): Exposure {
  const total = countShown(lists, items);
  const byGroup = Array.from({ length: JACKKNIFE_GROUPS }, (_, group) =>
    countShown(
      lists.filter((_, place) => place % JACKKNIFE_GROUPS === group),
      items,
    ),
  );
  const without = (group: number | null) =>
    group === null ? total : total.map((count, row) => count - byGroup[group][row]);
  const within = ({ value, low, high }: Interval): Interval => ({
    value,
    low: Math.max(0, low),
    high: Math.min(1, high),
  });
  return {
    coverage: within(jackknifeInterval((group) => coverageOf(without(group)))),
    gini: within(jackknifeInterval((group) => giniOf(without(group)))),
  };
}

/** In how many of the lists each item stands. */
export function countShown(lists: readonly Int32Array[], items: number): Float64Array {
  const shown = new Float64Array(items);
  for (const list of lists) for (const row of list) shown[row]++;
  return shown;
}

export function coverageOf(shown: Float64Array): number {
  return shown.reduce((items, count) => items + (count > 0 ? 1 : 0), 0) / shown.length;
}

/** Σ (2i − n − 1) xᵢ / (n Σ xᵢ) over the counts in ascending order, i from 1; 0 where nothing was shown. */
export function giniOf(shown: Float64Array): number {
  const sorted = shown.slice().sort();
  let sum = 0;
  let weighted = 0;
  sorted.forEach((count, place) => {
    sum += count;
    weighted += (2 * (place + 1) - sorted.length - 1) * count;
  });
  return sum === 0 ? 0 : weighted / (sorted.length * sum);
}
