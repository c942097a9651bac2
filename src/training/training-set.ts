import type { CatalogueItem } from "../base/catalogue.ts";
import type { HistoryTable } from "../history/history.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Observed pairs in compressed sparse rows: the entries of row `r` stand at `indptr[r]` up to `indptr[r + 1]`. */
export interface SparseRows {
  readonly indptr: Int32Array;
  /** Rows of the other side, ascending within a row. */
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** What a model is fitted to: the rated items as rows, and every user's history over them. */
export interface TrainingSet {
  readonly users: readonly string[];
  readonly items: readonly CatalogueItem[];
  /** Row of an item of the snapshot's catalogue, or -1 for one that nobody rated. */
  readonly rowOfCatalogueItem: Int32Array;
  readonly histories: HistoryTable;
}

/** Columns of histories that are made where they are asked for. */
interface HistoryColumns {
  readonly later: boolean;
}

/**
 * Collects those interactions of a snapshot that `keep` holds for, by user and with item rows ascending.
 * @param keep one byte an interaction, non-zero to keep it; null keeps all. Users without any keep an empty row.
 */
export function trainingSetOf(
  snapshot: Snapshot,
  keep: Uint8Array | null = null,
  columns: HistoryColumns = { later: false },
): TrainingSet {
  const { user, item, value, count, time, length } = snapshot.interactions;
  const kept = (at: number) => keep === null || keep[at] !== 0;
  const rowOfCatalogueItem = new Int32Array(snapshot.items.length).fill(-1);
  for (let at = 0; at < length; at++) if (kept(at)) rowOfCatalogueItem[item[at] as number] = 0;
  const items: CatalogueItem[] = [];
  snapshot.items.forEach((entry, place) => {
    if (rowOfCatalogueItem[place] === 0) rowOfCatalogueItem[place] = items.push(entry) - 1;
  });

  let size = 0;
  for (let at = 0; at < length; at++) if (kept(at)) size++;
  const histories = {
    indptr: new Int32Array(snapshot.users.length + 1),
    item: new Int32Array(size),
    value: new Float32Array(size),
    count: new Int32Array(size),
    time: new Float64Array(size),
    later: columns.later ? new Int32Array(size) : null,
  };
  const places: number[] = [];
  const byItem: number[] = [];
  let filled = 0;
  for (let row = 0, at = 0; row < snapshot.users.length; row++) {
    places.length = byItem.length = 0;
    for (; at < length && user[at] === row; at++) if (kept(at)) byItem.push(places.push(at) - 1);
    byItem.sort((a, b) => (item[places[a]] as number) - (item[places[b]] as number));
    for (const order of byItem) {
      const place = places[order];
      histories.item[filled] = rowOfCatalogueItem[item[place] as number] as number;
      histories.value[filled] = value[place] as number;
      histories.count[filled] = count[place] as number;
      histories.time[filled] = time[place] as number;
      if (histories.later) histories.later[filled] = places.length - 1 - order;
      filled++;
    }
    histories.indptr[row + 1] = filled;
  }
  return { users: snapshot.users, items, rowOfCatalogueItem, histories };
}

/** The other orientation: for each of `columns` indices, the rows that hold it, ascending. */
export function transpose({ indptr, index, weight }: SparseRows, columns: number): SparseRows {
  const pointers = new Int32Array(columns + 1);
  for (let at = 0; at < index.length; at++) pointers[(index[at] as number) + 1]++;
  for (let column = 0; column < columns; column++) pointers[column + 1] += pointers[column] as number;
  const next = pointers.slice(0, columns);
  const transposed = { indptr: pointers, index: new Int32Array(index.length), weight: new Float32Array(index.length) };
  for (let row = 0; row + 1 < indptr.length; row++) {
    for (let at = indptr[row] as number; at < (indptr[row + 1] as number); at++) {
      const place = next[index[at] as number]++;
      transposed.index[place] = row;
      transposed.weight[place] = weight[at] as number;
    }
  }
  return transposed;
}

/** Rows `from` .. `to`-1 under their numbers, with columns of their own; the rows before are empty. */
export function rowsBetween({ indptr, index, weight }: SparseRows, from: number, to: number): SparseRows {
  const [begin, end] = [indptr[from] as number, indptr[to] as number];
  const pointers = new Int32Array(to + 1);
  for (let row = from; row <= to; row++) pointers[row] = (indptr[row] as number) - begin;
  return { indptr: pointers, index: index.slice(begin, end), weight: weight.slice(begin, end) };
}

/** How many users each item row has. */
export function popularityOf({ item }: HistoryTable, items: number): Float32Array {
  const popularity = new Float32Array(items);
  for (let at = 0; at < item.length; at++) popularity[item[at] as number]++;
  return popularity;
}
