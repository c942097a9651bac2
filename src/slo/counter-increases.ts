import type { Sample, Series } from "./metrics-query.ts";
import type { Targets } from "./targets.ts";

/** What a counter grew by. */
export interface Increase {
  readonly labels: Series["labels"];
  /** The sample before, or null where the series was not there yet. */
  readonly after: number | null;
  /** The scrape that showed it. */
  readonly time: number;
  readonly amount: number;
}

/**
 * Reads exactly what counters grew by, from samples as they were scraped; nothing is extrapolated.
 *
 * - Between two samples of one series it is their difference.
 * - Where the value drops, or the process is known to have started between the two, it is the later value: the counter
 *   began at 0 again. What it grew by between the earlier sample and the restart was never scraped and is not known.
 * - A series without an earlier sample counts from 0 where that is known: its target answered an earlier scrape without
 *   showing it, or its process started within the window. Otherwise its first value is only where counting begins.
 * - An increase belongs to the time of the scrape that showed it, over a gap too: the requests were counted, though
 *   nobody looked. So a sample shortly before the window is needed as the value to begin from.
 */
export class CounterReader {
  readonly #last = new Map<string, Sample>();
  readonly #targets: Targets;
  readonly #start: number;

  /** @param start of the window, in milliseconds; increases that showed up to then are not told */
  constructor(targets: Targets, start: number) {
    this.#targets = targets;
    this.#start = start;
  }

  /** Increases in the next part of the samples. */
  *read(part: readonly Series[]): Generator<Increase> {
    this.#targets.saw(part);
    for (const { labels, samples } of part) {
      const key = keyOf(labels);
      let last = this.#last.get(key) ?? null;
      for (const sample of samples) {
        if (!Number.isFinite(sample.value)) continue;
        const amount = this.#amount(labels, last, sample);
        if (amount > 0 && sample.time > this.#start) {
          yield { labels, after: last?.time ?? null, time: sample.time, amount };
        }
        last = sample;
      }
      if (last !== null) this.#last.set(key, last);
    }
  }

  #amount(labels: Series["labels"], last: Sample | null, { time, value }: Sample): number {
    if (last === null) {
      const fromZero =
        this.#targets.wasSeenBefore(labels, time) || this.#targets.startedBetween(labels, this.#start, time);
      return fromZero ? value : 0;
    }
    const restarted = value < last.value || this.#targets.startedBetween(labels, last.time, time);
    return restarted ? value : value - last.value;
  }
}

function keyOf(labels: Series["labels"]): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
