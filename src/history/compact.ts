import { release } from "../base/release.ts";
import { type History, type HistoryTable, historyOfRow, UNSTATED_VALUE } from "./history.ts";

/** The columns that somebody reads, beside the items. */
export interface ReadColumns {
  readonly value: boolean;
  readonly count: boolean;
  readonly time: boolean;
  readonly later: boolean;
}

/** The histories of all users, to be read one at a time. A column that nobody reads says nothing: 1, once, time unknown. */
export interface Histories {
  /** Item rows, ascending. */
  itemsOf(userRow: number): Int32Array;
  of(userRow: number): History;
}

/** Histories as they stand in a table. */
export function tableHistories(table: HistoryTable): Histories {
  const { indptr, item } = table;
  return {
    itemsOf: (row) => item.subarray(indptr[row] as number, indptr[row + 1] as number),
    of: (row) => historyOfRow(table, row),
  };
}

/**
 * Histories that take a byte or two for an interaction instead of twenty: of ascending items the gaps between them, and
 * only columns that somebody reads. The table may be given up afterwards.
 */
export function compactHistories(table: HistoryTable, read: ReadColumns): Histories {
  const { indptr, item } = table;
  const lengths = indptr.slice();
  const gaps = new PackedRows(indptr, (at, isFirst) =>
    isFirst ? (item[at] as number) : (item[at] as number) - (item[at - 1] as number) - 1,
  );
  const value = read.value ? table.value.slice() : null;
  const count = read.count ? new PackedRows(indptr, (at) => table.count[at] as number) : null;
  const time = read.time ? table.time.slice() : null;
  const { later } = table;
  const packedLater = later && (read.later ? new PackedRows(indptr, (at) => later[at] as number) : "unread");

  const lengthOf = (row: number): number => (lengths[row + 1] as number) - (lengths[row] as number);
  const itemsOf = (row: number): Int32Array => {
    const items = gaps.row(row, lengthOf(row));
    for (let at = 1; at < items.length; at++) items[at] = (items[at] as number) + (items[at - 1] as number) + 1;
    return items;
  };
  return {
    itemsOf,
    of: (row) => {
      const [from, to] = [lengths[row] as number, lengths[row + 1] as number];
      const length = to - from;
      const ofLater = packedLater === "unread" ? new Int32Array(length) : packedLater?.row(row, length);
      return {
        item: itemsOf(row),
        value: value?.slice(from, to) ?? new Float32Array(length).fill(UNSTATED_VALUE),
        count: count?.row(row, length) ?? new Int32Array(length).fill(1),
        time: time?.slice(from, to) ?? new Float64Array(length).fill(Number.NaN),
        later: ofLater ?? null,
      };
    },
  };
}

/** Bytes of a 32-bit number at most, seven bits in each. */
const MAX_BYTES = 5;
const MORE = 0x80;

/** Whole numbers from 0 by row, seven bits a byte, the lowest first; the last byte of each has no high bit. */
class PackedRows {
  readonly #bytes: Uint8Array;
  /** Where each row begins: a float64, because there may be more than 4 GiB. */
  readonly #starts: Float64Array;

  constructor(indptr: Int32Array, numberAt: (at: number, isFirst: boolean) => number) {
    const rows = indptr.length - 1;
    this.#starts = new Float64Array(rows + 1);
    let bytes = new Uint8Array(2 * (indptr[rows] as number) + MAX_BYTES);
    let end = 0;
    for (let row = 0; row < rows; row++) {
      this.#starts[row] = end;
      const [from, to] = [indptr[row] as number, indptr[row + 1] as number];
      if (end + (to - from) * MAX_BYTES > bytes.length) bytes = enlarged(bytes, end + (to - from) * MAX_BYTES);
      for (let at = from; at < to; at++) {
        let rest = numberAt(at, at === from);
        for (; rest >= MORE; rest >>>= 7) bytes[end++] = (rest & 0x7f) | MORE;
        bytes[end++] = rest;
      }
    }
    this.#starts[rows] = end;
    this.#bytes = bytes.slice(0, end);
    release(bytes);
  }

  row(row: number, length: number): Int32Array {
    const numbers = new Int32Array(length);
    const bytes = this.#bytes;
    let at = this.#starts[row] as number;
    for (let place = 0; place < length; place++) {
      let byte = bytes[at++] as number;
      let number = byte & 0x7f;
      for (let shift = 7; byte >= MORE; shift += 7) {
        byte = bytes[at++] as number;
        number |= (byte & 0x7f) << shift;
      }
      numbers[place] = number;
    }
    return numbers;
  }
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, wanted: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(wanted, bytes.length + (bytes.length >> 1)));
  larger.set(bytes);
  release(bytes);
  return larger;
}
