import { chiSquareP } from "../stats/normal.ts";

export interface SampleRatio {
  /** The share of users that variant_B was meant to get. */
  readonly expected_share: number;
  readonly chi2: number;
  readonly p: number;
}

/**
 * Whether users came to the arms in the shares that were set up, by Pearson's χ² with one degree of freedom. A split
 * that is off shows that users of one arm were lost or counted wrongly, and then the arms do not compare.
 * @param share that of variant_B, 0 to 1
 * @returns null without users, or where all were meant for one arm
 */
export function sampleRatio(usersA: number, usersB: number, share: number): SampleRatio | null {
  const users = usersA + usersB;
  if (users === 0 || share <= 0 || share >= 1) return null;
  const [expectedA, expectedB] = [users * (1 - share), users * share];
  const chi2 = (usersA - expectedA) ** 2 / expectedA + (usersB - expectedB) ** 2 / expectedB;
  return { expected_share: share, chi2, p: chiSquareP(chi2) };
}
