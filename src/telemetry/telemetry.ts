import type { DriftFigures, DriftGauges } from "../drift/gauges.ts";
import { RETRAIN_OUTCOMES, type RetrainLog } from "../events/retraining.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Feedback } from "../http/feedback.ts";
import type { Health, Recommender } from "../http/recommender.ts";
import type { Registry } from "../registry/registry.ts";
import { versionsOf } from "../rollout/record.ts";
import type { ShadowRuns } from "../rollout/shadow.ts";
import type { Steering } from "../rollout/steering.ts";
import type { PublishingState } from "../stream/outbox.ts";
import { BUCKETS_SECONDS } from "./families.ts";
import type { Instruments } from "./instruments.ts";
import { type Arms, exchangeMeter } from "./measured-exchanges.ts";
import { measuredFeedback } from "./measured-feedback.ts";
import { measuredRecommender } from "./measured-recommender.ts";
import { measuredSteering } from "./measured-steering.ts";
import { SloWindow } from "./slo-window.ts";

export interface TelemetryParts {
  readonly instruments: Instruments;
  /** The commit of the running service. */
  readonly gitSha: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never going back. */
  readonly monotonicMs: () => number;
}

/** What the readings of gauges are taken from. */
export interface Observed {
  readonly health: () => Promise<Health>;
  /** What a version that is live is. */
  readonly describe: (version: string) => Promise<{ readonly model_name: string; readonly data_snapshot_id: string }>;
  /** The newest comparisons of the shadow's lists with those given. */
  readonly comparisons: ShadowRuns["comparisons"];
  readonly droppedTraces: () => number;
  /** How much waits to be published; null where nothing is published. */
  readonly outbox: Pick<PublishingState, "pending"> | null;
  /** Counts the runs of retraining; null where nothing is retrained. */
  readonly retraining: Pick<RetrainLog, "tally"> | null;
  /** The versions that could be made live. */
  readonly published: Published;
}

type Published = () => Promise<readonly string[]>;

/** How often published versions are looked for. */
const PUBLISHED_AGE_MS = 30_000;

/** Measures the service by decorating it: what answers and what stores know nothing of it. */
export interface Telemetry {
  readonly measure: (exchange: Exchange) => void;
  registry(inner: Registry): Registry;
  /** @param published reads the versions that labels may name */
  steering(inner: Steering, published: Published): Steering;
  recommender(inner: Recommender, steering: Steering): Recommender;
  feedback(inner: Feedback): Feedback;
  observe(observed: Observed): void;
  /** Where what is known of the data is told. */
  readonly drift: DriftGauges;
}

