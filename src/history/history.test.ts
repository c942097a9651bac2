import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { historyOfRow, newestTime, weightedRows } from "./history.ts";

test("a row's history is its slice of every column", () => {
  const table = {
    indptr: Int32Array.of(0, 2, 2, 3),
    item: Int32Array.of(1, 4, 0),
    value: Float32Array.of(3, 5, 2),
    count: Int32Array.of(1, 2, 3),
    time: Float64Array.of(10, Number.NaN, 30),
    later: null,
  };
  expect(historyOfRow(table, 0)).toEqual({
    item: Int32Array.of(1, 4),
    value: Float32Array.of(3, 5),
    count: Int32Array.of(1, 2),
    time: Float64Array.of(10, Number.NaN),
    later: null,
  });
  expect(historyOfRow(table, 1).item).toHaveLength(0);
  expect(historyOfRow(table, 2).time).toEqual(Float64Array.of(30));
  expect(historyOfRow({ ...table, later: Int32Array.of(0, 1, 0) }, 0).later).toEqual(Int32Array.of(0, 1));
});

describe("a visitor's items", () => {
  const anyItems = fc.uniqueArray(
    fc.record({ movie_id: fc.nat(20).map(String), weight: fc.float({ min: Math.fround(0.5), max: 4, noNaN: true }) }),
    { selector: ({ movie_id }) => movie_id },
  );

  test("are known rows, ascending, each with its weight, in whatever order they came", () => {
    // Even ids are known, and their rows are in the opposite order.
    const rowOf = (id: string) => (Number(id) % 2 === 0 ? 20 - Number(id) : undefined);
    fc.assert(
      fc.property(anyItems, (items) => {
        const { rows, weights } = weightedRows(items, rowOf);
        const known = items.filter(({ movie_id }) => Number(movie_id) % 2 === 0);
        expect([...rows]).toEqual(known.map(({ movie_id }) => 20 - Number(movie_id)).sort((a, b) => a - b));
        for (const { movie_id, weight } of known) expect(weights[rows.indexOf(20 - Number(movie_id))]).toBe(weight);
        expect(weightedRows(items.toReversed(), rowOf)).toEqual({ rows, weights });
      }),
    );
  });
});

test("ages are counted back from the newest known time", () => {
  expect(newestTime(Float64Array.of(5, Number.NaN, 30, -1))).toBe(30);
  expect(newestTime(Float64Array.of(-7))).toBe(-7);
  expect(newestTime(Float64Array.of(Number.NaN))).toBeNull();
  expect(newestTime(new Float64Array(0))).toBeNull();
});
