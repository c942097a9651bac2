import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countShown, coverageOf, exposureOf, giniOf } from "./exposure.ts";

const lists = (...rows: number[][]) => rows.map((row) => Int32Array.from(row));
const counts = (...values: number[]) => Float64Array.from(values);

describe("exposure", () => {
  test("counts in how many lists each item stands", () => {
    expect([...countShown(lists([0, 1], [1, 2], [1]), 4)]).toEqual([1, 3, 1, 0]);
  });

  test("coverage is the share of items that stand in any", () => {
    expect(coverageOf(counts(1, 3, 1, 0))).toBe(0.75);
  });

  test("Gini is 0 where all are shown equally often, (n − 1)/n where one alone is", () => {
    expect(giniOf(counts(5, 5, 5, 5))).toBe(0);
    expect(giniOf(counts(0, 0, 0, 7))).toBe(0.75);
    expect(giniOf(counts(0, 0))).toBe(0);
    // Of 1, 2, 3: half the mean absolute difference over the mean, (4 · (1 + 1 + 2) / 2 / 9 / 2) / 2 = 2/9.
    expect(giniOf(counts(3, 1, 2))).toBeCloseTo(2 / 9, 12);
  });

  test("Gini is half the relative mean difference, as it is defined", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }), (shown) => {
        const total = shown.reduce((sum, count) => sum + count, 0);
        fc.pre(total > 0);
        const differences = shown
          .flatMap((a) => shown.map((b) => Math.abs(a - b)))
          .reduce((sum, each) => sum + each, 0);
        const expected = differences / (2 * shown.length * total);
        expect(giniOf(counts(...shown))).toBeCloseTo(expected, 12);
        expect(expected >= 0 && expected < 1).toBe(true);
      }),
    );
  });

  test("comes with intervals that hold the value and stay within 0 to 1", () => {
    const each = Array.from({ length: 60 }, (_, user) => Int32Array.of(user % 7, 7 + (user % 5), (user * user) % 40));
    const { coverage, gini } = exposureOf(each, 40);
    expect(coverage.value).toBe(coverageOf(countShown(each, 40)));
    expect(gini.value).toBe(giniOf(countShown(each, 40)));
    for (const { value, low, high } of [coverage, gini]) {
      expect(0 <= low && low < value && value < high && high <= 1).toBe(true);
    }
  });

  test("is certain where everyone is shown the same", () => {
    const same = Array.from({ length: 40 }, () => Int32Array.of(1, 3));
    expect(exposureOf(same, 4).coverage).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });
});
