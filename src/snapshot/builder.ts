import { assert } from "../base/errors.ts";
import { snapshotId } from "./content-id.ts";
import { IdTable } from "./id-table.ts";
import { LineColumns } from "./line-columns.ts";
import type { CatalogueItem, Interactions, Snapshot } from "./snapshot.ts";

/**
 * Makes a snapshot of lines in any order.
 *
 * Each user's lines are ordered from oldest to newest. Where every line of the user has a sequence, they are ordered
 * by (sequence, time, item, value), otherwise by (time, item, value). Unknown times come after all known ones, and in
 * the second case lines without time keep the order in which they were added. That is the only case in which the order
 * of adding matters.
 *
 * Of several lines of one (user, item) the newest stays, with its value, time and place; `count` is how many there
 * were. Users and items are in id order (`base/ids.ts`), and values are rounded to float32.
 */
export class SnapshotBuilder {
  readonly #users = new IdTable();
  readonly #items = new IdTable();
  readonly #catalogue = new Map<string, CatalogueItem>();
  readonly #lines = new LineColumns();

  /** Adds an item of the catalogue; of several with one id the last stays. */
  addItem(item: CatalogueItem): void {
    assert(
      item.genres.every((genre) => genre !== "" && !genre.includes("|")),
      "genres are not empty and hold no bar",
    );
    this.#items.intern(item.movie_id);
    this.#catalogue.set(item.movie_id, item);
  }

  /**
   * Adds a line. `value` is finite as float32, `time` whole milliseconds since 1970, `sequence` the line's place in the
   * user's history; an item that the catalogue lacks comes into it with nothing known.
   */
  add(user: string, item: string, value: number, time: number | null, sequence: number | null): void {
    const rounded = Math.fround(value) + 0; // + 0 makes -0 to 0: equal values must have equal bits
    assert(Number.isFinite(rounded), "a value is finite");
    assert(time === null || Number.isSafeInteger(time), "a time is whole milliseconds");
    assert(sequence === null || Number.isFinite(sequence), "a sequence is a number");
    this.#lines.push(this.#users.intern(user), this.#items.intern(item), rounded, time, sequence);
  }

  /** The snapshot of what was added, and how many lines were merged into others. */
  build(): { snapshot: Snapshot; duplicates: number } {
    const users = this.#users.ranked();
    const items = this.#items.ranked();
    const interactions = arrange(this.#lines, users.rowOf, items.rowOf);
    const content = {
      userKind: this.#users.kind,
      itemKind: this.#items.kind,
      users: users.ids,
      items: items.ids.map((id) => this.#catalogue.get(id) ?? { movie_id: id, title: null, year: null, genres: [] }),
      interactions,
    };
    return {
      snapshot: { id: snapshotId(content), ...content },
      duplicates: this.#lines.length - interactions.length,
    };
  }
}

function arrange(lines: LineColumns, userRow: Int32Array, itemRow: Int32Array): Interactions {
  const { order, starts } = groupByUser(lines, userRow);
  const compare = lineOrder(lines, itemRow);
  for (let row = 0; row + 1 < starts.length; row++) {
    const own = order.subarray(starts[row], starts[row + 1]);
    const { sequence } = lines;
    const sequenced = sequence !== null && own.every((line) => !Number.isNaN(sequence[line]));
    sortUnlessSorted(own, sequenced ? compare.bySequence : compare.byTime);
  }
  return mergeDuplicates(lines, order, userRow, itemRow);
}

/** Lines by user row, in each by line order (a counting sort); row r's are `starts[r]` to `starts[r + 1]`. */
function groupByUser(lines: LineColumns, userRow: Int32Array): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(userRow.length + 1);
  for (let line = 0; line < lines.length; line++) starts[userRow[lines.user[line]] + 1]++;
  for (let row = 0; row < userRow.length; row++) starts[row + 1] += starts[row];
  const next = starts.slice();
  const order = new Int32Array(lines.length);
  for (let line = 0; line < lines.length; line++) order[next[userRow[lines.user[line]]]++] = line;
  return { order, starts };
}

type LineOrder = (a: number, b: number) => number;

function lineOrder(lines: LineColumns, itemRow: Int32Array): { byTime: LineOrder; bySequence: LineOrder } {
  const { item, value, time } = lines;
  const byItem: LineOrder = (a, b) => itemRow[item[a]] - itemRow[item[b]] || value[a] - value[b];
  const byTimeOr =
    (bothUnknown: LineOrder): LineOrder =>
    (a, b) => {
      const unknownA = Number.isNaN(time[a]);
      const unknownB = Number.isNaN(time[b]);
      if (unknownA && unknownB) return bothUnknown(a, b);
      if (unknownA || unknownB) return unknownA ? 1 : -1;
      return time[a] - time[b] || byItem(a, b);
    };
  const withinSequence = byTimeOr(byItem);
  return {
    byTime: byTimeOr((a, b) => a - b),
    bySequence: (a, b) => {
      const sequence = lines.sequence as Float64Array;
      return sequence[a] - sequence[b] || withinSequence(a, b);
    },
  };
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

/** Keeps the last line of each (user, item) in `order`. */
function mergeDuplicates(
  lines: LineColumns,
  order: Int32Array,
  userRow: Int32Array,
  itemRow: Int32Array,
): Interactions {
  const keptFor = new Int32Array(itemRow.length).fill(-1);
  const keptAt = new Int32Array(itemRow.length);
  /** At each kept place the number of lines, elsewhere 0. */
  const counts = new Int32Array(order.length);
  let length = 0;
  for (let place = order.length - 1; place >= 0; place--) {
    const item = lines.item[order[place]];
    const user = lines.user[order[place]];
    if (keptFor[item] !== user) {
      keptFor[item] = user;
      keptAt[item] = place;
      length++;
    }
    counts[keptAt[item]]++;
  }

  const merged = {
    length,
    user: new Int32Array(length),
    item: new Int32Array(length),
    value: new Float32Array(length),
    count: new Int32Array(length),
    time: new Float64Array(length),
  };
  let at = 0;
  for (let place = 0; place < order.length; place++) {
    if (counts[place] === 0) continue;
    const line = order[place];
    merged.user[at] = userRow[lines.user[line]];
    merged.item[at] = itemRow[lines.item[line]];
    merged.value[at] = lines.value[line];
    merged.count[at] = counts[place];
    merged.time[at] = lines.time[line];
    at++;
  }
  return merged;
}
