import fc from "fast-check";
import { expect, test } from "vitest";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import { extendSnapshot } from "../snapshot/extend.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { trainingSetOf } from "../training/training-set.ts";
import { historyOfRow } from "./history.ts";
import { withNewer } from "./newer.ts";

const ITEMS = ["1", "2", "3", "4", "5"];
const item = fc.constantFrom(...ITEMS);
const time = fc.integer({ min: 0, max: 20 });
const base = fc.array(
  fc.record({
    user: fc.constantFrom("7", "8"),
    item,
    value: fc.option(fc.integer({ min: 1, max: 10 })),
    time: fc.option(time),
  }),
  { minLength: 1, maxLength: 30 },
);
const newer = fc.array(
  fc.record({
    movie_id: fc.constantFrom(...ITEMS, "unknown"),
    value: fc.option(fc.float({ min: 0, max: 5, noNaN: true })),
    time,
  }),
  { maxLength: 12 },
);

function snapshotOf(lines: typeof base extends fc.Arbitrary<infer Lines> ? Lines : never): Snapshot {
  const builder = new SnapshotBuilder();
  for (const { user, item, value, time } of lines) builder.add(user, item, value, time, null);
  return builder.build().snapshot;
}

/** A user's history by item id. */
function historyOf(snapshot: Snapshot, user: string) {
  const { users, items, histories } = trainingSetOf(snapshot, null, { later: true });
  const row = users.indexOf(user);
  return { items, history: row === -1 ? null : historyOfRow(histories, row) };
}

test("a history joined with what is newer is what a snapshot of both holds", () => {
  fc.assert(
    fc.property(base, newer, (lines, later) => {
      const before = snapshotOf(lines);
      const { items, history } = historyOf(before, "7");
      if (history === null) return;
      const rows = new Map(items.map(({ movie_id }, row) => [movie_id, row]));
      const known = later.filter(({ movie_id }) => rows.has(movie_id));
      const joined = withNewer(history, later, (id) => rows.get(id));
      if (known.length === 0) {
        expect(joined).toBeNull();
        return;
      }
      const after = historyOf(
        extendSnapshot(
          before,
          known.map((line) => ({ ...line, user_id: "7" })),
          [],
          new Set(),
        ),
        "7",
      );
      expect(after.items).toEqual(items);
      expect(joined).toEqual(after.history);
    }),
  );
});

test("someone without a history has what is newer alone", () => {
  const nothing = {
    item: new Int32Array(),
    value: new Float32Array(),
    count: new Int32Array(),
    time: new Float64Array(),
    later: new Int32Array(),
  };
  const lines = [
    { movie_id: "2", value: null, time: 5 },
    { movie_id: "1", value: 4, time: 6 },
    { movie_id: "2", value: null, time: 7 },
  ];
  expect(withNewer(nothing, lines, Number)).toEqual({
    item: Int32Array.of(1, 2),
    value: Float32Array.of(4, 1),
    count: Int32Array.of(1, 2),
    time: Float64Array.of(6, 7),
    later: Int32Array.of(1, 0),
  });
});
