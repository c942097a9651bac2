import { BUCKETS_SECONDS, FAMILIES, type FamilyName, SINGLE_ANSWER_ROUTES } from "./families.ts";
import { type HistogramValue, keyOf, type Reading, type Series } from "./reading.ts";
import { SloWindow } from "./slo-window.ts";

const KINDS = new Map<FamilyName, "counter" | "gauge" | "histogram">(FAMILIES.map(({ name, kind }) => [name, kind]));

/**
 * The metrics of a deployment that runs in many isolates: what each of them measured since it last told is added up.
 * Of a gauge the last one told stands, with all its series.
 */
export class DeploymentMetrics {
  readonly #families = new Map<FamilyName, Map<string, Series>>();
  readonly #slo: SloWindow;
  readonly #now: () => number;
  #startedAt: number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
    this.#slo = new SloWindow(BUCKETS_SECONDS, now);
  }

  /** Since when the counters count, in milliseconds since 1970. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /**
   * Goes on from what stood before; what does not fit the metrics of today is left out. The uptime goes on with the
   * counters: whoever reads both may take a new start for counters that began at 0.
   */
  restore(counted: Reading, startedAt: number): void {
    this.#startedAt = startedAt;
    for (const [name, series] of counted) {
      if (KINDS.has(name))
        this.#add(
          name,
          series.filter(({ value }) => fits(name, value)),
        );
    }
  }

  /** Adds what one isolate measured. */
  add(delta: Reading): void {
    for (const [name, series] of delta) this.#add(name, series);
    for (const { labels, value } of delta.get("recommend_requests_total") ?? []) {
      this.#slo.countStatus(Number(labels.status), value as number);
    }
    for (const { labels, value } of delta.get("recommend_latency_seconds") ?? []) {
      if (!SINGLE_ANSWER_ROUTES.includes(labels.endpoint)) continue;
      for (const [bucket, count] of (value as HistogramValue).counts.entries()) this.#slo.countLatency(bucket, count);
    }
  }

  /** What is added up, without the gauges, which say nothing of another time. */
  counted(): Reading {
    return new Map(Array.from(this.reading()).filter(([name]) => KINDS.get(name) !== "gauge"));
  }

  /** What the metrics of the deployment stand at. */
  reading(): Reading {
    const { latencyP95Seconds, availability, errorBudgetRemaining } = this.#slo.figures();
    const own = (value: number): readonly Series[] => [{ labels: {}, value }];
    return new Map<FamilyName, readonly Series[]>([
      ...Array.from(this.#families, ([name, series]) => [name, [...series.values()]] as const),
      ["service_uptime_seconds", own((this.#now() - this.#startedAt) / 1000)],
      ["slo_latency_p95_seconds", own(latencyP95Seconds)],
      ["slo_availability_ratio", own(availability)],
      ["slo_error_budget_remaining_ratio", own(errorBudgetRemaining)],
    ]);
  }

  #add(name: FamilyName, added: readonly Series[]): void {
    const isGauge = KINDS.get(name) === "gauge";
    const series = isGauge ? new Map<string, Series>() : (this.#families.get(name) ?? new Map<string, Series>());
    for (const one of added) {
      const key = keyOf(one.labels);
      const before = series.get(key);
      series.set(key, before ? { ...before, value: sum(before.value, one.value) } : one);
    }
    this.#families.set(name, series);
  }
}

function sum(before: Series["value"], added: Series["value"]): Series["value"] {
  if (typeof before === "number" || typeof added === "number") return Number(before) + Number(added);
  return {
    counts: before.counts.map((count, bucket) => count + added.counts[bucket]),
    sum: before.sum + added.sum,
    exemplars: added.exemplars.map((exemplar, bucket) => exemplar ?? before.exemplars[bucket]),
  };
}

function fits(name: FamilyName, value: Series["value"]): boolean {
  if (KINDS.get(name) !== "histogram") return typeof value === "number";
  return typeof value !== "number" && value.counts.length === BUCKETS_SECONDS.length + 1;
}
