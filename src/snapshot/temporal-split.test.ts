import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, snapshotOf } from "../../test/builders.ts";
import type { Snapshot } from "./snapshot.ts";
import { temporalSplit } from "./temporal-split.ts";

const small = fc.nat(5).map(String);
const anyLines = (time: fc.Arbitrary<number | null>): fc.Arbitrary<Line[]> =>
  fc.array(fc.tuple(small, small, fc.constant(1), time), { maxLength: 40 });
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });

/** Places of the interactions of a part. */
const placesOf = (part: Uint8Array) => [...part.keys()].filter((place) => part[place] === 1);
const rowsOf = ({ users, items, interactions: { user, item } }: Snapshot, part: Uint8Array) =>
  placesOf(part).map((place) => `${users[user[place]]} ${items[item[place]].movie_id}`);

test("every interaction is in one part and only one", () => {
  fc.assert(
    fc.property(anyLines(fc.option(fc.nat(9))), share, (lines, testShare) => {
      const snapshot = snapshotOf(lines);
      const { train, test: later } = temporalSplit(snapshot, testShare);
      expect(train.length).toBe(snapshot.interactions.length);
      expect([...train].map((flag, place) => flag + later[place])).toEqual([...train].map(() => 1));
    }),
  );
});

describe("where all times are known", () => {
  test("what trains is older than all that tests, and about the share asked for tests", () => {
    fc.assert(
      fc.property(anyLines(fc.nat(30)), share, (lines, testShare) => {
        const snapshot = snapshotOf(lines);
        const { kind, instant, train, test: later } = temporalSplit(snapshot, testShare);
        fc.pre(kind === "global-time");
        const { time, length } = snapshot.interactions;
        const newestTrained = Math.max(...placesOf(train).map((place) => time[place]));
        const tested = placesOf(later).map((place) => time[place]);
        const oldestTested = Math.min(...tested);
        expect(newestTrained).toBeLessThan(oldestTested);
        expect(instant).toBe(oldestTested);
        expect(placesOf(train).length).toBeGreaterThan(0);
        // At least the share, and more only by what happened at the very instant of the cut.
        const atInstant = tested.filter((value) => value === oldestTested).length;
        expect(tested.length).toBeGreaterThanOrEqual(Math.floor(length * testShare));
        expect(tested.length - atInstant).toBeLessThanOrEqual(Math.ceil(length * testShare));
      }),
    );
  });

  test("one instant splits all users", () => {
    const lines = ["1", "2", "3", "4", "5"].map((item, place): Line => ["a", item, 1, place]);
    const snapshot = snapshotOf([...lines, ["b", "1", 1, 9], ["c", "2", 1, 0]]);
    const { kind, test: later } = temporalSplit(snapshot, 0.3);
    expect(kind).toBe("global-time");
    expect(rowsOf(snapshot, later)).toEqual(["a 4", "a 5", "b 1"]);
  });
});

describe("where they are not, or all fall together", () => {
  const uneven = [...Array.from({ length: 10 }, (_, place): Line => ["a", String(place)]), ["b", "1"] as Line];

  test.each([
    ["a time is unknown", (lines: Line[]) => [["a", "0", 1, 5] as Line, ...lines.slice(1)]],
    ["all times are the same", (lines: Line[]) => lines.map(([user, item]): Line => [user, item, 1, 7])],
  ])("the newest of each user test, if %s", (_, timed) => {
    const snapshot = snapshotOf(timed(uneven));
    const { kind, instant, test: later } = temporalSplit(snapshot, 0.2);
    expect([kind, instant]).toEqual(["per-user-order", null]);
    expect(rowsOf(snapshot, later)).toEqual(["a 8", "a 9"]);
  });

  test("everyone keeps at least one that trains, and gives no more than the share", () => {
    fc.assert(
      fc.property(anyLines(fc.constant(null)), share, (lines, testShare) => {
        const snapshot = snapshotOf(lines);
        const { train, test: later } = temporalSplit(snapshot, testShare);
        const { user } = snapshot.interactions;
        snapshot.users.forEach((_, row) => {
          const own = [...user.keys()].filter((place) => user[place] === row);
          const tested = own.filter((place) => later[place] === 1);
          expect(tested).toEqual(own.slice(own.length - Math.floor(own.length * testShare)));
          expect(own.some((place) => train[place] === 1)).toBe(true);
        });
      }),
    );
  });
});
