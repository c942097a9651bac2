import { type ArmSample, bootstrapDifferences } from "./resampling.ts";
import { type SampleRatio, sampleRatio } from "./sample-ratio.ts";
import {
  type Bounds,
  differenceOf,
  newcombeInterval,
  type Proportion,
  rateOf,
  waldInterval,
  zTest,
} from "./two-proportions.ts";

/** The same data give the same intervals. */
const SEED = 1;

/** Two arms side by side, in the JSON that reports have. */
export interface Comparison {
  readonly arms: {
    readonly variant_A: Proportion & { readonly rate: number | null };
    readonly variant_B: Proportion & { readonly rate: number | null };
  };
  readonly test: {
    /** B less A, as of the intervals. */
    readonly difference: number | null;
    readonly z: number | null;
    readonly p: number | null;
    readonly wald: Bounds | null;
    readonly newcombe: Bounds | null;
    readonly bootstrap: Bounds | null;
  };
  readonly srm: SampleRatio | { readonly expected_share: number | null; readonly chi2: null; readonly p: null };
}

/** What is told by the counts of two arms alone. @param share that of users meant for variant_B, null where there is none */
export function compareProportions(a: Proportion, b: Proportion, share: number | null) {
  return {
    variant_A: a,
    variant_B: b,
    test: zTest(a, b),
    newcombe: newcombeInterval(a, b),
    srm: share === null ? null : sampleRatio(a.users, b.users, share),
  };
}

/**
 * Compares two arms with the user as the unit.
 * @param share that of users meant for variant_B; null where none were meant for either
 * @returns the comparison for reports, what decides by it, and the bootstrap intervals
 */
export async function compareArms(a: ArmSample, b: ArmSample, share: number | null, breathe: () => Promise<void>) {
  const [proportionA, proportionB] = [proportionOf(a), proportionOf(b)];
  const evidence = compareProportions(proportionA, proportionB, share);
  const resampled = await bootstrapDifferences(a, b, SEED, breathe);
  const { z = null, p = null } = evidence.test ?? {};
  const comparison: Comparison = {
    arms: {
      variant_A: { ...proportionA, rate: rateOf(proportionA) },
      variant_B: { ...proportionB, rate: rateOf(proportionB) },
    },
    test: {
      difference: differenceOf(proportionA, proportionB),
      z,
      p,
      wald: waldInterval(proportionA, proportionB),
      newcombe: evidence.newcombe,
      bootstrap: resampled?.rate ?? null,
    },
    srm: evidence.srm ?? { expected_share: share, chi2: null, p: null },
  };
  return { comparison, evidence, resampled };
}

function proportionOf({ rates }: ArmSample): Proportion {
  return { users: rates.length, conversions: rates.reduce((sum, rate) => sum + rate, 0) };
}

/** An arm of which only counts are known. */
export function armOfCounts(conversions: number, users: number): ArmSample {
  return { rates: new Float64Array(users).fill(1, 0, conversions), latencies: [] };
}
