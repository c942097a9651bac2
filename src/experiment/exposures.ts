import type { ConversionStore } from "../provenance/conversion.ts";
import { type ExposureStretch, MAX_LOT, type TraceStore } from "../provenance/trace.ts";
import type { Variant } from "../rollout/assignment.ts";
import { readOutcomes } from "./outcomes.ts";
import type { ArmSample, SampledLatency } from "./resampling.ts";

/** Requests counted at most, the newest of a stretch; each may be of another user, whom memory must hold. */
export const MAX_REQUESTS = 200_000;
/** Latencies of one arm kept at most, chosen by lot. */
export const MAX_LATENCIES = 5_000;

/** What the users of one arm met with. */
export interface ArmExposures extends ArmSample {
  readonly requests: number;
  readonly successes: number;
  /** Whether `latencies` are a part, chosen by lot, of those that there are. */
  readonly sampled: boolean;
  readonly conversion: ArmConversion;
}

/** What the users of one arm did with their lists. */
export interface ArmConversion {
  /** Of each user of whom a list is held or a request failed: 1 where one of their lists led to an event, else 0. */
  readonly rates: Float64Array;
  /** Exposures of which nothing can be known. */
  readonly unknown: number;
}

export interface Exposures {
  readonly variant_A: ArmExposures;
  readonly variant_B: ArmExposures;
  /** Where the counting began, in milliseconds since 1970: later than asked for where there were too many requests. */
  readonly from: number;
  /** Whether events are held of any user that was counted, from the stretch or later. */
  readonly hasEvents: boolean;
}

/**
 * Counts the exposures of a stretch by user, in slices, newest first, until it is through or has counted MAX_REQUESTS.
 * @param breathe lets others have their turn
 */
export async function readExposures(
  store: Pick<TraceStore, "exposures">,
  conversions: ConversionStore,
  stretch: Omit<ExposureStretch, "lotsBelow">,
  breathe: () => Promise<void>,
): Promise<Exposures> {
  const arms = { variant_A: armCount(), variant_B: armCount() };
  const armOf = (variant: string) => arms[variant as Variant];
  const outcomes = {
    unknown: (variant: string, user: string, exposures: number) => armOf(variant).unknown(user, exposures),
    converted: (variant: string, user: string) => armOf(variant).converted(user),
  };
  let hasEvents = false;
  let to = stretch.to;
  while (to > stretch.from && arms.variant_A.requests() + arms.variant_B.requests() < MAX_REQUESTS) {
    const lotsBelow = { variant_A: arms.variant_A.lotsBelow(), variant_B: arms.variant_B.lotsBelow() };
    const slice = await store.exposures({ ...stretch, to, lotsBelow });
    for (const { variant, user_id, requests, successes } of slice.users) {
      armOf(variant).add(user_id, requests, successes);
    }
    for (const { variant, user_id, latency_ms, lot } of slice.latencies) armOf(variant).time(user_id, latency_ms, lot);
    await breathe();
    const followed = { ...stretch, from: slice.from, to, eventsFrom: stretch.from };
    if (await readOutcomes(conversions, followed, outcomes, breathe)) hasEvents = true;
    to = slice.from;
  }
  return { variant_A: arms.variant_A.read(), variant_B: arms.variant_B.read(), from: to, hasEvents };
}

interface UserCount {
  requests: number;
  successes: number;
  unknown: number;
  converted: boolean;
}

interface Lot extends SampledLatency {
  readonly lot: number;
}

function armCount() {
  const placeOf = new Map<string, number>();
  const counts: UserCount[] = [];
  const sum = { requests: 0, successes: 0 };
  let unknown = 0;
  let lots: Lot[] = [];
  let lotsBelow = MAX_LOT;

  /** Keeps the latencies with the lowest lots: which they are does not depend on the order they come in. */
  const keepLowest = (): void => {
    if (lots.length <= MAX_LATENCIES) return;
    lots.sort((a, b) => a.lot - b.lot);
    lotsBelow = lots[MAX_LATENCIES].lot;
    lots = lots.slice(0, MAX_LATENCIES);
  };

  return {
    requests: () => sum.requests,
    lotsBelow: () => {
      keepLowest();
      return lotsBelow;
    },
    add: (user: string, requests: number, successes: number): void => {
      let place = placeOf.get(user);
      if (place === undefined) {
        place = counts.push({ requests: 0, successes: 0, unknown: 0, converted: false }) - 1;
        placeOf.set(user, place);
      }
      counts[place].requests += requests;
      counts[place].successes += successes;
      sum.requests += requests;
      sum.successes += successes;
    },
    /** Of a user that was added. */
    time: (user: string, ms: number, lot: number): void => {
      lots.push({ user: placeOf.get(user) as number, ms, lot });
    },
    /** Of a user that was not added, whose exposure came after the counting, nothing is noted. */
    unknown: (user: string, exposures: number): void => {
      const count = counts[placeOf.get(user) ?? -1];
      if (!count) return;
      count.unknown += exposures;
      unknown += exposures;
    },
    converted: (user: string): void => {
      const count = counts[placeOf.get(user) ?? -1];
      if (count) count.converted = true;
    },
    read: (): ArmExposures => {
      keepLowest();
      const known = counts.filter(({ requests, unknown: lost, converted }) => converted || requests > lost);
      const conversion = { rates: Float64Array.from(known, ({ converted }) => Number(converted)), unknown };
      const rates = Float64Array.from(counts, ({ requests, successes }) => successes / requests);
      return { ...sum, rates, latencies: lots, sampled: lotsBelow < MAX_LOT, conversion };
    },
  };
}
