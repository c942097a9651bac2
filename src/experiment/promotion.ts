import type { Analysis } from "./analysis.ts";
import type { Decision } from "./decision.ts";
import { ALPHA } from "./rules.ts";

/** What came of asking for a promotion, in the JSON that the service answers. */
export interface Promotion {
  readonly promoted: boolean;
  readonly dry_run: boolean;
  readonly decision: Decision;
  /** Why it was done, or not. */
  readonly reason: string;
  /** What was done or, in a dry run, would be. */
  readonly action: "promote" | "none";
  readonly target_version: string | null;
  readonly message: string;
  /** How much slower variant_B's 95th percentile is, in per cent of variant_A's; null where no clock tells. */
  readonly latency_regression_pct: number | null;
}

export interface PromotionOptions {
  readonly windowMinutes: number;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly maxLatencyRegressionPct: number;
}

/**
 * Whether variant_B may take variant_A's place: it must do better by the rules of the analysis, not answer significantly
 * fewer requests, and not be slower by more than what is allowed. What is returned is not done yet.
 */
export function judgePromotion(
  { statistical_analysis, latency_comparison, experiment }: Analysis,
  { dryRun, maxLatencyRegressionPct: allowed }: PromotionOptions,
): Promotion {
  const { decision, reasons } = statistical_analysis;
  const regression = latency_comparison.percent_change;
  const target = experiment.variant_B;
  const judged = {
    promoted: false,
    dry_run: dryRun,
    decision,
    target_version: target,
    latency_regression_pct: regression,
  };
  const refuse = (reason: string): Promotion => ({
    ...judged,
    reason,
    action: "none",
    message: "Nothing was changed.",
  });
  if (decision !== "ship_variant_b" || target === null) {
    return refuse(`The decision is ${decision}, not ship_variant_b. ${reasons[0]}`);
  }
  // What converts more may still fail more.
  const { difference, p } = statistical_analysis.comparisons.request_success.test;
  if (difference !== null && difference < 0 && p !== null && p < ALPHA) {
    const lost = (-100 * difference).toFixed(2);
    return refuse(`variant_B answers fewer of its users' requests, by ${lost} percentage points.`);
  }
  if (regression === null)
    return refuse("How long answers take is not known, so that a regression cannot be excluded.");
  if (regression > allowed) {
    return refuse(
      `variant_B's 95th percentile is ${regression.toFixed(1)} % above variant_A's; ${allowed} % are allowed.`,
    );
  }
  return {
    ...judged,
    reason: `variant_B does better by ${statistical_analysis.metric}, and its latency is within ${allowed} % of variant_A's. ${reasons[0]}`,
    action: "promote",
    message: `${target} would become the only live version and the champion.`,
  };
}
