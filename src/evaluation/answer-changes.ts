import { bootstrapMean, type Interval } from "../stats/bootstrap.ts";
import { kendallTau, overlapAt } from "../stats/rank-agreement.ts";

/** What two models answer one user: at most k item ids each, best first. */
export interface AnswerPair {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** An item that came into lists or left them, and for how many users. */
export interface Exchanged {
  readonly item: string;
  readonly users: number;
}

/** How the answers of two models differ, over some users. */
export interface AnswerChanges {
  readonly users: number;
  /**
   * Share of the items that two lists have in common: its mean over users, and its 0 %, 10 %, …, 100 % quantiles.
   * Null where nobody was answered anything.
   */
  readonly overlap: { readonly mean: Interval; readonly deciles: readonly number[] } | null;
  /** Kendall's τ over the items that both lists hold, of the users who have at least two such items. */
  readonly kendall_tau: { readonly mean: Interval; readonly users: number } | null;
  /** Shares of the users whose list is another in any way, holds other items, begins with another item. */
  readonly changed: { readonly list: number; readonly items: number; readonly first: number } | null;
  /** Most often first, ties by id; at most `EXCHANGED_ITEMS`. */
  readonly gained: readonly Exchanged[];
  readonly lost: readonly Exchanged[];
}

export const EXCHANGED_ITEMS = 10;

/** @param seed of the resampling behind the intervals */
export function answerChanges(pairs: readonly AnswerPair[], k: number, seed: number): AnswerChanges {
  const overlaps = numbers(pairs.map(({ before, after }) => overlapAt(k, before, after)));
  const taus = numbers(pairs.map(({ before, after }) => kendallTau(before, after)));
  const mean = bootstrapMean(overlaps, seed);
  const tau = bootstrapMean(taus, seed);
  const share = (differs: (pair: AnswerPair) => boolean) => pairs.filter(differs).length / pairs.length;
  return {
    users: pairs.length,
    overlap: mean && { mean, deciles: decilesOf(overlaps) },
    kendall_tau: tau && { mean: tau, users: taus.length },
    changed:
      pairs.length === 0
        ? null
        : {
            list: share(
              ({ before, after }) => before.length !== after.length || before.some((id, at) => id !== after[at]),
            ),
            items: share(({ before, after }) => missing(before, after).length + missing(after, before).length > 0),
            first: share(({ before, after }) => before[0] !== after[0]),
          },
    gained: mostOften(pairs.flatMap(({ before, after }) => missing(after, before))),
    lost: mostOften(pairs.flatMap(({ before, after }) => missing(before, after))),
  };
}

function numbers(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values.filter((value) => value !== null));
}

/** The largest value that at most so many tenths of the others lie below. */
function decilesOf(values: Float64Array): number[] {
  const sorted = values.slice().sort();
  return Array.from({ length: 11 }, (_, tenth) => sorted[Math.floor((tenth * (sorted.length - 1)) / 10)]);
}

/** The ids of `list` that `other` does not hold. */
function missing(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((id) => !other.includes(id));
}

function mostOften(ids: readonly string[]): Exchanged[] {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return Array.from(counts, ([item, users]) => ({ item, users }))
    .sort((a, b) => b.users - a.users || (a.item < b.item ? -1 : 1))
    .slice(0, EXCHANGED_ITEMS);
}
