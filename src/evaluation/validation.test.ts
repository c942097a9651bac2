import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, snapshotOf } from "../../test/builders.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { splitOf } from "./evaluate.ts";
import { validationOf } from "./validation.ts";

const id = fc.integer({ min: 0, max: 7 }).map(String);
const known = fc.integer({ min: 0, max: 1_000 });
/** With all times known the split is by one instant, with one unknown by each user's order. */
const times = fc.boolean().map((all) => (all ? known : fc.option(known)));
const lines = times.chain((time) =>
  fc.array(fc.tuple(id, id, fc.constant(1), time), { minLength: 2, maxLength: 80 }),
) as fc.Arbitrary<Line[]>;

const pairs = ({ users, items, interactions: { user, item } }: Snapshot, part?: Uint8Array) =>
  Array.from(user.keys())
    .filter((at) => !part || part[at] === 1)
    .map((at) => `${users[user[at]]} ${items[item[at]].movie_id}`);

describe.each(["temporal", "leave-one-out"] as const)("what the protocol %s leaves to choose by", (protocol) => {
  test("holds nothing of what it tests, and all that it trains", () => {
    fc.assert(
      fc.property(lines, fc.constantFrom(0.1, 0.2, 0.5), (all, share) => {
        const snapshot = snapshotOf(all);
        const outer = splitOf(protocol, snapshot, share);
        const { part, split } = validationOf(snapshot, protocol, share);
        const tested = new Set(pairs(snapshot, outer.test));
        expect(pairs(part).filter((pair) => tested.has(pair))).toEqual([]);
        expect(pairs(part)).toEqual(pairs(snapshot, outer.train));
        for (const at of part.interactions.user.keys()) expect(split.train[at] + split.test[at]).toBe(1);
      }),
    );
  });
});

describe("the validation of a temporal split", () => {
  test("lies before the test, and after what trains", () => {
    const all = Array.from({ length: 100 }, (_, at): Line => [`${at % 10}`, `${at}`, 1, 1_000 * at]);
    const { part, split } = validationOf(snapshotOf(all), "temporal", 0.2);
    const { time } = part.interactions;
    const timesOf = (flags: Uint8Array) => Array.from(time).filter((_, at) => flags[at] === 1);
    expect(Math.max(...timesOf(split.train))).toBe(63_000);
    expect([Math.min(...timesOf(split.test)), Math.max(...timesOf(split.test))]).toEqual([64_000, 79_000]);
  });
});
