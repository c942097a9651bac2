import { type Random, seededRandom } from "../base/random.ts";
import type { Bounds } from "./two-proportions.ts";

const RESAMPLES = 10_000;
/** With more users than this, users are dealt to so many groups by chance, and groups are drawn. */
const MAX_GROUPS = 1_000;
/** Resamples between two turns of others: about a millisecond's work. */
const TURN_RESAMPLES = 50;
/** With fewer, the interval of an arm's 95th percentile would rest on a handful of requests. */
const MINIMUM_LATENCIES = 100;

/** One arm, for drawing users from it. */
export interface ArmSample {
  /** Of each user, 0 to 1. */
  readonly rates: Float64Array;
  /** Latencies of some requests, each with its user's place in `rates`. */
  readonly latencies: readonly SampledLatency[];
}

export interface SampledLatency {
  readonly user: number;
  readonly ms: number;
}

export interface Resampled {
  /** Of the difference of the mean rates, B less A. */
  readonly rate: Bounds;
  /** Of the difference of the 95th percentiles; null where an arm has too few latencies. */
  readonly latencyMs: Bounds | null;
}

/**
 * Percentile bootstrap intervals (Efron 1979) of two differences, from 10,000 resamples of each arm's users: a user
 * comes with all of their requests, so that requests of one user may hang together as they like. Where there are more
 * than 1,000 users, groups of them are drawn, which are as good as users for a mean and a percentile of so many, and
 * whose number keeps the work the same. The same seed and users give the same intervals.
 * @param breathe lets others have their turn
 * @returns null where an arm has no users
 */
export async function bootstrapDifferences(
  a: ArmSample,
  b: ArmSample,
  seed: number,
  breathe: () => Promise<void>,
): Promise<Resampled | null> {
  if (a.rates.length === 0 || b.rates.length === 0) return null;
  const random = seededRandom(seed);
  const arms = [dealt(a, random), dealt(b, random)] as const;
  const timed = [a, b].every(({ latencies }) => latencies.length >= MINIMUM_LATENCIES);
  const rates = new Float64Array(RESAMPLES);
  const latencies = new Float64Array(RESAMPLES);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    if (sample % TURN_RESAMPLES === TURN_RESAMPLES - 1) await breathe();
    for (const arm of arms) arm.draw();
    rates[sample] = arms[1].rate() - arms[0].rate();
    if (timed) latencies[sample] = arms[1].p95() - arms[0].p95();
  }
  return { rate: middle(rates), latencyMs: timed ? middle(latencies.filter((value) => !Number.isNaN(value))) : null };
}

/** The 95th percentile by nearest rank; null where there are no latencies. */
export function p95Of(latencies: readonly SampledLatency[]): number | null {
  if (latencies.length === 0) return null;
  const sorted = Float64Array.from(latencies, ({ ms }) => ms).sort();
  return sorted[nearestRank(sorted.length) - 1] as number;
}

/** Of so many sorted values, the place of the 95th percentile, from 1. Integers, because 0.95 is not exact. */
function nearestRank(count: number): number {
  return Math.ceil((count * 95) / 100);
}

/** An arm whose users are in groups, and what one resample of the groups makes of it. */
function dealt({ rates, latencies }: ArmSample, random: Random) {
  const groups = Math.min(rates.length, MAX_GROUPS);
  const groupOf = new Int32Array(rates.length);
  const users = new Float64Array(groups);
  const sums = new Float64Array(groups);
  for (let user = 0; user < rates.length; user++) {
    const group = rates.length === groups ? user : random.below(groups);
    groupOf[user] = group;
    users[group]++;
    sums[group] += rates[user];
  }
  const slowestFirst = [...latencies].sort((x, y) => y.ms - x.ms);
  const times = Float64Array.from(slowestFirst, ({ ms }) => ms);
  const groupOfTime = Int32Array.from(slowestFirst, ({ user }) => groupOf[user]);
  const timesOf = new Float64Array(groups);
  for (const group of groupOfTime) timesOf[group]++;

  const drawn = new Int32Array(groups);
  const total = (values: Float64Array): number => {
    let sum = 0;
    for (let group = 0; group < groups; group++) sum += drawn[group] * values[group];
    return sum;
  };
  return {
    draw: (): void => {
      drawn.fill(0);
      for (let draw = 0; draw < groups; draw++) drawn[random.below(groups)]++;
    },
    rate: (): number => total(sums) / total(users),
    /** NaN where no user drawn has a latency. */
    p95: (): number => {
      const count = total(timesOf);
      const fromTop = count - nearestRank(count) + 1;
      let passed = 0;
      for (let place = 0; place < times.length; place++) {
        passed += drawn[groupOfTime[place]];
        if (count > 0 && passed >= fromTop) return times[place];
      }
      return Number.NaN;
    },
  };
}

function middle(values: Float64Array): Bounds {
  const sorted = values.sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return [at(0.025), at(0.975)];
}
