import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_HYPERPARAMETERS } from "../training/hyperparameters.ts";
import { DEFAULT_SPACE, parseSearchSpace, SEARCHED } from "./search-space.ts";
import { drawTrials } from "./trial-draws.ts";

const SMALL_SPACE = parseSearchSpace([
  "factors=16,64",
  "iterations=4",
  "regularization=0.01,0.02,0.05",
  "unobserved_weight=0.3,1",
  "weight_rule=binary",
]);

describe("the trials of a search", () => {
  test("are points of the space, all different, and the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, count) => {
        const draws = drawTrials(DEFAULT_SPACE, count, seed);
        expect(draws).toHaveLength(count);
        expect(new Set(draws.map((draw) => JSON.stringify(draw))).size).toBe(count);
        for (const draw of draws) for (const name of SEARCHED) expect(DEFAULT_SPACE[name]).toContain(draw[name]);
        expect(drawTrials(DEFAULT_SPACE, count, seed)).toEqual(draws);
      }),
      { numRuns: 30 },
    );
  });

  test("are the beginning of what a longer search tries", () => {
    const longer = drawTrials(DEFAULT_SPACE, 30, 5);
    expect(drawTrials(DEFAULT_SPACE, 12, 5)).toEqual(longer.slice(0, 12));
    expect(drawTrials(DEFAULT_SPACE, 12, 6)).not.toEqual(longer.slice(0, 12));
  });

  test("are the whole space where that is small", () => {
    const draws = drawTrials(SMALL_SPACE, 100, 1);
    expect(new Set(draws.map((draw) => JSON.stringify(draw))).size).toBe(12);
    expect(draws).toHaveLength(12);
  });

  test("begin with the defaults where the space holds them", () => {
    for (const seed of [1, 2, 3]) expect(drawTrials(DEFAULT_SPACE, 3, seed)[0]).toEqual(DEFAULT_HYPERPARAMETERS);
    expect(drawTrials(SMALL_SPACE, 1, 1)[0].iterations).toBe(4);
  });

  test("cover the space evenly", () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 600; seed++) {
      const [{ regularization }] = drawTrials(SMALL_SPACE, 1, seed);
      counts.set(regularization, (counts.get(regularization) ?? 0) + 1);
    }
    // 200 of each are expected, with a standard deviation of 11.5.
    expect(counts.size).toBe(3);
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(58);
  });
});
