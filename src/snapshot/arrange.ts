import { MAX_COUNT } from "../base/limits.ts";
import { release } from "../base/release.ts";
import { UNSTATED_VALUE } from "../history/history.ts";
import type { Lines } from "./line-columns.ts";
import type { Interactions } from "./snapshot.ts";

/**
 * Orders and merges lines as `SnapshotBuilder` says; `userRow` and `itemRow` give the rows of its numbers. The lines are
 * used up: a column's memory is given back when it is needed no more.
 */
export function arrange(lines: Lines, userRow: Int32Array, itemRow: Int32Array): Interactions {
  const { order, starts } = groupByUser(lines.user, userRow);
  release(lines.user);
  sortWithinUsers(lines, itemRow, order, starts);
  if (lines.sequence !== null) release(lines.sequence);
  return merge(lines, itemRow, order, starts);
}

/** Lines by user row, in each by line order (a counting sort); row r's are `starts[r]` to `starts[r + 1]`. */
function groupByUser(
  user: Int32Array,
  userRow: Int32Array,
): { order: Int32Array<ArrayBuffer>; starts: Int32Array<ArrayBuffer> } {
  const starts = new Int32Array(userRow.length + 1);
  for (let line = 0; line < user.length; line++) starts[userRow[user[line]] + 1]++;
  for (let row = 0; row < userRow.length; row++) starts[row + 1] += starts[row];
  const next = starts.slice();
  const order = new Int32Array(user.length);
  for (let line = 0; line < user.length; line++) order[next[userRow[user[line]]]++] = line;
  return { order, starts };
}

type LineOrder = (a: number, b: number) => number;

function sortWithinUsers(lines: Lines, itemRow: Int32Array, order: Int32Array, starts: Int32Array): void {
  const { sequence } = lines;
  const byTime = timeOrder(lines, itemRow, (a, b) => a - b);
  const bySequence = sequence === null ? null : sequenceOrder(sequence, timeOrder(lines, itemRow, null));
  for (let row = 0; row + 1 < starts.length; row++) {
    const own = order.subarray(starts[row], starts[row + 1]);
    const sequenced = sequence !== null && own.every((line) => !Number.isNaN(sequence[line]));
    sortUnlessSorted(own, sequenced && bySequence !== null ? bySequence : byTime);
  }
}

function sequenceOrder(sequence: Float64Array, within: LineOrder): LineOrder {
  return (a, b) => sequence[a] - sequence[b] || within(a, b);
}

/** Lines without time come last, among themselves in the order `bothUnknown`, or where it is null by item and value. */
function timeOrder({ item, value, time }: Lines, itemRow: Int32Array, bothUnknown: LineOrder | null): LineOrder {
  const byItem: LineOrder = (a, b) => itemRow[item[a]] - itemRow[item[b]] || unknownFirst(value[a], value[b]);
  return (a, b) => {
    const unknownA = Number.isNaN(time[a]);
    const unknownB = Number.isNaN(time[b]);
    if (unknownA && unknownB) return (bothUnknown ?? byItem)(a, b);
    if (unknownA || unknownB) return unknownA ? 1 : -1;
    return time[a] - time[b] || byItem(a, b);
  };
}

function unknownFirst(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}

/** Most sources are in order already, and looking costs far less than sorting. */
function sortUnlessSorted(lines: Int32Array, compare: LineOrder): void {
  for (let i = 1; i < lines.length; i++) {
    if (compare(lines[i - 1], lines[i]) > 0) {
      lines.sort(compare);
      return;
    }
  }
}

/** Keeps the last line of each (user, item) in `order`; order and starts are used up as well. */
function merge(
  lines: Lines,
  itemRow: Int32Array,
  order: Int32Array<ArrayBuffer>,
  starts: Int32Array<ArrayBuffer>,
): Interactions {
  const counts = countMerged(lines, order, starts, itemRow.length);
  if (lines.count !== null) release(lines.count);
  const stated = lines.value.some(Number.isNaN) ? statedValues(lines, order, starts, itemRow.length) : null;
  const length = compact(order, counts, stated, starts);

  // One column after the other, so that only one at a time stands twice.
  const value = stated === null ? gathered(new Float32Array(length), order, lines.value) : stated.slice(0, length);
  release(lines.value);
  const time = gathered(new Float64Array(length), order, lines.time);
  release(lines.time);
  const item = gathered(new Int32Array(length), order, lines.item);
  for (let at = 0; at < length; at++) item[at] = itemRow[item[at]];
  release(lines.item);
  release(order);
  const user = new Int32Array(length);
  for (let row = 0; row + 1 < starts.length; row++) user.fill(row, starts[row], starts[row + 1]);
  return { length, user, item, value, count: length === counts.length ? counts : counts.slice(0, length), time };
}

/** Moves what is kept, where the count is not 0, to the front, and gives how many there are; `starts` follow. */
function compact(order: Int32Array, counts: Int32Array, stated: Float32Array | null, starts: Int32Array): number {
  let kept = 0;
  for (let row = 0, from = 0; row + 1 < starts.length; row++) {
    const to = starts[row + 1];
    starts[row] = kept;
    for (let place = from; place < to; place++) {
      if (counts[place] === 0) continue;
      counts[kept] = counts[place];
      order[kept] = order[place];
      if (stated !== null) stated[kept] = stated[place];
      kept++;
    }
    from = to;
  }
  starts[starts.length - 1] = kept;
  return kept;
}

function gathered<Column extends Int32Array | Float32Array | Float64Array>(
  column: Column,
  order: Int32Array,
  source: Int32Array | Float32Array | Float64Array,
): Column {
  for (let at = 0; at < column.length; at++) column[at] = source[order[at]];
  return column;
}

/** Walks each user's lines from the newest to the oldest, telling for each the place of the newest of its pair. */
function eachWithNewest(
  { item }: Lines,
  order: Int32Array,
  starts: Int32Array,
  items: number,
  visit: (place: number, newest: number) => void,
): void {
  /** The place of each item's newest line; it is this user's where it is not before their first. */
  const newest = new Int32Array(items).fill(-1);
  for (let row = starts.length - 2; row >= 0; row--) {
    for (let place = starts[row + 1] - 1; place >= starts[row]; place--) {
      const own = item[order[place]];
      if (newest[own] === -1 || newest[own] >= starts[row + 1]) newest[own] = place;
      visit(place, newest[own]);
    }
  }
}

/** At the place of each pair's newest line how often it happened in all, elsewhere 0. */
function countMerged(lines: Lines, order: Int32Array, starts: Int32Array, items: number): Int32Array {
  const counts = new Int32Array(order.length);
  eachWithNewest(lines, order, starts, items, (place, newest) => {
    counts[newest] = Math.min(counts[newest] + (lines.count === null ? 1 : lines.count[order[place]]), MAX_COUNT);
  });
  return counts;
}

/** At the place of each pair's newest line the newest value that any of its lines states. */
function statedValues(lines: Lines, order: Int32Array, starts: Int32Array, items: number): Float32Array {
  const values = new Float32Array(order.length).fill(Number.NaN);
  eachWithNewest(lines, order, starts, items, (place, newest) => {
    if (Number.isNaN(values[newest])) values[newest] = lines.value[order[place]];
  });
  return values.map((value) => (Number.isNaN(value) ? UNSTATED_VALUE : value));
}
