import { MAX_COUNT } from "../base/limits.ts";
import { type History, UNSTATED_VALUE } from "./history.ts";

/** One thing that happened after what an artifact was trained on. */
export interface NewerLine {
  readonly movie_id: string;
  /** Null where it states none: a watched minute, a click. */
  readonly value: number | null;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * A user's history joined with what came later, as a snapshot of both would hold it: of several lines of one item the
 * newest gives the time, the newest that states a value gives it, and the counts add up. Everything that is newer comes
 * after everything in `history`, in the order given; items unknown to the model (`rowOf` gives undefined) are dropped.
 *
 * @returns the history with item rows ascending, or null where nothing was known of what is newer
 */
export function withNewer(
  history: History,
  newer: readonly NewerLine[],
  rowOf: (movieId: string) => number | undefined,
): History | null {
  const added = new Map<number, { value: number | null; count: number; time: number }>();
  for (const { movie_id, value, time } of newer) {
    const row = rowOf(movie_id);
    if (row === undefined) continue;
    const known = added.get(row);
    added.delete(row); // so that the newest stands last
    added.set(row, { value: value ?? known?.value ?? null, count: (known?.count ?? 0) + 1, time });
  }
  if (added.size === 0) return null;

  const places = new Map(Array.from(history.item, (row, place) => [row, place]));
  const rows = [...new Set([...history.item, ...added.keys()])].sort((a, b) => a - b);
  const merged = rows.map((row) => {
    const place = places.get(row);
    const line = added.get(row);
    return {
      value: line?.value ?? (place === undefined ? UNSTATED_VALUE : (history.value[place] as number)),
      count: Math.min((line?.count ?? 0) + (place === undefined ? 0 : (history.count[place] as number)), MAX_COUNT),
      time: line?.time ?? (history.time[place as number] as number),
    };
  });
  return {
    item: Int32Array.from(rows),
    value: Float32Array.from(merged, ({ value }) => value + 0), // + 0 makes -0 to 0, as a snapshot does
    count: Int32Array.from(merged, ({ count }) => count),
    time: Float64Array.from(merged, ({ time }) => time),
    later: history.later && laterOf(rows, history.item, history.later, [...added.keys()]),
  };
}

/** How many of a user's items came later than each of `rows`, when `added` came after all others, in its order. */
function laterOf(
  rows: readonly number[],
  known: Int32Array,
  laterOfKnown: Int32Array,
  added: readonly number[],
): Int32Array {
  const isAdded = new Set(added);
  const kept = [...known.keys()].sort((a, b) => (laterOfKnown[b] as number) - (laterOfKnown[a] as number));
  const order = [...kept.map((place) => known[place] as number).filter((row) => !isAdded.has(row)), ...added];
  const later = new Map(order.map((row, place) => [row, order.length - 1 - place]));
  return Int32Array.from(rows, (row) => later.get(row) as number);
}
