import { CounterReader } from "./counter-increases.ts";
import { Coverage, unreachable } from "./coverage.ts";
import { histogramQuantile } from "./histogram-quantile.ts";
import type { MetricsQuery, Series, TimeWindow } from "./metrics-query.ts";
import { Targets } from "./targets.ts";

/** How far before a window a counter's value to begin from is looked for: as far as Prometheus itself looks back. */
export const LOOKBACK_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const LATENCY_QUANTILE = 0.95;
/** Answers for many at once, which say nothing of how long one takes. */
const BATCH_ENDPOINT = "/recommend/batch";
/** Parts of the window that the course over time is told in, at most. */
const MAX_TIMELINE_PARTS = 144;
const MINUTE_MS = 60_000;

/** How requests ended in a part of the window. */
export interface AvailabilityPoint {
  readonly start: string;
  readonly total_requests: number;
  readonly availability_percent: number | null;
  readonly p95_latency_seconds: number | null;
}

/** A figure without data is null, never 0. */
export interface AvailabilityReport {
  readonly time_window: { readonly start: string; readonly end: string; readonly duration_hours: number };
  readonly metrics: {
    /** All that were answered, the client's errors included. */
    readonly total_requests: number | null;
    /** 2xx and 3xx. */
    readonly successful_requests: number | null;
    /** 5xx. */
    readonly error_requests: number | null;
    /** 4xx: neither success nor error. */
    readonly client_error_requests: number | null;
    /** Successful over successful and errors. */
    readonly availability_percent: number | null;
    /** Mean of `service_health_status` over its samples. */
    readonly avg_health_status: number | null;
    /** Of single answers, batches left out. */
    readonly p95_latency_seconds: number | null;
  };
  readonly slo_compliance: {
    readonly required_availability: number;
    readonly actual_availability: number | null;
    readonly meets_requirement: boolean | null;
    readonly margin: number | null;
  };
  /** Time without any sample, which is neither up nor down. */
  readonly gaps: readonly { readonly start: string; readonly end: string }[];
  /** Time in which scrapes were tried and nothing answered. */
  readonly unreachable: readonly { readonly start: string; readonly end: string }[];
  readonly scrape_interval_seconds: number | null;
  readonly instances: number;
  readonly process_starts: number;
  readonly timeline: readonly AvailabilityPoint[];
}

class Tally {
  readonly classes = { success: 0, error: 0, client: 0 };
  readonly buckets = new Map<number, number>();

  count(status: string, amount: number): void {
    if (/^[23]/.test(status)) this.classes.success += amount;
    else if (/^4/.test(status)) this.classes.client += amount;
    else this.classes.error += amount;
  }

  addLatency(le: string, amount: number): void {
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    this.buckets.set(bound, (this.buckets.get(bound) ?? 0) + amount);
  }

  /** In per cent, null where no request speaks for it. */
  availability(): number | null {
    const { success, error } = this.classes;
    return success + error > 0 ? (100 * success) / (success + error) : null;
  }

  total(): number {
    return this.classes.success + this.classes.error + this.classes.client;
  }

  p95(): number | null {
    return histogramQuantile(this.buckets, LATENCY_QUANTILE);
  }
}

/**
 * Availability over a window: successful requests over successful ones and errors, from what `recommend_requests_total`
 * grew by. The rules of counting are `CounterReader`'s.
 * @param required per cent
 */
