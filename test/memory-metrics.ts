import type { MetricsQuery, Series, TimeWindow } from "../src/slo/metrics-query.ts";

/** Series by metric name: labels, and values by the time in milliseconds. */
export type Scraped = Readonly<
  Record<string, readonly (readonly [Series["labels"], Readonly<Record<number, number>>])[]>
>;

/** A store of metrics in memory, which gives its samples in parts of `partMs`. */
export function memoryMetrics(scraped: Scraped, partMs = 600_000): MetricsQuery {
  return {
    async *samples(selector, { start, end }) {
      for (let from = start; from < end; from += partMs) {
        yield partOf(scraped[selector] ?? [], { start: from, end: Math.min(from + partMs, end) });
      }
    },
  };
}

function partOf(series: Scraped[string], { start, end }: TimeWindow): Series[] {
  return series.flatMap(([labels, values]) => {
    const samples = Object.entries(values)
      .map(([time, value]) => ({ time: Number(time), value }))
      .filter(({ time }) => time > start && time <= end)
      .sort((a, b) => a.time - b.time);
    return samples.length === 0 ? [] : [{ labels, samples }];
  });
}

/** Values at times that are `stepMs` apart; null is no sample. */
export function scrapes(start: number, stepMs: number, values: readonly (number | null)[]): Record<number, number> {
  return Object.fromEntries(
    values.flatMap((value, place) => (value === null ? [] : [[start + place * stepMs, value]])),
  );
}
