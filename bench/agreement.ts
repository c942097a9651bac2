import { IntegrityError } from "../src/base/errors.ts";
import type { Ranking } from "../src/kernel/factor-space.ts";

/** Largest difference between factors of Reprise and of a peer that solves the same equations. */
const MAX_FACTOR_DIFFERENCE = 1e-4;
/** Scores closer than this may change places: the peer sums in another order and precision. */
const MAX_SCORE_DIFFERENCE = 1e-5;

/** @throws IntegrityError when two matrices of factors differ by more than 1e-4 anywhere. */
export function checkSameFactors(subject: string, ours: Float32Array, theirs: Float32Array): void {
  if (ours.length !== theirs.length) throw new IntegrityError(subject, `${ours.length} and ${theirs.length} values`);
  const differing = ours.findIndex((value, at) => !(Math.abs(value - theirs[at]) <= MAX_FACTOR_DIFFERENCE));
  if (differing < 0) return;
  throw new IntegrityError(subject, `value ${differing} is ${ours[differing]}, of the peer ${theirs[differing]}`);
}

/**
 * Compares lists place by place. Where the ids differ, the scores must be equal but for rounding.
 * @returns how many lists have the same ids throughout
 */
export function checkSameLists(subject: string, ours: readonly Ranking[], theirs: readonly Ranking[]): number {
  let same = 0;
  ours.forEach((list, at) => {
    const other = theirs[at];
    const differing = list.rows.findIndex((row, place) => row !== other.rows[place]);
    const isClose = list.scores.every((score, place) => Math.abs(score - other.scores[place]) <= MAX_SCORE_DIFFERENCE);
    if (list.rows.length !== other.rows.length || (differing >= 0 && !isClose)) {
      throw new IntegrityError(subject, `list ${at} holds ${list.rows}, of the peer ${other.rows}`);
    }
    if (differing < 0) same++;
  });
  return same;
}
