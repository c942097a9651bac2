import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listQuality } from "./list-quality.ts";

const quality = (list: number[], taken: number[], k: number) => listQuality(Int32Array.from(list), new Set(taken), k);

describe("the quality of a list", () => {
  test("is 1 where it is the best possible one, full or not", () => {
    const best = { hr: 1, ndcg: 1, recall: 1, map: 1, mrr: 1 };
    expect(quality([3, 1, 2], [1, 2, 3], 3)).toEqual(best);
    expect(quality([3, 9, 8], [3], 3)).toEqual(best);
    expect(quality([1, 2], [1, 2, 3, 4, 5], 2)).toEqual(best);
  });

  test("is 0 where nothing was hit, also in an empty list", () => {
    const nothing = { hr: 0, ndcg: 0, recall: 0, map: 0, mrr: 0 };
    expect(quality([4, 5], [1], 2)).toEqual(nothing);
    expect(quality([], [1], 10)).toEqual(nothing);
  });

  test("counts what stands in the first k places only, but for the reciprocal rank", () => {
    expect(quality([8, 9, 1], [1], 2)).toEqual({ hr: 0, ndcg: 0, recall: 0, map: 0, mrr: 1 / 3 });
    expect(quality([8, 1, 9, 2], [1, 2], 2)).toEqual({ ...quality([8, 1], [1, 2], 2), mrr: 1 / 2 });
  });

  test("averages the precision at the ranks of hits", () => {
    // Hits at ranks 1, 3 and 4 of four items taken: (1/1 + 2/3 + 3/4) / 4.
    expect(quality([1, 9, 2, 3, 8], [1, 2, 3, 4], 5).map).toBeCloseTo((1 + 2 / 3 + 3 / 4) / 4, 12);
    // Of five taken only two can stand in a list of two: (1/2) / 2.
    expect(quality([9, 1], [1, 2, 3, 4, 5], 2).map).toBe(0.25);
  });

  test("discounts a hit by the logarithm of its rank", () => {
    // One of two taken items, at rank 3: (1/log2 4) / (1/log2 2 + 1/log2 3) = 0.5 / 1.6309298.
    const { hr, ndcg, recall } = quality([8, 9, 1], [1, 2], 3);
    expect([hr, recall]).toEqual([1, 0.5]);
    expect(ndcg).toBeCloseTo(0.306574, 6);
    // Ranks 1 and 3 of three: (1 + 0.5) / (1 + 0.6309298 + 0.5) = 0.7039180.
    expect(quality([1, 9, 2], [1, 2, 3], 3).ndcg).toBeCloseTo(0.703918, 6);
  });

  test("lies in 0 to 1, and grows when a hit moves up", () => {
    const anyList = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 12 });
    const anyTaken = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyList, anyTaken, fc.integer({ min: 1, max: 12 }), fc.nat(10), (list, taken, k, at) => {
        const before = quality(list, taken, k);
        for (const value of Object.values<number>({ ...before })) expect(value >= 0 && value <= 1).toBe(true);
        const place = (at % (list.length - 1)) + 1;
        fc.pre(taken.includes(list[place]) && !taken.includes(list[place - 1]) && place < k);
        const moved = list.with(place - 1, list[place]).with(place, list[place - 1]);
        const after = quality(moved, taken, k);
        expect(after.ndcg).toBeGreaterThan(before.ndcg);
        expect(after.map).toBeGreaterThan(before.map);
        expect(after.recall).toBe(before.recall);
      }),
    );
  });

  test("does not hang on the names of the items, nor on what stands between hits", () => {
    const anyList = fc.uniqueArray(fc.nat(20), { maxLength: 12 });
    const anyTaken = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyList, anyTaken, fc.integer({ min: 1, max: 12 }), (list, taken, k) => {
        const renamed = quality(
          list.map((item) => 40 - item),
          taken.map((item) => 40 - item),
          k,
        );
        expect(renamed).toEqual(quality(list, taken, k));
        const others = list.map((item, place) => (taken.includes(item) ? item : 100 + place));
        expect(quality(others, taken, k)).toEqual(quality(list, taken, k));
      }),
    );
  });
});
