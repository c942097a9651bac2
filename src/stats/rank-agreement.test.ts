import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kendallTau, overlapAt } from "./rank-agreement.ts";

describe("overlap", () => {
  test.each([
    [10, [1, 2, 3], [3, 2, 1], 1],
    [2, [1, 2, 3], [3, 2, 1], 0.5],
    [10, [1, 2, 3, 4], [5], 0],
    [10, [], [5], 0],
    [10, [], [], null],
  ])("at %d of %j and %j is %s", (k, a, b, expected) => expect(overlapAt(k, a, b)).toBe(expected));
});

describe("Kendall's tau", () => {
  // Kendall 1938, and by hand: 5 pairs agree and 1 disagrees in the second row.
  test.each([
    [[1, 2, 3, 4], [1, 2, 3, 4], 1],
    [[1, 2, 3, 4], [1, 2, 4, 3], 4 / 6],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    [[1, 9, 2], [2, 8, 1], -1],
    [[1, 2], [3, 4], null],
    [[1], [1], null],
  ])("of %j and %j is %s", (a, b, expected) => expect(kendallTau(a, b)).toBe(expected));

  test("changes its sign when one list is turned round", () => {
    const lists = fc.uniqueArray(fc.nat(50), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const tau = kendallTau(a, b);
        expect(kendallTau(a, [...b].reverse())).toBe(tau === null ? null : 0 - tau);
      }),
    );
  });
});
