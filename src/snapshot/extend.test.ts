import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SnapshotBuilder } from "./builder.ts";
import { extendSnapshot } from "./extend.ts";
import type { Snapshot } from "./snapshot.ts";

const users = fc.constantFrom("1", "2", "3");
const lines = fc.array(
  fc.record({
    user: users,
    item: fc.constantFrom("10", "11", "12", "13"),
    value: fc.option(fc.integer({ min: 1, max: 5 })),
    time: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  { maxLength: 25 },
);

function snapshotOf(
  given: readonly { user: string; item: string; value: number | null; time: number | null }[],
): Snapshot {
  const builder = new SnapshotBuilder();
  for (const { user, item, value, time } of given) builder.add(user, item, value, time, null);
  builder.addItem({ movie_id: "99", title: "Unrated", year: 1999, genres: ["Drama"] });
  return builder.build().snapshot;
}

describe("a snapshot with nothing after it", () => {
  test("is itself", () => {
    fc.assert(
      fc.property(lines, (given) => {
        expect(extendSnapshot(snapshotOf(given), [], [], new Set())).toEqual(snapshotOf(given));
      }),
    );
  });

  test("loses the users who are left out, and keeps the catalogue", () => {
    fc.assert(
      fc.property(lines, users, (given, gone) => {
        const left = extendSnapshot(snapshotOf(given), [], [], new Set([gone]));
        expect(left.users).not.toContain(gone);
        expect(left.items).toEqual(snapshotOf(given).items);
        const others = given.filter(({ user }) => user !== gone);
        expect(left.interactions.value).toEqual(snapshotOf(others).interactions.value);
        expect(left.interactions.time).toEqual(snapshotOf(others).interactions.time);
      }),
    );
  });
});

test("what comes after a base is newer than all of it, whatever its time", () => {
  const base = snapshotOf([
    { user: "1", item: "10", value: 2, time: 50 },
    { user: "1", item: "11", value: 3, time: null },
  ]);
  const { interactions, items } = extendSnapshot(
    base,
    [
      { user_id: "1", movie_id: "11", value: null, time: 7 },
      { user_id: "1", movie_id: "10", value: 5, time: 4 },
      { user_id: "2", movie_id: "10", value: 1, time: 1 },
    ],
    [],
    new Set(["2"]),
  );
  const rows = Array.from({ length: interactions.length }, (_, row) => [
    items[interactions.item[row]].movie_id,
    interactions.value[row],
    interactions.count[row],
    interactions.time[row],
  ]);
  expect(rows).toEqual([
    ["11", 3, 2, 7],
    ["10", 5, 2, 4],
  ]);
});
