import cdf from "@stdlib/stats-base-dists-normal-cdf";
import quantile from "@stdlib/stats-base-dists-normal-quantile";

/** The quantile of the standard normal distribution at `probability`, within 0 and 1. */
export function normalQuantile(probability: number): number {
  return quantile(probability, 0, 1);
}

/** How likely a standard normal value lies at least as far from 0 as `z`, on either side. */
export function twoSidedP(z: number): number {
  return 2 * cdf(-Math.abs(z), 0, 1);
}

/** How likely a χ² value with one degree of freedom, which is the square of a standard normal one, is at least `chi2`. */
export function chiSquareP(chi2: number): number {
  return twoSidedP(Math.sqrt(chi2));
}
