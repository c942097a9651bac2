import type { LiveRecord, Rollout, Strategy } from "../rollout/record.ts";
import { type Comparison, compareArms } from "./comparison.ts";
import { decide, type Verdict } from "./decision.ts";
import { type ArmExposures, type Exposures, MAX_REQUESTS } from "./exposures.ts";
import { p95Of } from "./resampling.ts";
import type { Bounds } from "./two-proportions.ts";

const MINUTE_MS = 60_000;

/** What an analysis says, in the JSON that reports have. */
export interface Analysis {
  readonly experiment: {
    readonly strategy: Strategy;
    readonly time_window_minutes: number;
    /** The versions of the arms; null where the rollout has no second one. */
    readonly variant_A: string;
    readonly variant_B: string | null;
    readonly revision: number;
    /** When the rollout came to be what it is; null where the history does not go back so far. */
    readonly since: string | null;
    /** What was counted: from here until `to`. */
    readonly from: string;
    readonly to: string;
  };
  readonly metrics: { readonly variant_A: ArmMetrics; readonly variant_B: ArmMetrics };
  readonly statistical_analysis: {
    readonly metric: "request_success";
    readonly unit: "user";
    readonly test: "two_proportion_z";
    readonly results: Comparison;
  } & Verdict;
  readonly latency_comparison: {
    readonly variant_A_p95_ms: number | null;
    readonly variant_B_p95_ms: number | null;
    /** B less A. */
    readonly delta_ms: number | null;
    readonly percent_change: number | null;
    /** The 95 % interval of `delta_ms`. */
    readonly interval_ms: Bounds | null;
    /** Whether it rests on a part of the requests, chosen by lot. */
    readonly sampled: boolean;
  };
}

export interface ArmMetrics {
  readonly users: number;
  readonly requests: number;
  readonly successes: number;
  /** Of the requests, so that users with many of them weigh more; the test weighs users alike. */
  readonly success_rate: number | null;
  readonly latency_p95_ms: number | null;
}

/** What was asked for: an experiment and a stretch of time, in milliseconds since 1970. */
export interface Asked {
  readonly live: LiveRecord;
  readonly windowMinutes: number;
  readonly since: number | null;
  readonly from: number;
  readonly to: number;
}

/** Analyses what the users of both arms met with. @param breathe lets others have their turn */
export async function analyse(
  asked: Asked,
  { variant_A: a, variant_B: b, from }: Exposures,
  breathe: () => Promise<void>,
): Promise<Analysis> {
  const { rollout, revision } = asked.live;
  const share = expectedShare(rollout);
  const { comparison, evidence, resampled } = await compareArms(a, b, share, breathe);
  const verdict = decide({ ...evidence, doubts: doubtsOf(rollout), tooEarly: tooEarly(asked) });
  const cut =
    from > asked.from
      ? [`Only the newest requests were counted, since ${isoTime(from)}: an analysis reads about ${MAX_REQUESTS}.`]
      : [];
  const latency = latencyOf(a, b);
  return {
    experiment: {
      strategy: rollout.strategy,
      time_window_minutes: asked.windowMinutes,
      variant_A: rollout.primary_version,
      variant_B: share === null ? null : rollout.canary_version,
      revision,
      since: asked.since === null ? null : isoTime(asked.since),
      from: isoTime(from),
      to: isoTime(asked.to),
    },
    metrics: { variant_A: metricsOf(a), variant_B: metricsOf(b) },
    statistical_analysis: {
      metric: "request_success",
      unit: "user",
      test: "two_proportion_z",
      results: comparison,
      ...verdict,
      reasons: [...verdict.reasons, ...cut],
    },
    latency_comparison: {
      ...latency,
      interval_ms: resampled?.latencyMs ?? null,
      sampled: a.sampled || b.sampled,
    },
  };
}

/** The share of users that a rollout gives variant_B; null where it has no arms. */
export function expectedShare({ strategy, canary_percentage: percentage }: Rollout): number | null {
  if (strategy === "ab_test") return 0.5;
  // Users are in 100 parts of one size, and those with a number below the percentage get the canary.
  return strategy === "canary" ? Math.ceil(percentage) / 100 : null;
}

function doubtsOf({ strategy }: Rollout): string[] {
  if (strategy === "ab_test" || strategy === "canary") return [];
  return [`No experiment is live: the rollout is ${strategy}, so that users are not divided into arms.`];
}

/** A version is shipped by a whole window, or whoever looks early and often would ship by chance. */
function tooEarly({ since, to, windowMinutes }: Asked): string | null {
  if (since === null) return null;
  const left = windowMinutes - (to - since) / MINUTE_MS;
  if (left <= 0) return null;
  return `The window is not over: the rollout has been as it is since ${isoTime(since)}, and ${Math.ceil(left)} of ${windowMinutes} minutes are left. A version is shipped by a whole window.`;
}

function metricsOf(arm: ArmExposures): ArmMetrics {
  const { requests, successes, rates, latencies } = arm;
  return {
    users: rates.length,
    requests,
    successes,
    success_rate: requests === 0 ? null : successes / requests,
    latency_p95_ms: p95Of(latencies),
  };
}

function latencyOf(a: ArmExposures, b: ArmExposures) {
  const [p95A, p95B] = [p95Of(a.latencies), p95Of(b.latencies)];
  const delta = p95A === null || p95B === null ? null : p95B - p95A;
  return {
    variant_A_p95_ms: p95A,
    variant_B_p95_ms: p95B,
    delta_ms: delta,
    percent_change: delta === null || p95A === null || p95A === 0 ? null : (100 * delta) / p95A,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
