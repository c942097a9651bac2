import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listQuality } from "./metrics.ts";

const quality = (list: number[], taken: number[], k: number) => listQuality(Int32Array.from(list), new Set(taken), k);

describe("the quality of a list", () => {
  test("is 1 where it is the best possible one, full or not", () => {
    expect(quality([3, 1, 2], [1, 2, 3], 3)).toEqual({ hr: 1, ndcg: 1, recall: 1 });
    expect(quality([3, 9, 8], [3], 3)).toEqual({ hr: 1, ndcg: 1, recall: 1 });
    expect(quality([1, 2], [1, 2, 3, 4, 5], 2)).toEqual({ hr: 1, ndcg: 1, recall: 1 });
  });

  test("is 0 where nothing was hit, also in an empty list", () => {
    expect(quality([4, 5], [1], 2)).toEqual({ hr: 0, ndcg: 0, recall: 0 });
    expect(quality([], [1], 10)).toEqual({ hr: 0, ndcg: 0, recall: 0 });
  });

  test("counts what stands in the first k places only", () => {
    expect(quality([8, 9, 1], [1], 2)).toEqual({ hr: 0, ndcg: 0, recall: 0 });
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
        for (const value of Object.values(before)) expect(value >= 0 && value <= 1).toBe(true);
        const place = (at % (list.length - 1)) + 1;
        fc.pre(taken.includes(list[place]) && !taken.includes(list[place - 1]) && place < k);
        const moved = list.with(place - 1, list[place]).with(place, list[place - 1]);
        expect(quality(moved, taken, k).ndcg).toBeGreaterThan(before.ndcg);
      }),
    );
  });
});
