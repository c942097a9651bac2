import type { Sample, Series, TimeWindow } from "./metrics-query.ts";
import { targetOf } from "./targets.ts";

/** More scrapes than this without a sample are a gap. */
export const MISSED_SCRAPES = 4;
/** What counts as a gap where too few samples tell the time between scrapes. */
const DEFAULT_GAP_MS = 5 * 60_000;

/** When there were samples. */
export class Coverage {
  readonly #times = new Set<number>();
  readonly #last = new Map<string, number>();
  /** How often each distance of two scrapes of one series came up. */
  readonly #distances = new Map<number, number>();

  add(part: readonly Series[]): void {
    for (const { labels, samples } of part) {
      const key = JSON.stringify(labels);
      for (const { time } of samples) {
        const last = this.#last.get(key);
        if (last !== undefined) this.#distances.set(time - last, (this.#distances.get(time - last) ?? 0) + 1);
        this.#last.set(key, time);
        this.#times.add(time);
      }
    }
  }

  hasSamples(): boolean {
    return this.#times.size > 0;
  }

  /** The median time between scrapes in milliseconds, null where it cannot be told. */
  intervalMs(): number | null {
    const sorted = [...this.#distances].sort(([a], [b]) => a - b);
    let left = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
    for (const [distance, count] of sorted) {
      left -= count;
      if (left <= 0) return distance;
    }
    return null;
  }

  /** How long it may be silent before that is a gap, in milliseconds. */
  allowedMs(): number {
    const interval = this.intervalMs();
    return interval === null ? DEFAULT_GAP_MS : interval * MISSED_SCRAPES;
  }

  /** Parts of the window for which no sample speaks, its ends included. */
  gaps({ start, end }: TimeWindow): TimeWindow[] {
    const inside = [...this.#times].filter((time) => time > start && time <= end).sort((a, b) => a - b);
    const marks = [start, ...inside, end];
    const allowed = this.allowedMs();
    return marks.slice(1).flatMap((mark, at) => (mark - marks[at] > allowed ? [{ start: marks[at], end: mark }] : []));
  }
}

/**
 * When scrapes were tried and no target answered; a gap, in which nobody tried, is no part of it.
 * @param up samples of `up`, 1 or 0, of all targets
 * @param allowedMs a target that has not been scraped for longer says nothing any more
 */
export function unreachable(up: readonly Series[], allowedMs: number): TimeWindow[] {
  const state = new Map<string, Sample>();
  const found: TimeWindow[] = [];
  let since: number | null = null;
  const scrapes = up
    .flatMap(({ labels, samples }) => samples.map((sample) => ({ target: targetOf(labels), sample })))
    .sort((a, b) => a.sample.time - b.sample.time || b.sample.value - a.sample.value);
  let latest = 0;
  for (const { target, sample } of scrapes) {
    if (since !== null && sample.time - latest > allowedMs) {
      if (latest > since) found.push({ start: since, end: latest });
      since = null;
    }
    state.set(target, sample);
    latest = sample.time;
    const answers = [...state.values()].some(({ time, value }) => value === 1 && time >= latest - allowedMs);
    if (!answers) since ??= latest;
    else if (since !== null) {
      found.push({ start: since, end: latest });
      since = null;
    }
  }
  return since === null || since === latest ? found : [...found, { start: since, end: latest }];
}
