import type { Bins } from "../artifact/drift-profile.ts";

/** Distinct values up to which each has a bin of its own. */
const MAX_VALUE_BINS = 32;
const QUANTILE_BINS = 10;
/** Names that have a bin of their own. */
const MAX_NAMES = 64;

/** How many interactions a user has: 1, 2, 3–4, 5–8, …, over 1,024. */
export const ACTIVITY_BINS: Bins = { from: [1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 1025] };
/** What the reference holds, and all else. */
export const KNOWN_BINS: Bins = { names: ["known"] };

export function binCount(bins: Bins): number {
  if ("values" in bins) return bins.values.length + 2;
  if ("edges" in bins) return bins.edges.length + 1;
  return ("from" in bins ? bins.from.length : bins.names.length) + 1;
}

/** The bin of a number. @param value finite */
export function binOfNumber(bins: Exclude<Bins, { names: unknown }>, value: number): number {
  if ("from" in bins) return countUpTo(bins.from, value);
  const inside = "values" in bins ? bins.values : bins.edges;
  const last = inside.length - 1;
  if (value < inside[0]) return 0;
  if (value > inside[last]) return binCount(bins) - 1;
  if ("edges" in bins) return Math.min(countUpTo(inside, value), last);
  const upper = Math.min(countUpTo(inside, value), last);
  const lower = Math.max(upper - 1, 0);
  return 1 + (value - inside[lower] < inside[upper] - value ? lower : upper);
}

/** Bins that hold what the reference cannot: below, above, or under no name. */
export function outsideBins(bins: Bins): readonly number[] {
  const last = binCount(bins) - 1;
  if ("names" in bins) return [last];
  return "from" in bins ? [0] : [0, last];
}

/** What people read, a label a bin. */
export function binLabels(bins: Bins): string[] {
  if ("names" in bins) return [...bins.names, bins.names.length === 1 ? `not ${bins.names[0]}` : "other"];
  if ("from" in bins) {
    const inner = bins.from.map((from, place) => {
      const next = bins.from[place + 1];
      if (next === undefined) return `${from} and more`;
      return next - 1 === from ? String(from) : `${from} to ${next - 1}`;
    });
    return [`below ${bins.from[0]}`, ...inner];
  }
  const inside = "values" in bins ? bins.values.map(String) : pairs(bins.edges);
  const range = "values" in bins ? bins.values : bins.edges;
  return [`below ${short(range[0])}`, ...inside, `above ${short(range[range.length - 1])}`];
}

/** A bin for each value where there are few, else bins of about equal content. @param tally how often each value stands */
export function numberBins(tally: ReadonlyMap<number, number>): { values: number[] } | { edges: number[] } {
  const values = [...tally.keys()].sort((a, b) => a - b);
  return values.length <= MAX_VALUE_BINS ? { values } : { edges: [...quantiles(tally), values[values.length - 1]] };
}

/** Lower bounds of bins of about equal content; the first is 1. @param tally how often each whole number stands */
export function countBins(tally: ReadonlyMap<number, number>): { from: number[] } {
  const positive = new Map([...tally].filter(([value]) => value >= 1));
  return { from: [...new Set([1, ...quantiles(positive)])] };
}

/** Bins of equal content between the least and the greatest, whatever lies outside. @param values not empty */
export function quantileBins(values: Iterable<number>): { edges: number[] } {
  const tally = tallyOf(values);
  return { edges: [...quantiles(tally), Math.max(...tally.keys())] };
}

/** The most frequent names, in the order of the alphabet. */
export function nameBins(tally: ReadonlyMap<string, number>): { names: string[] } {
  const byFrequency = [...tally].sort(([a, m], [b, n]) => n - m || order(a, b)).slice(0, MAX_NAMES);
  return { names: byFrequency.map(([name]) => name).sort(order) };
}

export function tallyOf<Value>(values: Iterable<Value>): Map<Value, number> {
  const tally = new Map<Value, number>();
  for (const value of values) tally.set(value, (tally.get(value) ?? 0) + 1);
  return tally;
}

/** The values at 0, 1/10, …, 9/10 of the content, each once. */
function quantiles(tally: ReadonlyMap<number, number>): number[] {
  const sorted = [...tally].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, often]) => sum + often, 0);
  const found = new Set<number>();
  let passed = 0;
  let next = 0;
  for (const [value, often] of sorted) {
    passed += often;
    for (; next < QUANTILE_BINS && passed > (next * total) / QUANTILE_BINS; next++) found.add(value);
  }
  return [...found];
}

/** How many of an ascending list are at most `value`. */
function countUpTo(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pairs(edges: readonly number[]): string[] {
  return edges.slice(1).map((to, place) => `${short(edges[place])} to ${short(to)}`);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
