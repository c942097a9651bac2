import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILMS, type Line, snapshotOf } from "../../test/builders.ts";
import { historyOfRow } from "../history/history.ts";
import { popularityOf, rowsBetween, type SparseRows, trainingSetOf, transpose } from "./training-set.ts";

const small = fc.nat(6).map(String);
const anyLines: fc.Arbitrary<Line[]> = fc.array(
  fc.tuple(small, small, fc.integer({ min: 1, max: 5 }), fc.option(fc.nat(50), { nil: null })),
  { maxLength: 40 },
);

describe("a training set", () => {
  test("holds each kept interaction once, by user, items ascending, with all that is known of it", () => {
    fc.assert(
      fc.property(anyLines, fc.infiniteStream(fc.boolean()), (lines, coins) => {
        const snapshot = snapshotOf(lines);
        const { user, item, value, count, time, length } = snapshot.interactions;
        const keep = Uint8Array.from({ length }, () => Number(coins.next().value));
        const set = trainingSetOf(snapshot, keep);

        const expected = Array.from({ length }, (_, at) => at)
          .filter((at) => keep[at] === 1)
          .sort((a, b) => user[a] - user[b] || item[a] - item[b])
          .map((at) => [snapshot.users[user[at]], snapshot.items[item[at]].movie_id, value[at], count[at], time[at]]);
        const found = set.users.flatMap((id, row) => {
          const history = historyOfRow(set.histories, row);
          return Array.from(history.item, (at, place) => [
            id,
            set.items[at].movie_id,
            history.value[place],
            history.count[place],
            history.time[place],
          ]);
        });
        expect(found).toEqual(expected);
        expect(set.users).toEqual(snapshot.users);
      }),
    );
  });

  test("counts, where asked to, how many of the user's kept interactions came later", () => {
    fc.assert(
      fc.property(anyLines, fc.infiniteStream(fc.boolean()), (lines, coins) => {
        const snapshot = snapshotOf(lines);
        const keep = Uint8Array.from({ length: snapshot.interactions.length }, () => Number(coins.next().value));
        const set = trainingSetOf(snapshot, keep, { later: true });
        const { user, item } = snapshot.interactions;
        snapshot.users.forEach((_, row) => {
          const newestFirst = [...keep.keys()].filter((at) => keep[at] === 1 && user[at] === row).reverse();
          const { item: rows, later } = historyOfRow(set.histories, row);
          const ordered = [...rows.keys()].sort((a, b) => (later?.[a] ?? 0) - (later?.[b] ?? 0));
          expect(ordered.map((place) => later?.[place])).toEqual([...newestFirst.keys()]);
          expect(ordered.map((place) => rows[place])).toEqual(
            newestFirst.map((at) => set.rowOfCatalogueItem[item[at]]),
          );
        });
      }),
    );
    expect(trainingSetOf(snapshotOf([["a", "1"]])).histories.later).toBeNull();
  });

  test("has the rated items as rows, in id order, and no others", () => {
    const set = trainingSetOf(
      snapshotOf(
        [
          ["a", "9"],
          ["b", "3"],
          ["a", "3"],
        ],
        FILMS,
      ),
    );
    expect(set.items.map(({ movie_id }) => movie_id)).toEqual(["3", "9"]);
    expect(set.items[0]).toEqual(FILMS[2]);
    expect([...set.rowOfCatalogueItem]).toEqual(FILMS.map(({ movie_id }) => ["3", "9"].indexOf(movie_id)));
  });

  test("keeps users of whom nothing is kept, with an empty row", () => {
    const snapshot = snapshotOf([
      ["a", "1"],
      ["b", "2"],
    ]);
    const set = trainingSetOf(snapshot, Uint8Array.of(0, 1));
    expect(set.users).toEqual(["a", "b"]);
    expect([...set.histories.indptr]).toEqual([0, 0, 1]);
    expect(set.items.map(({ movie_id }) => movie_id)).toEqual(["2"]);
  });
});

/** Rows of weights over some columns; 0 where there is no entry. */
const anyMatrix = fc
  .tuple(fc.nat(6), fc.nat(6))
  .chain(([rows, columns]) =>
    fc.tuple(
      fc.constant(columns),
      fc.array(fc.array(fc.nat(3), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    ),
  );

function sparse(dense: readonly (readonly number[])[]): SparseRows {
  const entries = dense.map((row) => row.flatMap((weight, index) => (weight > 0 ? [{ index, weight }] : [])));
  const indptr = [0];
  for (const row of entries) indptr.push((indptr.at(-1) as number) + row.length);
  return {
    indptr: Int32Array.from(indptr),
    index: Int32Array.from(entries.flat(), ({ index }) => index),
    weight: Float32Array.from(entries.flat(), ({ weight }) => weight),
  };
}

describe("the transpose", () => {
  test("is that of the dense matrix", () => {
    fc.assert(
      fc.property(anyMatrix, ([columns, dense]) => {
        const transposed = Array.from({ length: columns }, (_, column) => dense.map((row) => row[column]));
        expect(transpose(sparse(dense), columns)).toEqual(sparse(transposed));
      }),
    );
  });

  test("of the transpose is the matrix", () => {
    fc.assert(
      fc.property(anyMatrix, ([columns, dense]) => {
        const rows = sparse(dense);
        expect(transpose(transpose(rows, columns), dense.length)).toEqual(rows);
      }),
    );
  });
});

test("rows cut out keep their numbers and entries, and own their memory", () => {
  const range = fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => [a, b].toSorted((x, y) => x - y));
  fc.assert(
    fc.property(anyMatrix, range, ([, dense], [a, b]) => {
      const [from, to] = [a % (dense.length + 1), b % (dense.length + 1)].toSorted((x, y) => x - y);
      const part = rowsBetween(sparse(dense), from, to);
      expect(part).toEqual(sparse(dense.slice(0, to).map((row, at) => (at < from ? row.map(() => 0) : row))));
      expect(part.index.byteLength).toBe(part.index.buffer.byteLength);
    }),
  );
});

test("popularity counts users, whatever they thought of the item", () => {
  const { histories, items } = trainingSetOf(
    snapshotOf([
      ["a", "1", 5],
      ["a", "1", 4],
      ["b", "1", 1],
      ["b", "2", 5],
    ]),
  );
  expect([...popularityOf(histories, items.length)]).toEqual([2, 1]);
});
