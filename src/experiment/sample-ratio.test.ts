import { describe, expect, test } from "vitest";
import { sampleRatio } from "./sample-ratio.ts";

describe("the split of users", () => {
  test("of 5,000 to 5,200 where halves were meant has p 0.0476704", () => {
    const { chi2, p } = sampleRatio(5_000, 5_200, 0.5) ?? expect.unreachable();
    expect(chi2).toBeCloseTo(3.9215686, 7);
    expect(p).toBeCloseTo(0.0476704, 7);
  });

  test("is what was meant where it is exactly that", () => {
    expect(sampleRatio(900, 100, 0.1)).toEqual({ expected_share: 0.1, chi2: 0, p: 1 });
  });

  test("is off where one arm lost its users", () => {
    expect(sampleRatio(1_000, 0, 0.5)?.p).toBeLessThan(1e-100);
  });

  test.each([
    [0, 0, 0.5],
    [10, 0, 0],
    [0, 10, 1],
  ])("cannot be judged for %i and %i where %f were meant", (a, b, share) => {
    expect(sampleRatio(a, b, share)).toBeNull();
  });
});
