import type { IdKind } from "../base/ids.ts";

/** Finds the row of a user; undefined for one that has none. */
export type FindUserRow = (userId: string) => number | undefined;

/**
 * Rows by id. Ids that are integers are looked for in an array of eight bytes each: a map of a hundred thousand strings
 * takes ten times as much.
 * @param ids in row order: ascending
 */
export function userRows(kind: IdKind, ids: readonly string[]): FindUserRow {
  if (kind !== "integer") {
    const rows = new Map(ids.map((id, row) => [id, row]));
    return (userId) => rows.get(userId);
  }
  const numbers = Float64Array.from(ids, Number);
  return (userId) => {
    const wanted = Number(userId);
    // "007" and "7.0" are the number 7, and no ids of it.
    if (String(wanted) !== userId) return undefined;
    let [from, to] = [0, numbers.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((numbers[middle] as number) < wanted) from = middle + 1;
      else to = middle;
    }
    return numbers[from] === wanted ? from : undefined;
  };
}
