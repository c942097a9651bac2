import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../base/random.ts";
import { chiSquaredQuantile, judge } from "./judge.ts";

const SHARES = [0.02, 0.08, 0.1, 0.1, 0.15, 0.15, 0.2, 0.2];
const sample = (counts: readonly number[]) => ({ counts, effectiveN: counts.reduce((sum, each) => sum + each, 0) });

function drawn(random: Random, n: number, shares: readonly number[] = SHARES): number[] {
  const counts = shares.map(() => 0);
  for (let draw = 0; draw < n; draw++) {
    let left = random.fraction();
    const bin = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    counts[bin === -1 ? shares.length - 1 : bin]++;
  }
  return counts;
}

const trials = (count: number, seed: number, of: (random: Random) => string) => {
  const random = seededRandom(seed);
  const verdicts = Array.from({ length: count }, () => of(random));
  return (verdict: string) => verdicts.filter((each) => each === verdict).length / count;
};

describe("a verdict", () => {
  test.each([5, 20, 50, 200, 1_000, 20_000])("finds no drift in %i of the same kind", (n) => {
    const share = trials(300, n, (random) => judge(sample(drawn(random, 5_000)), sample(drawn(random, n))).verdict);
    expect(share("drift")).toBeLessThan(0.01);
    if (n >= 200) expect(share("no_drift")).toBeGreaterThan(0.98);
    if (n <= 20) expect(share("cannot_tell")).toBeGreaterThan(0.98);
  });

  test("finds a shift that matters where there is enough to see it", () => {
    const shifted = [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.08, 0.02];
    const share = trials(
      50,
      1,
      (random) => judge(sample(drawn(random, 5_000)), sample(drawn(random, 400, shifted))).verdict,
    );
    expect(share("drift")).toBe(1);
  });

  test("leaves alone what is certain and too little to matter", () => {
    const { verdict, distances } = judge(sample([500_000, 500_000]), sample([520_000, 480_000]));
    expect(verdict).toBe("no_drift");
    expect(distances?.psi).toBeGreaterThan(0);
  });

  test("counts what many of one cluster say as little", () => {
    const [reference, current] = [
      [500, 500],
      [700, 300],
    ];
    expect(judge(sample(reference), sample(current)).verdict).toBe("drift");
    expect(judge(sample(reference), { counts: current, effectiveN: 4 }).verdict).toBe("cannot_tell");
  });

  test("is open where chance and a shift that matters look alike", () => {
    const [reference, current] = [sample([5_000, 5_000]), sample([8, 22])];
    const { verdict, distances, psiByChance, psiThreshold } = judge(reference, current);
    // Chance gives little on average, and yet what was found, which is over 0.1, is not beyond it.
    expect(psiByChance).toBeLessThan(0.1);
    expect(distances?.psi).toBeGreaterThan(0.1);
    expect(distances?.psi).toBeLessThan(psiThreshold ?? 0);
    expect(verdict).toBe("cannot_tell");
  });

  test("is not given where a side is empty", () => {
    expect(judge(sample([1, 2]), sample([0, 0]))).toMatchObject({
      verdict: "no_data",
      reason: "the current data holds nothing of it",
      distances: null,
    });
    expect(judge(sample([0, 0]), sample([1, 2])).reason).toBe("the reference holds nothing of it");
  });
});

// Tables of the χ² distribution at 99.9 %.
test.each([
  [1, 10.828],
  [2, 13.816],
  [5, 20.515],
  [10, 29.588],
  [20, 45.315],
])("the quantile of χ² with %i degrees of freedom is %d, or a little more", (df, quantile) => {
  expect(chiSquaredQuantile(df) / quantile).toBeGreaterThan(1);
  expect(chiSquaredQuantile(df) / quantile).toBeLessThan(1.04);
});
