/**
 * What each user row was solved from, as columns in compressed sparse rows: the interactions of user row `u` stand at
 * `indptr[u]` up to `indptr[u + 1]`, item rows ascending, each item once.
 */
export interface HistoryTable {
  readonly indptr: Int32Array;
  readonly item: Int32Array;
  /** float32, as in the snapshot. */
  readonly value: Float32Array;
  readonly count: Int32Array;
  /** Milliseconds since 1970; NaN where unknown. */
  readonly time: Float64Array;
  /** How many of the same user's interactions came later; null where no weight rule reads it. */
  readonly later: Int32Array | null;
}

/** One user's interactions: a slice of the table's columns. */
export interface History {
  readonly item: Int32Array;
  readonly value: Float32Array;
  readonly count: Int32Array;
  readonly time: Float64Array;
  readonly later: Int32Array | null;
}

/** The value of a pair of which nothing states one. */
export const UNSTATED_VALUE = 1;

/** The newest known time, which ages are counted back from; null where no time is known. */
export function newestTime(times: Float64Array): number | null {
  let newest = Number.NEGATIVE_INFINITY;
  for (const time of times) if (time > newest) newest = time;
  return Number.isFinite(newest) ? newest : null;
}

export function historyOfRow(table: HistoryTable, userRow: number): History {
  const from = table.indptr[userRow] as number;
  const to = table.indptr[userRow + 1] as number;
  return {
    item: table.item.subarray(from, to),
    value: table.value.subarray(from, to),
    count: table.count.subarray(from, to),
    time: table.time.subarray(from, to),
    later: table.later?.subarray(from, to) ?? null,
  };
}

/**
 * A visitor's items as rows and weights, in the one order that every solve uses: item rows ascending. Items unknown to
 * the model (`rowOf` gives undefined) are dropped before anything is counted.
 */
export function weightedRows<Item extends { readonly movie_id: string; readonly weight: number }>(
  items: readonly Item[],
  rowOf: (movieId: string) => number | undefined,
): { rows: Int32Array; weights: Float32Array } {
  const known = items
    .map(({ movie_id, weight }) => ({ row: rowOf(movie_id), weight }))
    .filter((entry): entry is { row: number; weight: number } => entry.row !== undefined)
    .sort((a, b) => a.row - b.row);
  return {
    rows: Int32Array.from(known, ({ row }) => row),
    weights: Float32Array.from(known, ({ weight }) => weight),
  };
}
