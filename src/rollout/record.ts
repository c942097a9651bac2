import { InputError, type Issue } from "../base/errors.ts";

export const STRATEGIES = ["fixed", "canary", "ab_test", "shadow"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Which artifact answers which user. */
export interface Rollout {
  readonly strategy: Strategy;
  readonly primary_version: string;
  /** Null where none is named; `fixed` keeps it and does not use it. */
  readonly canary_version: string | null;
  /** Share of users in per cent that a `canary` gives the canary, 0 to 100. */
  readonly canary_percentage: number;
  readonly environment: string;
}

/** What is live: one record for a deployment, changed by compare-and-set on its revision. */
export interface LiveRecord {
  readonly rollout: Rollout;
  /** 1 for the first record, and one more with every change. */
  readonly revision: number;
}

/** A change of a rollout: what is not given keeps its value. */
export interface RolloutChange {
  readonly strategy?: string;
  readonly primary_version?: string;
  readonly canary_version?: string | null;
  readonly canary_percentage?: number;
}

/**
 * The rollout after a change.
 * @throws InputError naming each member that cannot be: an unknown strategy, a percentage outside 0 to 100, a strategy
 *   that wants a canary without one, or a canary that is the primary
 */
export function changed(rollout: Rollout, change: RolloutChange): Rollout {
  const issues: Issue[] = [];
  const strategy = change.strategy ?? rollout.strategy;
  const primary = change.primary_version ?? rollout.primary_version;
  const canary = change.canary_version === undefined ? rollout.canary_version : change.canary_version;
  const percentage = change.canary_percentage ?? rollout.canary_percentage;
  if (!isStrategy(strategy)) {
    issues.push({ field: "strategy", value: strategy, message: `must be one of ${STRATEGIES.join(", ")}` });
  }
  if (!(percentage >= 0 && percentage <= 100)) {
    issues.push({ field: "canary_percentage", value: percentage, message: "must be a number from 0 to 100" });
  }
  const wantsCanary = isStrategy(strategy) && strategy !== "fixed";
  if (wantsCanary && canary === null) {
    issues.push({ field: "canary_version", value: null, message: `is missing: ${strategy} wants a second version` });
  }
  if (wantsCanary && canary === primary) {
    issues.push({ field: "canary_version", value: canary, message: "must differ from primary_version" });
  }
  if (issues.length > 0) throw new InputError(issues);
  return {
    strategy: strategy as Strategy,
    primary_version: primary,
    canary_version: canary,
    canary_percentage: percentage,
    environment: rollout.environment,
  };
}

/** The rollout after a switch of the primary; a switch to the canary ends the comparison of the two. */
export function switched(rollout: Rollout, version: string): Rollout {
  if (version !== rollout.canary_version) return { ...rollout, primary_version: version };
  return { ...rollout, strategy: "fixed", primary_version: version, canary_version: null, canary_percentage: 0 };
}

/** The versions that a rollout answers from. */
export function versionsOf(rollout: Rollout): readonly string[] {
  const { primary_version: primary, canary_version: canary } = rollout;
  return rollout.strategy === "fixed" || canary === null ? [primary] : [primary, canary];
}

function isStrategy(text: string): text is Strategy {
  return (STRATEGIES as readonly string[]).includes(text);
}
