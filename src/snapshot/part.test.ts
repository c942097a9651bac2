import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILMS, type Line, snapshotOf } from "../../test/builders.ts";
import { partOf } from "./part.ts";
import type { Snapshot } from "./snapshot.ts";

const id = fc.integer({ min: 0, max: 9 }).map(String);
const line = fc.tuple(id, id, fc.integer({ min: 1, max: 5 }), fc.option(fc.integer({ min: 0, max: 1e9 })));
const lines = fc.array(line, { minLength: 1, maxLength: 60 }) as fc.Arbitrary<Line[]>;

const lineTexts = ({ users, items, interactions: { user, item, value, count, time } }: Snapshot) =>
  Array.from(user, (row, at) => [users[row], items[item[at]].movie_id, value[at], count[at], time[at]].join(" "));

describe("a part of a snapshot", () => {
  test("holds those interactions as they are and in their order, their users, and the whole catalogue", () => {
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.boolean()), (all, choice) => {
        const whole = snapshotOf(all, FILMS);
        const keep = Uint8Array.from(whole.interactions.user, () => (choice.next().value ? 1 : 0));
        const part = partOf(whole, keep);
        const kept = lineTexts(whole).filter((_, at) => keep[at] === 1);
        expect(lineTexts(part)).toEqual(kept);
        expect(new Set(part.users)).toEqual(new Set(kept.map((text) => text.split(" ")[0])));
        expect(part.users).toEqual(whole.users.filter((user) => part.users.includes(user)));
        expect(part.items).toEqual(whole.items);
      }),
    );
  });

  test("has the id of its content", () => {
    const all: Line[] = [
      ["1", "1", 3, 10],
      ["1", "2", 4, 20],
      ["2", "2", 5, 30],
    ];
    const whole = snapshotOf(all, FILMS);
    expect(partOf(whole, Uint8Array.of(1, 1, 1)).id).toBe(whole.id);
    expect(partOf(whole, Uint8Array.of(1, 1, 0)).id).toBe(snapshotOf(all.slice(0, 2), FILMS).id);
  });
});
