import { normalQuantile, twoSidedP } from "../stats/normal.ts";
import { ALPHA } from "./rules.ts";

/**
 * How many users an arm has, and how many of them succeeded. Where a user's success is a share of their requests,
 * `conversions` is the sum of these shares: the variance of a share is at most that of a yes or no with the same mean,
 * so what is computed here from whole users is then on the safe side.
 */
export interface Proportion {
  readonly users: number;
  readonly conversions: number;
}

/** The ends of a 95 % interval. */
export type Bounds = readonly [low: number, high: number];

const Z = normalQuantile(1 - ALPHA / 2);

export function rateOf({ users, conversions }: Proportion): number | null {
  return users === 0 ? null : conversions / users;
}

/** The difference of two rates, B less A; null where an arm has no users. */
export function differenceOf(a: Proportion, b: Proportion): number | null {
  const [rateA, rateB] = [rateOf(a), rateOf(b)];
  return rateA === null || rateB === null ? null : rateB - rateA;
}

/**
 * The two-sided z-test of two proportions, with the variance of both arms pooled (Fleiss, Levin and Paik 2003, 3.1).
 * Null where an arm has no users, and where all users of both succeeded or none did: there is no variance to judge by.
 */
export function zTest(a: Proportion, b: Proportion): { readonly z: number; readonly p: number } | null {
  const difference = differenceOf(a, b);
  if (difference === null) return null;
  const pooled = (a.conversions + b.conversions) / (a.users + b.users);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.users + 1 / b.users));
  if (!(error > 0)) return null;
  const z = difference / error;
  return { z, p: twoSidedP(z) };
}

/** Wald's interval of the difference, by the variance of each arm. Too short where rates are near 0 or 1. */
export function waldInterval(a: Proportion, b: Proportion): Bounds | null {
  const difference = differenceOf(a, b);
  if (difference === null) return null;
  const variance = ({ users, conversions }: Proportion) => ((conversions / users) * (1 - conversions / users)) / users;
  // A sum of shares may end a rounding error above the number of users.
  const half = Z * Math.sqrt(Math.max(0, variance(a) + variance(b)));
  return [difference - half, difference + half];
}

/** Newcombe's hybrid score interval of the difference (Newcombe 1998, method 10), good near 0 and 1 as well. */
export function newcombeInterval(a: Proportion, b: Proportion): Bounds | null {
  const [rateA, rateB] = [rateOf(a), rateOf(b)];
  if (rateA === null || rateB === null) return null;
  const [lowA, highA] = wilsonInterval(rateA, a.users);
  const [lowB, highB] = wilsonInterval(rateB, b.users);
  const below = Math.sqrt((rateB - lowB) ** 2 + (highA - rateA) ** 2);
  const above = Math.sqrt((highB - rateB) ** 2 + (rateA - lowA) ** 2);
  return [rateB - rateA - below, rateB - rateA + above];
}

/** Wilson's score interval of one proportion (Wilson 1927). */
function wilsonInterval(rate: number, users: number): Bounds {
  const centre = rate + Z ** 2 / (2 * users);
  const half = Z * Math.sqrt(Math.max(0, rate * (1 - rate)) / users + Z ** 2 / (4 * users ** 2));
  const scale = 1 + Z ** 2 / users;
  return [(centre - half) / scale, (centre + half) / scale];
}
