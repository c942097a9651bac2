import { InputError } from "../base/errors.ts";
import type { ObservedInteractions } from "../drift/observed.ts";
import { partOf } from "../snapshot/part.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

const MAX_FEATURES = 1_000;
const MAX_BINS = 10_000;
const DAY_OR_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/;

/** Counts by feature, as a file has them. @throws InputError naming the option, and what is wrong in the file */
export function countsIn(option: string, path: string, text: string): Map<string, readonly number[]> {
  const wrong = (what: string) => InputError.of(option, path, `${path}: ${what}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw wrong(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw wrong('must be an object {"feature": [counts]}');
  }
  const entries = Object.entries(json);
  if (entries.length === 0 || entries.length > MAX_FEATURES) {
    throw wrong(`must hold 1 to ${MAX_FEATURES} features, holds ${entries.length}`);
  }
  for (const [name, counts] of entries) {
    const feature = JSON.stringify(name);
    if (!Array.isArray(counts) || counts.length === 0 || counts.length > MAX_BINS) {
      throw wrong(`${feature} must be an array of 1 to ${MAX_BINS} counts`);
    }
    const bin = counts.findIndex((count) => !(typeof count === "number" && Number.isFinite(count) && count >= 0));
    if (bin !== -1) throw wrong(`${feature}[${bin}] must be a number of at least 0, is ${JSON.stringify(counts[bin])}`);
  }
  return new Map(entries);
}

/** @throws InputError naming the first feature with another number of bins in the other file */
export function checkSameBins(
  reference: ReadonlyMap<string, readonly number[]>,
  current: ReadonlyMap<string, readonly number[]>,
): void {
  for (const [name, counts] of current) {
    const own = reference.get(name);
    if (!own || own.length === counts.length) continue;
    const message = `${JSON.stringify(name)} has ${counts.length} bins, and ${own.length} in the reference`;
    throw InputError.of("--current", name, message);
  }
}

/** A stretch of time, from its first millisecond up to before its last; null is open. */
export interface Stretch {
  readonly from: number | null;
  readonly to: number | null;
}

/** Milliseconds since 1970. @throws InputError */
export function timeOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = DAY_OR_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const message = `must be a day or a time in UTC, as 2024-05-01 or 2024-05-01T12:00:00Z, is ${JSON.stringify(text)}`;
  throw InputError.of(option, text, message);
}

/** What of a snapshot happened in a stretch of time; what has no known time did not. */
export function within(snapshot: Snapshot, { from, to }: Stretch): Snapshot {
  if (from === null && to === null) return snapshot;
  const { time, length } = snapshot.interactions;
  const keep = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    keep[at] = Number(time[at] >= (from ?? Number.NEGATIVE_INFINITY) && time[at] < (to ?? Number.POSITIVE_INFINITY));
  }
  return partOf(snapshot, keep);
}

export function observedIn({ users, items, interactions }: Snapshot): ObservedInteractions {
  const { user, item, value } = interactions;
  return { users, items, user, item, value };
}
