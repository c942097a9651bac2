import type { Analysis } from "../experiment/analysis.ts";
import type { Promotion, PromotionOptions } from "../experiment/promotion.ts";
import type { ReplayResult } from "../provenance/replay.ts";
import type { StoredTrace } from "../provenance/trace.ts";
import type { LiveRecord } from "../rollout/record.ts";
import type { Steering } from "../rollout/steering.ts";

/** How far the shadow's lists agree with those given, over the newest comparisons; nulls where there are none. */
export interface ShadowFigures {
  readonly comparisons: number;
  readonly dropped: number;
  readonly failed: number;
  readonly overlap_mean: number | null;
  readonly rank_correlation_mean: number | null;
  readonly latency_p95_ms: number | null;
}

export interface LiveStatus {
  readonly record: LiveRecord;
  /** The version that answers for the primary: itself, or one in its place. */
  readonly activeVersion: string | null;
  readonly shadow: ShadowFigures;
}

/** What the HTTP face lets an operator or an auditor do. */
export interface Operator {
  readonly steering: Steering;
  status(): Promise<LiveStatus>;
  /** What a version that was made live is. */
  describe(version: string): Promise<{ readonly name: string; readonly meta: Readonly<Record<string, unknown>> }>;
  /** Compares the arms of the experiment that is live. */
  analyse(windowMinutes: number): Promise<Analysis>;
  /** Makes the winner live for everyone and the champion, where the analysis allows it. Throws like `steering.promote`. */
  promote(options: PromotionOptions, actor: string): Promise<Promotion>;
  /** All traces under a request id, newest first. */
  traces(requestId: string): Promise<readonly StoredTrace[]>;
  /** Computes an answer again. @throws InputError for what is no answer */
  replay(answer: unknown): Promise<ReplayResult>;
  /** Computes the answers of traces again: the first that is no match, else the first. */
  replayTraces(traces: readonly StoredTrace[]): Promise<ReplayResult>;
}
