import type { Sample, Series } from "./metrics-query.ts";

/** What was scraped: a process under one address. */
export function targetOf(labels: Series["labels"]): string {
  return `${labels.job ?? ""} ${labels.instance ?? ""}`;
}

/** What is known of the scraped processes beside their counters: since when they were seen, and when they started. */
export class Targets {
  readonly #firstSeen = new Map<string, number>();
  readonly #starts = new Map<string, number[]>();
  /** When the uptime was scraped last. */
  readonly #lastUptime = new Map<string, number>();

  /** Takes in series that a target shows only when it answers. */
  saw(series: readonly Series[]): void {
    for (const { labels, samples } of series) this.#sawFirst(labels, samples[0]);
  }

  /** Takes in `up`: 1 where a scrape was answered. */
  sawUp(series: readonly Series[]): void {
    for (const { labels, samples } of series) {
      this.#sawFirst(
        labels,
        samples.find(({ value }) => value === 1),
      );
    }
  }

  /** Takes in seconds since the process started, in parts that follow one another. */
  sawUptime(series: readonly Series[]): void {
    this.saw(series);
    for (const { labels, samples } of series) {
      const target = targetOf(labels);
      for (const { time, value } of samples) {
        const start = time - value * 1000;
        // A process that was there at the scrape before is the same one, whatever the rounding says.
        if (start > (this.#lastUptime.get(target) ?? Number.NEGATIVE_INFINITY)) this.#startsOf(labels).push(start);
        this.#lastUptime.set(target, time);
      }
    }
  }

  /** Whether the target answered a scrape before `time`. */
  wasSeenBefore(labels: Series["labels"], time: number): boolean {
    const first = this.#firstSeen.get(targetOf(labels));
    return first !== undefined && first < time;
  }

  /** Whether its process is known to have started after `after` and not after `until`. */
  startedBetween(labels: Series["labels"], after: number, until: number): boolean {
    return this.#startsOf(labels).some((start) => start > after && start <= until);
  }

  /** How many starts of processes are known within a window. */
  starts(after: number, until: number): number {
    const all = [...this.#starts.values()].flat();
    return all.filter((start) => start > after && start <= until).length;
  }

  #sawFirst(labels: Series["labels"], sample: Sample | undefined): void {
    if (sample === undefined) return;
    const target = targetOf(labels);
    this.#firstSeen.set(target, Math.min(sample.time, this.#firstSeen.get(target) ?? sample.time));
  }

  #startsOf(labels: Series["labels"]): number[] {
    const target = targetOf(labels);
    const starts = this.#starts.get(target) ?? [];
    this.#starts.set(target, starts);
    return starts;
  }
}