export function openTelemetry({ instruments, gitSha, now, monotonicMs }: TelemetryParts): Telemetry {
  const arms: Arms = new WeakMap();
  const slo = new SloWindow(BUCKETS_SECONDS, now);
  const loads = instruments.histogram("model_load_seconds", {});
  const startedAt = now();
  const drift = new Map<string, DriftFigures>();
  let measuredAt = 0;

  instruments.observe(["service_uptime_seconds"], (observe) =>
    observe("service_uptime_seconds", (now() - startedAt) / 1000),
  );
  instruments.observe(
    ["slo_latency_p95_seconds", "slo_availability_ratio", "slo_error_budget_remaining_ratio"],
    (observe) => {
      const { latencyP95Seconds, availability, errorBudgetRemaining } = slo.figures();
      observe("slo_latency_p95_seconds", latencyP95Seconds);
      observe("slo_availability_ratio", availability);
      observe("slo_error_budget_remaining_ratio", errorBudgetRemaining);
    },
  );
  instruments.observe(
    [
      "data_drift_psi",
      "data_drift_kl",
      "data_missing_ratio",
      "data_outlier_fraction",
      "data_measured_timestamp_seconds",
    ],
    (observe) => {
      if (measuredAt > 0) observe("data_measured_timestamp_seconds", measuredAt / 1000);
      for (const [feature, { psi, kl, missing_ratio, outlier_fraction }] of drift) {
        observe("data_drift_psi", psi ?? Number.NaN, { feature });
        observe("data_drift_kl", kl ?? Number.NaN, { feature });
        observe("data_missing_ratio", missing_ratio ?? Number.NaN, { feature });
        observe("data_outlier_fraction", outlier_fraction ?? Number.NaN, { feature });
      }
    },
  );

  return {
    measure: exchangeMeter(instruments, arms, slo),
    registry: (inner) => ({
      ...inner,
      load: async (version) => {
        const began = monotonicMs();
        try {
          return await inner.load(version);
        } finally {
          loads.record(Math.max(0, monotonicMs() - began) / 1000, null);
        }
      },
    }),
    steering: (inner, published) => measuredSteering(inner, published, instruments),
    recommender: (inner, steering) => measuredRecommender(inner, steering.current, instruments, arms),
    feedback: (inner) => measuredFeedback(inner, instruments),
    observe: ({ health, describe, comparisons, droppedTraces, outbox, retraining, published }) => {
      let shown = { live: "", at: 0 };
      /** The switches that could come next stand at 0, so that the first of a kind is an increase too. */
      const showSwitches = async (live: string): Promise<void> => {
        if (live === shown.live && now() - shown.at < PUBLISHED_AGE_MS) return;
        shown = { live, at: now() };
        for (const other of await published().catch(() => [])) {
          if (other === live) continue;
          const labels = { from_version: live, to_version: other, status: "200" };
          instruments.counter("model_switches_total", labels).add(0);
        }
      };
      instruments.observe(["outbox_pending"], async (observe) =>
        // Nothing told would stand there as 0, and say that nothing waits.
        observe("outbox_pending", outbox === null ? 0 : await outbox.pending().catch(() => Number.NaN)),
      );
      instruments.observe(["retrain_runs", "retrain_success_timestamp_seconds"], async (observe) => {
        const tally = await retraining?.tally();
        if (!tally) return;
        for (const outcome of RETRAIN_OUTCOMES) observe("retrain_runs", tally.runs[outcome], { outcome });
        if (tally.succeeded_at !== null) observe("retrain_success_timestamp_seconds", tally.succeeded_at / 1000);
      });
      instruments.observe(["traces_dropped_total"], (observe) => observe("traces_dropped_total", droppedTraces()));
      instruments.observe(["shadow_overlap_ratio"], (observe) => {
        const overlaps = comparisons().map(({ overlap }) => overlap);
        if (overlaps.length === 0) return;
        observe("shadow_overlap_ratio", overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length);
      });
      const ofHealth = [
        "service_health_status",
        "model_version_info",
        "retrain_finished_timestamp_seconds",
        "retrain_duration_seconds",
      ] as const;
      instruments.observe(ofHealth, async (observe) => {
        const { ok, version, rollout, retraining: lastRun } = await health();
        observe("service_health_status", ok ? 1 : 0);
        const { outcome = null, started_at = 0, finished_at = null } = lastRun ?? {};
        if (outcome !== null && finished_at !== null) {
          observe("retrain_finished_timestamp_seconds", finished_at / 1000, { outcome });
          observe("retrain_duration_seconds", Math.max(0, finished_at - started_at) / 1000);
        }
        if (version !== null) await showSwitches(version);
        // Where another version stands in for the primary, it is the one that is live here.
        const canary = rollout === null ? [] : versionsOf(rollout).filter((named) => named !== rollout.primary_version);
        for (const live of version === null ? [] : new Set([version, ...canary])) {
          const manifest = await describe(live).catch(() => null);
          if (manifest === null) continue;
          observe("model_version_info", 1, {
            model_name: manifest.model_name,
            version: live,
            git_sha: gitSha,
            data_snapshot: manifest.data_snapshot_id,
          });
        }
      });
    },
    drift: {
      set: (feature, figures) => {
        drift.set(feature, figures);
        measuredAt = now();
      },
    },
  };
}
