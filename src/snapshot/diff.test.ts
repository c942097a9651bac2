import fc from "fast-check";
import { expect, test } from "vitest";
import { SnapshotBuilder } from "./builder.ts";
import { diffSnapshots, type SnapshotDiff } from "./diff.ts";
import type { Snapshot } from "./snapshot.ts";

type Line = readonly [user: string, item: string, value?: number, time?: number | null];

function snapshot(lines: readonly Line[], titles: Readonly<Record<string, string>> = {}): Snapshot {
  const builder = new SnapshotBuilder();
  for (const [id, title] of Object.entries(titles)) {
    builder.addItem({ movie_id: id, title, year: null, genres: ["War"] });
  }
  for (const [user, item, value = 1, time = null] of lines) builder.add(user, item, value, time, null);
  return builder.build().snapshot;
}

test("interactions, users, items and films that came, went or changed are counted", () => {
  const from = snapshot(
    [
      ["1", "a", 5, 10],
      ["1", "b", 3, 20],
      ["1", "c"],
      ["2", "a"],
      ["3", "gone", 2],
    ],
    { a: "A", unrated: "U", gone: "G" },
  );
  const to = snapshot(
    [
      ["1", "a", 4, 10],
      ["1", "b", 3, 25],
      ["1", "new"],
      ["2", "a"],
      ["2", "a"],
      ["4", "unrated"],
    ],
    { a: "A (1999)", unrated: "U" },
  );
  expect(diffSnapshots(from, to)).toEqual({
    interactions: {
      from: 5,
      to: 5,
      added: 2,
      removed: 2,
      changed: 3,
      changed_value: 1,
      changed_count: 1,
      changed_time: 1,
    },
    users: { from: 3, to: 3, added: 1, removed: 1, reordered: 0 },
    items: { from: 4, to: 4, added: 2, removed: 2 },
    catalogue: { from: 5, to: 4, added: 1, removed: 2, changed: 1 },
  });
});

test("the same interactions in another order are told by their users", () => {
  const ab: Line[] = [
    ["1", "a"],
    ["1", "b"],
    ["2", "a"],
  ];
  const ba = [ab[1], ab[0], ab[2]] as Line[];
  expect(diffSnapshots(snapshot(ab), snapshot(ba)).users).toEqual({
    from: 2,
    to: 2,
    added: 0,
    removed: 0,
    reordered: 1,
  });
});

test("ids are compared as texts, also where one side has integers only", () => {
  const { users, items } = diffSnapshots(
    snapshot([["9", "10"]]),
    snapshot([
      ["9", "10"],
      ["x", "y"],
    ]),
  );
  expect([users.added, users.removed, items.added, items.removed]).toEqual([1, 0, 1, 0]);
});

function isNothing({ interactions, users, items, catalogue }: SnapshotDiff): boolean {
  const parts = [interactions, users, items, catalogue];
  return parts.every(({ from: _, to: __, ...differences }) => Object.values(differences).every((count) => count === 0));
}

const small = fc.constantFrom("1", "2", "x");
const anySnapshot = fc
  .record({
    lines: fc.array(fc.tuple(small, small, fc.nat(1), fc.option(fc.nat(1))), { maxLength: 5 }),
    titles: fc.dictionary(small, fc.constantFrom("A", "B"), { maxKeys: 2 }),
  })
  .map(({ lines, titles }) => snapshot(lines, titles));

test("nothing differs exactly when the ids are equal", () => {
  fc.assert(
    fc.property(anySnapshot, anySnapshot, (a, b) => {
      expect(isNothing(diffSnapshots(a, b))).toBe(a.id === b.id);
    }),
    { numRuns: 2_000 },
  );
});

test("what comes one way goes the other way", () => {
  fc.assert(
    fc.property(anySnapshot, anySnapshot, (a, b) => {
      const forth = diffSnapshots(a, b);
      const back = diffSnapshots(b, a);
      for (const part of ["interactions", "users", "items", "catalogue"] as const) {
        expect([back[part].added, back[part].removed]).toEqual([forth[part].removed, forth[part].added]);
      }
      expect(back.interactions.changed).toBe(forth.interactions.changed);
      expect(back.catalogue.changed).toBe(forth.catalogue.changed);
    }),
  );
});
