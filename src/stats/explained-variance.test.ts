import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { explainedVariance } from "./explained-variance.ts";

const groups = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6 }), { maxLength: 5 });

describe("the variance that groups explain", () => {
  test("is ε² = (SSb − (g−1)·MSw) / SSt", () => {
    // By hand: means 2 and 5 around 3.5, so SSb = 6 · 1.5² = 13.5, SSw = 2 + 2, MSw = 4/4, SSt = 17.5.
    expect(
      explainedVariance([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toBeCloseTo((13.5 - 1) / 17.5, 12);
  });

  test("is all of it where groups do not vary, and none where they do not differ", () => {
    expect(explainedVariance([[1, 1], [2, 2], [5]])).toBe(1);
    expect(
      explainedVariance([
        [1, 3],
        [3, 1],
        [1, 3],
      ]),
    ).toBe(0);
  });

  test("is near none for groups made by chance, on average", () => {
    const random = seededRandom(3);
    const found = Array.from({ length: 300 }, () => {
      const group = () => Array.from({ length: 5 }, () => random.fraction());
      return explainedVariance([group(), group(), group(), group()]) ?? 0;
    });
    // η² would be 3/19 on average; what stays here comes from cutting at 0.
    expect(found.reduce((sum, value) => sum + value, 0) / found.length).toBeLessThan(0.1);
  });

  test.each([[[]], [[[1, 2, 3]]], [[[1], [2], [3]]], [[[2, 2], [2]]], [[[], [1, 2]]]])(
    "cannot be told for %j",
    (none) => {
      expect(explainedVariance(none)).toBeNull();
    },
  );

  test("lies in 0 .. 1, and does not depend on shift, scale or order", () => {
    fc.assert(
      fc.property(groups, (values) => {
        const found = explainedVariance(values);
        const moved = explainedVariance(values.map((group) => group.map((value) => 3 - 2 * value)).reverse());
        if (found === null) expect(moved).toBeNull();
        else {
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(1);
          expect(moved).toBeCloseTo(found, 9);
        }
      }),
    );
  });
});
