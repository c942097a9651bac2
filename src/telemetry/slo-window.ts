import { histogramQuantile } from "../slo/histogram-quantile.ts";
import { AVAILABILITY_OBJECTIVE } from "../slo/objectives.ts";

/** How far back the figures look. */
export const SLO_WINDOW_MINUTES = 60;
const MINUTE_MS = 60_000;

export interface SloFigures {
  readonly latencyP95Seconds: number;
  /** 1 where there was no request: none failed. */
  readonly availability: number;
  /** Below 0 when more failed than the objective allows. */
  readonly errorBudgetRemaining: number;
}

interface Minute {
  minute: number;
  successful: number;
  failed: number;
  readonly latencies: number[];
}

/** How the newest requests did against the objectives, counted by the minute. */
export class SloWindow {
  readonly #bounds: readonly number[];
  readonly #now: () => number;
  readonly #minutes: Minute[];

  /**
   * @param bounds upper bounds of latency buckets in seconds, ascending; one more bucket is for what is above them
   * @param now milliseconds since 1970
   */
  constructor(bounds: readonly number[], now: () => number) {
    this.#bounds = bounds;
    this.#now = now;
    this.#minutes = Array.from({ length: SLO_WINDOW_MINUTES }, () => ({
      minute: -1,
      successful: 0,
      failed: 0,
      latencies: new Array<number>(bounds.length + 1).fill(0),
    }));
  }

  /** Counts requests by their HTTP status: 4xx are the caller's fault and no part of availability. */
  countStatus(status: number, times = 1): void {
    if (status >= 400 && status < 500) return;
    const minute = this.#current();
    if (status >= 500) minute.failed += times;
    else minute.successful += times;
  }

  countLatency(bucket: number, times = 1): void {
    this.#current().latencies[bucket] += times;
  }

  figures(): SloFigures {
    const newest = Math.floor(this.#now() / MINUTE_MS);
    const within = this.#minutes.filter(({ minute }) => minute <= newest && minute > newest - SLO_WINDOW_MINUTES);
    const successful = within.reduce((sum, minute) => sum + minute.successful, 0);
    const failed = within.reduce((sum, minute) => sum + minute.failed, 0);
    const failedShare = failed === 0 ? 0 : failed / (successful + failed);
    const cumulative = new Map<number, number>();
    let count = 0;
    for (const [bucket, bound] of [...this.#bounds, Number.POSITIVE_INFINITY].entries()) {
      for (const { latencies } of within) count += latencies[bucket];
      cumulative.set(bound, count);
    }
    return {
      latencyP95Seconds: histogramQuantile(cumulative, 0.95) ?? 0,
      availability: 1 - failedShare,
      errorBudgetRemaining: 1 - failedShare / (1 - AVAILABILITY_OBJECTIVE),
    };
  }

  #current(): Minute {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    const slot = this.#minutes[minute % SLO_WINDOW_MINUTES];
    if (slot.minute !== minute) {
      slot.minute = minute;
      slot.successful = 0;
      slot.failed = 0;
      slot.latencies.fill(0);
    }
    return slot;
  }
}
