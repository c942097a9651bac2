import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { JACKKNIFE_GROUPS, jackknifeInterval } from "./jackknife.ts";

/** The mean of values dealt to groups by their places, as a statistic. */
const meanOf = (values: readonly number[]) => (leftOut: number | null) => {
  const kept = values.filter((_, place) => place % JACKKNIFE_GROUPS !== leftOut);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
};

describe("the jackknife interval", () => {
  test("of a mean of one value a group is the classical one", () => {
    const values = Array.from({ length: JACKKNIFE_GROUPS }, (_, place) => (place * 7) % 11);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    const { value, low, high } = jackknifeInterval(meanOf(values));
    // t(19) at 97.5 % is 2.093.
    expect(value).toBeCloseTo(mean, 12);
    expect(high - value).toBeCloseTo(2.093 * Math.sqrt(variance / values.length), 10);
    expect(value - low).toBeCloseTo(high - value, 12);
  });

  test("is a point where it does not matter who is left out", () => {
    expect(jackknifeInterval(() => 0.25)).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
  });

  test("covers how many distinct things there are to be seen about 95 times in 100", () => {
    // 200 subjects draw 3 of 400 things each, of which few are popular. The truth is the mean over many such samples.
    const random = seededRandom(3);
    const draw = () => Math.floor(400 * random.fraction() * random.fraction());
    const samples = Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => [draw(), draw(), draw()]));
    const distinct = (sample: readonly number[][]) => new Set(sample.flat()).size;
    const truth = samples.reduce((sum, sample) => sum + distinct(sample), 0) / samples.length;
    const covered = samples.filter((sample) => {
      const statistic = (leftOut: number | null) =>
        distinct(sample.filter((_, place) => place % JACKKNIFE_GROUPS !== leftOut));
      const { low, high } = jackknifeInterval(statistic);
      return low <= truth && truth <= high;
    });
    expect(covered.length / samples.length).toBeGreaterThan(0.88);
  });

  test("is not taken of what is no number", () => {
    expect(() => jackknifeInterval(() => Number.NaN)).toThrow("a statistic is a number");
  });
});