export async function availability(
  metrics: MetricsQuery,
  window: TimeWindow,
  required: number,
): Promise<AvailabilityReport> {
  const from = { start: window.start - LOOKBACK_MS, end: window.end };
  const up = await whole(metrics, "up", from);
  const targets = new Targets();
  targets.sawUp(up);
  for await (const part of metrics.samples("service_uptime_seconds", from)) targets.sawUptime(part);

  const sum = new Tally();
  const parts = new Timeline(window);
  const coverage = new Coverage();
  const jobs = new Set<string | undefined>();
  const instances = new Set<string | undefined>();
  let hasData = false;

  const requests = new CounterReader(targets, window.start);
  for await (const part of metrics.samples("recommend_requests_total", from)) {
    coverage.add(part);
    for (const { labels, samples } of part) {
      if (!samples.some(({ time }) => time > window.start)) continue;
      hasData = true;
      jobs.add(labels.job);
      instances.add(labels.instance);
    }
    for (const { labels, time, amount } of requests.read(part)) {
      sum.count(labels.status, amount);
      parts.at(time).count(labels.status, amount);
    }
  }

  const latencies = new CounterReader(targets, window.start);
  for await (const part of metrics.samples("recommend_latency_seconds_bucket", from)) {
    for (const { labels, time, amount } of latencies.read(part)) {
      if (labels.endpoint === BATCH_ENDPOINT) continue;
      sum.addLatency(labels.le, amount);
      parts.at(time).addLatency(labels.le, amount);
    }
  }

  const ofService = up.filter(({ labels }) => jobs.has(labels.job));
  coverage.add(ofService);
  const { success, error, client } = sum.classes;
  const percent = sum.availability();
  const orNull = (value: number) => (hasData ? value : null);
  return {
    time_window: {
      ...isoWindow(window),
      duration_hours: (window.end - window.start) / HOUR_MS,
    },
    metrics: {
      total_requests: orNull(sum.total()),
      successful_requests: orNull(success),
      error_requests: orNull(error),
      client_error_requests: orNull(client),
      availability_percent: percent,
      avg_health_status: await meanOf(metrics, "service_health_status", window),
      p95_latency_seconds: sum.p95(),
    },
    slo_compliance: {
      required_availability: required,
      actual_availability: percent,
      meets_requirement: percent === null ? null : percent >= required,
      margin: percent === null ? null : percent - required,
    },
    gaps: coverage.gaps(window).map(isoWindow),
    unreachable: unreachable(ofService, coverage.allowedMs())
      .filter(({ end }) => end > window.start)
      .map(isoWindow),
    scrape_interval_seconds: secondsOf(coverage.intervalMs()),
    instances: instances.size,
    process_starts: targets.starts(window.start, window.end),
    timeline: hasData ? parts.points() : [],
  };
}

export function isoWindow({ start, end }: TimeWindow) {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

/** Tallies for equal parts of a window. */
class Timeline {
  readonly #start: number;
  readonly #partMs: number;
  readonly #parts: Tally[];

  constructor({ start, end }: TimeWindow) {
    this.#start = start;
    this.#partMs = Math.max(1, Math.ceil((end - start) / MAX_TIMELINE_PARTS / MINUTE_MS)) * MINUTE_MS;
    this.#parts = Array.from({ length: Math.ceil((end - start) / this.#partMs) }, () => new Tally());
  }

  /** The part that a time after the start falls into; times on a seam belong to the earlier part. */
  at(time: number): Tally {
    const place = Math.ceil((time - this.#start) / this.#partMs) - 1;
    return this.#parts[Math.min(this.#parts.length - 1, Math.max(0, place))];
  }

  points(): AvailabilityPoint[] {
    return this.#parts.map((tally, place) => ({
      start: new Date(this.#start + place * this.#partMs).toISOString(),
      total_requests: tally.total(),
      availability_percent: tally.availability(),
      p95_latency_seconds: tally.p95(),
    }));
  }
}

/** Every series of a selector in one piece; for metrics with one series a target. */
async function whole(metrics: MetricsQuery, selector: string, window: TimeWindow): Promise<readonly Series[]> {
  const series: Series[] = [];
  for await (const part of metrics.samples(selector, window)) series.push(...part);
  return series;
}

async function meanOf(metrics: MetricsQuery, selector: string, window: TimeWindow): Promise<number | null> {
  let [sum, count] = [0, 0];
  for await (const part of metrics.samples(selector, window)) {
    for (const { value } of part.flatMap(({ samples }) => samples)) {
      sum += value;
      count++;
    }
  }
  return count === 0 ? null : sum / count;
}
