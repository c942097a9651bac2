import { assert } from "../base/errors.ts";
import type { Interval } from "./bootstrap.ts";

/** The 97.5 % quantile of Student's t with 19 degrees of freedom. */
const T_QUANTILE = 2.093;
/** Groups that subjects are dealt to. */
export const JACKKNIFE_GROUPS = 20;

/**
 * The 95 % interval of a statistic that is not a mean, from the delete-a-group jackknife (Kott 2001): the statistic is
 * computed with each of 20 groups of subjects left out, and its variance is (G−1)/G Σ (θ₋g − θ̄)². Resampling with
 * replacement would not do for what counts distinct things, of which a resample always holds fewer.
 *
 * @param statistic the value without one group, or, for null, over everyone
 */
export function jackknifeInterval(statistic: (leftOut: number | null) => number): Interval {
  const value = statistic(null);
  const partial = Array.from({ length: JACKKNIFE_GROUPS }, (_, group) => statistic(group));
  assert([value, ...partial].every(Number.isFinite), "a statistic is a number, whoever is left out");
  const mean = partial.reduce((sum, each) => sum + each, 0) / JACKKNIFE_GROUPS;
  const squares = partial.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const half = T_QUANTILE * Math.sqrt(((JACKKNIFE_GROUPS - 1) / JACKKNIFE_GROUPS) * squares);
  return { value, low: value - half, high: value + half };
}
