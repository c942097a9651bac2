import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, snapshotOf } from "../../test/builders.ts";
import { leaveOneOutSplit } from "./leave-one-out-split.ts";

const small = fc.nat(5).map(String);
const anyLines: fc.Arbitrary<Line[]> = fc.array(
  fc.tuple(small, small, fc.constant(1), fc.option(fc.nat(9), { nil: null })),
  {
    maxLength: 40,
  },
);

test("the newest interaction of each user tests, unless it is the only one", () => {
  fc.assert(
    fc.property(anyLines, (lines) => {
      const snapshot = snapshotOf(lines);
      const { train, test: last } = leaveOneOutSplit(snapshot);
      const { user } = snapshot.interactions;
      snapshot.users.forEach((_, row) => {
        const own = [...user.keys()].filter((place) => user[place] === row);
        const tested = own.filter((place) => last[place] === 1);
        expect(tested).toEqual(own.length > 1 ? own.slice(-1) : []);
        expect(own.filter((place) => train[place] === 1)).toEqual(own.filter((place) => !tested.includes(place)));
      });
    }),
  );
});

test("by time, whatever the order of the lines", () => {
  const snapshot = snapshotOf([
    ["a", "late", 1, 9],
    ["a", "early", 1, 1],
    ["b", "only", 1, 5],
  ]);
  const { user, item } = snapshot.interactions;
  const { test: last } = leaveOneOutSplit(snapshot);
  const tested = [...last.keys()].filter((place) => last[place] === 1);
  expect(tested.map((place) => [snapshot.users[user[place]], snapshot.items[item[place]].movie_id])).toEqual([
    ["a", "late"],
  ]);
});
