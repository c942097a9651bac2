import { type CatalogueItem, type Interactions, ratedItems, type Snapshot } from "./snapshot.ts";

/** How many there are on either side, and how they differ. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly added: number;
  readonly removed: number;
}

/** What has to be done to one snapshot to get another. Nothing, exactly when their ids are equal. */
export interface SnapshotDiff {
  readonly interactions: Change & {
    /** Pairs of user and item on both sides that differ in value, count or time. */
    readonly changed: number;
    readonly changed_value: number;
    readonly changed_count: number;
    readonly changed_time: number;
  };
  /** `reordered` have what both sides hold of them in another order. */
  readonly users: Change & { readonly reordered: number };
  /** Items with at least one interaction. */
  readonly items: Change;
  /** All items; `changed` have another title, year or genres. */
  readonly catalogue: Change & { readonly changed: number };
}

export function diffSnapshots(from: Snapshot, to: Snapshot): SnapshotDiff {
  const userInTo = rowsIn(from.users, to.users);
  const itemInTo = rowsIn(ids(from.items), ids(to.items));
  const { reordered, ...interactions } = diffInteractions(from, to, userInTo, itemInTo);
  const rated = { from: ratedItems(from), to: ratedItems(to) };
  const ratedInBoth = count(itemInTo, (row, place) => row >= 0 && rated.from[place] === 1 && rated.to[row] === 1);
  return {
    interactions,
    users: { ...change(from.users.length, to.users.length, count(userInTo, isKnown)), reordered },
    items: change(count(rated.from, Boolean), count(rated.to, Boolean), ratedInBoth),
    catalogue: {
      ...change(from.items.length, to.items.length, count(itemInTo, isKnown)),
      changed: count(itemInTo, (row, place) => row >= 0 && !sameItem(from.items[place], to.items[row])),
    },
  };
}

function diffInteractions(from: Snapshot, to: Snapshot, userInTo: Int32Array, itemInTo: Int32Array) {
  const [old, now] = [from.interactions, to.interactions];
  const oldStarts = starts(old, from.users.length);
  const nowStarts = starts(now, to.users.length);
  /** The place in `now` of each item; it is the present user's where it is within their range. */
  const placeOf = new Int32Array(to.items.length).fill(-1);
  let [common, changed, value, counts, time, reordered] = [0, 0, 0, 0, 0, 0];

  userInTo.forEach((user, oldUser) => {
    if (user < 0) return;
    const [start, end] = [nowStarts[user], nowStarts[user + 1]];
    for (let place = start; place < end; place++) placeOf[now.item[place]] = place;
    let [last, inOrder] = [-1, true];
    for (let at = oldStarts[oldUser]; at < oldStarts[oldUser + 1]; at++) {
      const item = itemInTo[old.item[at]];
      const place = item < 0 ? -1 : placeOf[item];
      if (place < start || place >= end) continue;
      common++;
      if (place < last) inOrder = false;
      last = place;
      const otherValue = old.value[at] !== now.value[place];
      const otherCount = old.count[at] !== now.count[place];
      const otherTime = !Object.is(old.time[at], now.time[place]);
      value += Number(otherValue);
      counts += Number(otherCount);
      time += Number(otherTime);
      changed += Number(otherValue || otherCount || otherTime);
    }
    if (!inOrder) reordered++;
  });
  return {
    ...change(old.length, now.length, common),
    changed,
    changed_value: value,
    changed_count: counts,
    changed_time: time,
    reordered,
  };
}

function change(from: number, to: number, common: number): Change {
  return { from, to, added: to - common, removed: from - common };
}

/** The place in `to` of each id of `from`, or -1. */
function rowsIn(from: readonly string[], to: readonly string[]): Int32Array {
  const rowOf = new Map(to.map((id, row) => [id, row]));
  return Int32Array.from(from, (id) => rowOf.get(id) ?? -1);
}

/** User row r's interactions stand at `starts[r]` to `starts[r + 1]` - 1. */
function starts({ user }: Interactions, users: number): Int32Array {
  const from = new Int32Array(users + 1);
  for (const row of user) from[row + 1]++;
  for (let row = 0; row < users; row++) from[row + 1] += from[row];
  return from;
}

function count(values: Int32Array | Uint8Array, counts: (value: number, place: number) => boolean): number {
  let total = 0;
  for (let place = 0; place < values.length; place++) total += Number(counts(values[place], place));
  return total;
}

function isKnown(row: number): boolean {
  return row >= 0;
}

function ids(items: readonly CatalogueItem[]): string[] {
  return items.map(({ movie_id }) => movie_id);
}

function sameItem(a: CatalogueItem, b: CatalogueItem): boolean {
  return (
    a.title === b.title &&
    a.year === b.year &&
    a.genres.length === b.genres.length &&
    a.genres.every((genre, place) => genre === b.genres[place])
  );
}
