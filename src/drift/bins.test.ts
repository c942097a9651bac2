import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACTIVITY_BINS,
  binCount,
  binLabels,
  binOfNumber,
  countBins,
  nameBins,
  numberBins,
  outsideBins,
  quantileBins,
  tallyOf,
} from "./bins.ts";

type NumberBins = Parameters<typeof binOfNumber>[0];
const label = (bins: NumberBins, value: number) => binLabels(bins)[binOfNumber(bins, value)];
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("a number's bin", () => {
  test.each([
    [0.4, "below 0.5"],
    [0.5, "0.5"],
    [0.7, "0.5"],
    [0.75, "1"],
    [1, "1"],
    [4.9, "5"],
    [5, "5"],
    [5.01, "above 5"],
  ])("of values 0.5, 1 and 5: %d is in %s", (given, expected) => {
    expect(label({ values: [0.5, 1, 5] }, given)).toBe(expected);
  });

  test.each([
    [-0.1, "below 0"],
    [0, "0 to 0.25"],
    [0.25, "0.25 to 1"],
    [1, "0.25 to 1"],
    [1.1, "above 1"],
  ])("of edges 0, 0.25 and 1: %d is in %s", (given, expected) => {
    expect(label({ edges: [0, 0.25, 1] }, given)).toBe(expected);
  });

  test.each([
    [0, "below 1"],
    [1, "1"],
    [4, "3 to 4"],
    [1024, "513 to 1024"],
    [1_000_000, "1025 and more"],
  ])("of how many interactions a user has: %d is in %s", (given, expected) => {
    expect(label(ACTIVITY_BINS as NumberBins, given)).toBe(expected);
  });

  test("is one of those that there are, and rises with the number", () => {
    const bins = fc.oneof(
      fc.uniqueArray(value, { minLength: 1, maxLength: 12 }).map((all) => ({ values: all.sort((a, b) => a - b) })),
      fc.uniqueArray(value, { minLength: 2, maxLength: 12 }).map((all) => ({ edges: all.sort((a, b) => a - b) })),
      fc.uniqueArray(value, { minLength: 1, maxLength: 12 }).map((all) => ({ from: all.sort((a, b) => a - b) })),
    );
    fc.assert(
      fc.property(bins, value, value, (given, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((each) => binOfNumber(given, each));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThan(binCount(given));
        expect(low).toBeLessThanOrEqual(high);
        expect(binLabels(given)).toHaveLength(binCount(given));
      }),
    );
  });
});

describe("bins made of data", () => {
  test("hold all of it: nothing lies outside", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        for (const bins of [numberBins(tallyOf(values)), quantileBins(values)]) {
          for (const each of values) expect(outsideBins(bins)).not.toContain(binOfNumber(bins, each));
        }
      }),
    );
  });

  test("of few values have one each, of many about equal content", () => {
    expect(numberBins(tallyOf([5, 1, 5, 0.5]))).toEqual({ values: [0.5, 1, 5] });
    const many = Array.from({ length: 1_000 }, (_, place) => (place * 389) % 1_000);
    expect(numberBins(tallyOf(many))).toEqual({ edges: [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999] });
    expect(quantileBins([7, 7])).toEqual({ edges: [7, 7] });
  });

  test("of counts begin at 1, whatever the data", () => {
    expect(
      countBins(
        new Map([
          [0, 90],
          [3, 10],
        ]),
      ),
    ).toEqual({ from: [1, 3] });
    expect(countBins(new Map())).toEqual({ from: [1] });
  });

  test("of names are the most frequent ones", () => {
    const tally = new Map(Array.from({ length: 100 }, (_, place) => [`genre ${place}`, 100 - place]));
    const { names } = nameBins(tally);
    expect(names).toHaveLength(64);
    expect(new Set(names)).toEqual(new Set([...tally.keys()].slice(0, 64)));
    expect(nameBins(new Map())).toEqual({ names: [] });
  });
});
