import type { LiveRecord, Rollout, Strategy } from "../rollout/record.ts";
import { type Comparison, compareArms } from "./comparison.ts";
import { decide, type Verdict } from "./decision.ts";
import { type ArmExposures, type Exposures, MAX_REQUESTS } from "./exposures.ts";
import { type ArmSample, p95Of } from "./resampling.ts";
import { CONVERSION_WINDOW_HOURS, MINIMUM_CONVERSIONS } from "./rules.ts";
import { type Bounds, rateOf } from "./two-proportions.ts";

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
    /** What is decided by: conversion, once events are held of users in the experiment. */
    readonly metric: Metric;
    readonly unit: "user";
    readonly test: "two_proportion_z";
    /** The comparison by the metric. */
    readonly results: Comparison;
    /** The comparisons by every metric that is known. */
    readonly comparisons: { readonly request_success: Comparison; readonly conversion: Comparison | null };
    /** How long after a list an event on one of its items counts. */
    readonly conversion_window_hours: number;
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

/**
 * `request_success`: of a user, the share of their requests that the service answered. `conversion`: whether an event on
 * an item of one of a user's lists came within the window after that list.
 */
export type Metric = "request_success" | "conversion";

export interface ArmMetrics {
  readonly users: number;
  readonly requests: number;
  readonly successes: number;
  /** Of the requests, so that users with many of them weigh more; the test weighs users alike. */
  readonly success_rate: number | null;
  readonly latency_p95_ms: number | null;
  /** Null where no events are held. */
  readonly conversion: {
    /** Those of whom it is known. */
    readonly users: number;
    readonly conversions: number;
    readonly rate: number | null;
    /** Requests of which it cannot be known any more what came of them. */
    readonly requests_unknown: number;
  } | null;
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
  { variant_A: a, variant_B: b, from, hasEvents }: Exposures,
  breathe: () => Promise<void>,
): Promise<Analysis> {
  const { rollout, revision } = asked.live;
  const share = expectedShare(rollout);
  const success = await compareArms(a, b, share, breathe);
  const conversion = hasEvents ? await compareArms(untimed(a), untimed(b), share, breathe) : null;
  const { comparison, evidence } = conversion ?? success;
  const doubts = [...doubtsOf(rollout), ...(conversion === null ? [] : fewConversions(a, b))];
  const verdict = decide({ ...evidence, doubts, tooEarly: tooEarly(asked) });
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
    metrics: { variant_A: metricsOf(a, hasEvents), variant_B: metricsOf(b, hasEvents) },
    statistical_analysis: {
      metric: conversion === null ? "request_success" : "conversion",
      unit: "user",
      test: "two_proportion_z",
      results: comparison,
      comparisons: { request_success: success.comparison, conversion: conversion?.comparison ?? null },
      conversion_window_hours: CONVERSION_WINDOW_HOURS,
      ...verdict,
      reasons: [...verdict.reasons, ...(hasEvents ? [CONVERSION, ...unknownOutcomes(a, b)] : [NO_EVENTS]), ...cut],
    },
    latency_comparison: {
      ...latency,
      interval_ms: success.resampled?.latencyMs ?? null,
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

/** Where hardly anybody converts, the arms lie within the effect that matters whatever they are. */
function fewConversions(...arms: readonly ArmExposures[]): string[] {
  const converted = arms.reduce((sum, { conversion }) => sum + conversion.rates.filter((rate) => rate > 0).length, 0);
  // That nobody is known has a reason of its own.
  if (converted >= MINIMUM_CONVERSIONS || arms.some(({ conversion }) => conversion.rates.length === 0)) return [];
  return [
    `${converted} users converted in both arms together, and ${MINIMUM_CONVERSIONS} are needed to compare by conversion.`,
  ];
}

/** A version is shipped by a whole window, or whoever looks early and often would ship by chance. */
function tooEarly({ since, to, windowMinutes }: Asked): string | null {
  if (since === null) return null;
  const left = windowMinutes - (to - since) / MINUTE_MS;
  if (left <= 0) return null;
  return `The window is not over: the rollout has been as it is since ${isoTime(since)}, and ${Math.ceil(left)} of ${windowMinutes} minutes are left. A version is shipped by a whole window.`;
}

const CONVERSION = `The metric is conversion: of each user, whether an event on an item of one of their lists came within ${CONVERSION_WINDOW_HOURS} hours of that list.`;
const NO_EVENTS =
  "The metric is request_success, because no events are held of what these users did: report them to POST /events to compare by conversion.";

/** Users as they are compared by conversion; latencies belong to requests. */
function untimed({ conversion: { rates } }: ArmExposures): ArmSample {
  return { rates, latencies: [] };
}

function unknownOutcomes(a: ArmExposures, b: ArmExposures): string[] {
  const unknown = a.conversion.unknown + b.conversion.unknown;
  if (unknown === 0) return [];
  const [shareA, shareB] = [a, b].map((arm) => {
    const share = arm.requests === 0 ? 0 : arm.conversion.unknown / arm.requests;
    return `${(100 * share).toFixed(2)} %`;
  });
  const users = a.rates.length + b.rates.length - a.conversion.rates.length - b.conversion.rates.length;
  return [
    `What came of ${unknown} requests is not known (${shareA} of those in variant_A, ${shareB} in variant_B): their traces expired or were dropped, or their users were erased. They are not counted as not converted; ${users} users, of whom nothing else is known, are left out.`,
  ];
}

function metricsOf(arm: ArmExposures, hasEvents: boolean): ArmMetrics {
  const { requests, successes, rates, latencies, conversion } = arm;
  const conversions = conversion.rates.reduce((sum, converted) => sum + converted, 0);
  return {
    users: rates.length,
    requests,
    successes,
    success_rate: requests === 0 ? null : successes / requests,
    latency_p95_ms: p95Of(latencies),
    conversion: hasEvents
      ? {
          users: conversion.rates.length,
          conversions,
          rate: rateOf({ users: conversion.rates.length, conversions }),
          requests_unknown: conversion.unknown,
        }
      : null,
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
