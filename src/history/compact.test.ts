import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactHistories, tableHistories } from "./compact.ts";
import type { HistoryTable } from "./history.ts";

const ALL = { value: true, count: true, time: true, later: true };
const NONE = { value: false, count: false, time: false, later: false };

const entry = fc.record({
  item: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 31 - 1 })),
  value: fc.float({ noNaN: true }),
  count: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  time: fc.oneof(fc.constant(Number.NaN), fc.maxSafeInteger()),
});
const rows = fc.array(fc.uniqueArray(entry, { selector: ({ item }) => item, maxLength: 30 }), { maxLength: 12 });

function tableOf(
  users: readonly (readonly { item: number; value: number; count: number; time: number }[])[],
): HistoryTable {
  const sorted = users.map((lines) => lines.toSorted((a, b) => a.item - b.item));
  const lines = sorted.flat();
  const indptr = [0];
  for (const { length } of sorted) indptr.push((indptr.at(-1) as number) + length);
  return {
    indptr: Int32Array.from(indptr),
    item: Int32Array.from(lines, ({ item }) => item),
    value: Float32Array.from(lines, ({ value }) => value),
    count: Int32Array.from(lines, ({ count }) => count),
    time: Float64Array.from(lines, ({ time }) => time),
    later: Int32Array.from(sorted.flatMap((own) => own.map((_, place) => own.length - 1 - place))),
  };
}

describe("compact histories", () => {
  test("give what the table gives, also once the table is gone", () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (users, isOrdered) => {
        const table = { ...tableOf(users), ...(!isOrdered && { later: null }) };
        const expected = users.map((_, row) => structuredClone(tableHistories(table).of(row)));
        const compact = compactHistories(table, ALL);
        for (const column of Object.values(table)) column?.fill(7);
        expect(users.map((_, row) => compact.of(row))).toEqual(expected);
        expect(users.map((_, row) => compact.itemsOf(row))).toEqual(expected.map(({ item }) => item));
      }),
    );
  });

  test("say nothing where a column is not read", () => {
    const table = tableOf([[{ item: 3, value: 4, count: 2, time: 9 }]]);
    expect(compactHistories(table, NONE).of(0)).toEqual({
      item: Int32Array.of(3),
      value: Float32Array.of(1),
      count: Int32Array.of(1),
      time: Float64Array.of(Number.NaN),
      later: Int32Array.of(0),
    });
    expect(compactHistories({ ...table, later: null }, ALL).of(0).later).toBeNull();
  });
});
