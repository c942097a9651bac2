import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { bootstrapMean, bootstrapMeans } from "./bootstrap.ts";

const values = fc.float64Array({ min: -1e6, max: 1e6, noNaN: true, minLength: 1, maxLength: 30 });

describe("the bootstrap interval of a mean", () => {
  test("holds the mean, and lies within the values", () => {
    fc.assert(
      fc.property(values, fc.nat(), (sample, seed) => {
        const { value, low, high } = bootstrapMean(sample, seed) ?? expect.unreachable();
        const tolerance = 1e-9 * Math.max(...sample.map(Math.abs), 1);
        expect(value).toBeCloseTo(sample.reduce((a, b) => a + b, 0) / sample.length, 6);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample) - tolerance);
        expect(high).toBeLessThanOrEqual(Math.max(...sample) + tolerance);
      }),
      { numRuns: 30 },
    );
  });

  test("is a point where all values are the same", () => {
    expect(bootstrapMean(Float64Array.of(0.25, 0.25, 0.25), 1)).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
  });

  test("is the same for the same seed, and another for another one", () => {
    const sample = Float64Array.from({ length: 40 }, (_, place) => Math.sin(place));
    expect(bootstrapMean(sample, 3)).toEqual(bootstrapMean(sample, 3));
    expect(bootstrapMean(sample, 3)).not.toEqual(bootstrapMean(sample, 4));
  });

  test("cannot be told for no values", () => {
    expect(bootstrapMean(new Float64Array(0), 1)).toBeNull();
  });

  test("has about the width of the normal approximation for many values", () => {
    const random = seededRandom(11);
    const sample = Float64Array.from({ length: 2_000 }, () => random.fraction());
    const { value, low, high } = bootstrapMean(sample, 1) ?? expect.unreachable();
    // Uniform on [0, 1): deviation 1/√12.
    const half = 1.96 * Math.sqrt(1 / 12 / sample.length);
    expect((value - low) / half).toBeCloseTo(1, 0);
    expect((high - value) / half).toBeCloseTo(1, 0);
    expect((high - low) / (2 * half)).toBeGreaterThan(0.9);
    expect((high - low) / (2 * half)).toBeLessThan(1.1);
  });

  test("covers the true mean about 95 times in 100", () => {
    const random = seededRandom(5);
    const trials = 200;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Float64Array.from({ length: 50 }, () => random.fraction());
      const { low, high } = bootstrapMean(sample, trial) ?? expect.unreachable();
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    // Binomial with p = 0.95: deviation 1.5 %; the percentile interval of 50 values is a little narrow.
    expect(covered / trials).toBeGreaterThan(0.89);
    expect(covered / trials).toBeLessThan(0.99);
  });
});

describe("several columns about the same subjects", () => {
  const columns = fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 30,
    })
    .map((rows) => [Float64Array.from(rows, ([a]) => a), Float64Array.from(rows, ([, b]) => b)]);

  test("have the intervals that each has alone", () => {
    fc.assert(
      fc.property(columns, fc.nat(), (both, seed) => {
        expect(bootstrapMeans(both, seed)).toEqual(both.map((column) => bootstrapMean(column, seed)));
      }),
      { numRuns: 20 },
    );
  });

  test("are paired: a difference that is the same for everyone is certain", () => {
    const random = seededRandom(2);
    const some = Float64Array.from({ length: 50 }, () => random.fraction());
    const [difference] = bootstrapMeans([some.map((value) => value + 0.5 - value)], 1) ?? expect.unreachable();
    expect(difference.high - difference.low).toBeLessThan(1e-12);
  });

  test("must be of one length, and cannot be told without subjects", () => {
    expect(() => bootstrapMeans([new Float64Array(2), new Float64Array(3)], 1)).toThrow("columns of one length");
    expect(bootstrapMeans([], 1)).toBeNull();
    expect(bootstrapMeans([new Float64Array(0)], 1)).toBeNull();
  });
});
