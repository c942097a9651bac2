import { ALPHA, MINIMUM_EFFECT, MINIMUM_USERS, SAMPLE_RATIO_ALPHA } from "./rules.ts";
import type { SampleRatio } from "./sample-ratio.ts";
import { type Bounds, differenceOf, type Proportion, rateOf } from "./two-proportions.ts";

export type Decision = "ship_variant_a" | "ship_variant_b" | "no_difference" | "inconclusive";

/** What is decided by. */
export interface Evidence {
  readonly variant_A: Proportion;
  readonly variant_B: Proportion;
  readonly test: { readonly z: number; readonly p: number } | null;
  readonly newcombe: Bounds | null;
  readonly srm: SampleRatio | null;
  /** Why nothing may be concluded, whatever the figures say. */
  readonly doubts: readonly string[];
  /** Why no version may be shipped yet, whatever the figures say. */
  readonly tooEarly: string | null;
}

export interface Verdict {
  readonly decision: Decision;
  /** In plain words, what led to it. */
  readonly reasons: readonly string[];
  readonly recommendation: string;
}

const ONE_LOOK =
  "p and the intervals hold for one look, at the time that was planned: looking again until there is a difference finds one more often than 5 times in 100.";

/**
 * Decides by rules that are fixed beforehand:
 *
 * - inconclusive, when there is a doubt, an arm has fewer than 1,000 users, or the split of users is not the one that was
 *   set up (p below 0.001);
 * - ship the better version, when the difference is significant (p below 0.05) and at least 0.01;
 * - no_difference, when all of Newcombe's interval lies within ±0.01;
 * - inconclusive otherwise: that no difference was found does not show that there is none.
 */
export function decide(evidence: Evidence): Verdict {
  const { variant_A: a, variant_B: b, test, newcombe, tooEarly } = evidence;
  const blocking = [...evidence.doubts, ...fewUsers(a, b), ...brokenSplit(evidence.srm)];
  const difference = differenceOf(a, b);
  if (blocking.length > 0 || difference === null || newcombe === null) {
    return verdict("inconclusive", [...blocking, ...figures(a, b, newcombe)]);
  }
  const [low, high] = newcombe;
  const isSignificant = test !== null && test.p < ALPHA;
  const matters = Math.abs(difference) >= MINIMUM_EFFECT;
  const seen = [...figures(a, b, newcombe), significance(test)];
  if (isSignificant && matters) {
    if (tooEarly !== null) return verdict("inconclusive", [tooEarly, ...seen]);
    const reason = `The difference is at least ${MATTERS}.`;
    return verdict(difference > 0 ? "ship_variant_b" : "ship_variant_a", [...seen, reason]);
  }
  if (low > -MINIMUM_EFFECT && high < MINIMUM_EFFECT) {
    const reason = `The whole interval lies within ±${points(MINIMUM_EFFECT)}: a difference that matters is excluded.`;
    return verdict("no_difference", [...seen, reason]);
  }
  const reason = isSignificant
    ? `The difference seen is smaller than ${MATTERS}, but the interval reaches beyond.`
    : `The interval reaches beyond ±${points(MINIMUM_EFFECT)}: a difference that matters is not excluded either.`;
  return verdict("inconclusive", [...seen, reason]);
}

const MATTERS = `the ${points(MINIMUM_EFFECT)} from which on one matters`;

const RECOMMENDATIONS: Readonly<Record<Decision, string>> = {
  ship_variant_a: "Keep variant_A: variant_B does worse. End the experiment by making the rollout fixed.",
  ship_variant_b: "Ship variant_B: it does better. Look at the latency, and promote it.",
  no_difference: "Either version will do by this metric: choose by cost, latency or what else matters.",
  inconclusive: "Do not decide by these figures: see the reasons, and plan the users needed with sample-size.",
};

function verdict(decision: Decision, reasons: readonly string[]): Verdict {
  return { decision, reasons: [...reasons, ONE_LOOK], recommendation: RECOMMENDATIONS[decision] };
}

function fewUsers(a: Proportion, b: Proportion): string[] {
  const short = Object.entries({ variant_A: a, variant_B: b }).filter(([, { users }]) => users < MINIMUM_USERS);
  return short.map(([name, { users }]) => `${name} has ${users} users, and ${MINIMUM_USERS} are needed.`);
}

function brokenSplit(srm: SampleRatio | null): string[] {
  if (srm === null || srm.p >= SAMPLE_RATIO_ALPHA) return [];
  const meant = percent(srm.expected_share);
  return [
    `Users did not come to the arms as they were meant to (${meant} to variant_B; χ² ${srm.chi2.toFixed(1)}, p ${pText(srm.p)}): find out why, since such arms do not compare.`,
  ];
}

function figures(a: Proportion, b: Proportion, newcombe: Bounds | null): string[] {
  const [rateA, rateB] = [rateOf(a), rateOf(b)];
  if (rateA === null || rateB === null || newcombe === null) return [];
  const [low, high] = newcombe;
  return [
    `variant_A has a rate of ${percent(rateA)} over ${a.users} users, variant_B of ${percent(rateB)} over ${b.users}: a difference of ${signed(rateB - rateA)} percentage points (95 % interval ${signed(low)} to ${signed(high)}).`,
  ];
}

function significance(test: Evidence["test"]): string {
  if (test === null) return "All users fared alike, so that there is no variance to test against.";
  const meaning =
    test.p < ALPHA ? `below ${ALPHA}, so this is unlikely to be chance` : `not below ${ALPHA}, so this may be chance`;
  return `p is ${pText(test.p)}: ${meaning}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function points(difference: number): string {
  return `${(100 * difference).toFixed(2)} percentage points`;
}

function signed(difference: number): string {
  return `${difference < 0 ? "" : "+"}${(100 * difference).toFixed(2)}`;
}

function pText(p: number): string {
  return p < 0.0001 ? "less than 0.0001" : p.toFixed(4);
}
