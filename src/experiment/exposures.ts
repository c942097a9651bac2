import { type ExposureStretch, MAX_LOT, type TraceStore } from "../provenance/trace.ts";
import type { Variant } from "../rollout/assignment.ts";
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
}

export interface Exposures {
  readonly variant_A: ArmExposures;
  readonly variant_B: ArmExposures;
  /** Where the counting began, in milliseconds since 1970: later than asked for where there were too many requests. */
  readonly from: number;
}

/**
 * Counts the exposures of a stretch by user, in slices, newest first, until it is through or has counted MAX_REQUESTS.
 * @param breathe lets others have their turn
 */
export async function readExposures(
  store: Pick<TraceStore, "exposures">,
  stretch: Omit<ExposureStretch, "lotsBelow">,
  breathe: () => Promise<void>,
): Promise<Exposures> {
  const arms = { variant_A: armCount(), variant_B: armCount() };
  const armOf = (variant: string) => arms[variant as Variant];
  let to = stretch.to;
  while (to > stretch.from && arms.variant_A.requests() + arms.variant_B.requests() < MAX_REQUESTS) {
    const lotsBelow = { variant_A: arms.variant_A.lotsBelow(), variant_B: arms.variant_B.lotsBelow() };
    const slice = await store.exposures({ ...stretch, to, lotsBelow });
    for (const { variant, user_id, requests, successes } of slice.users) {
      armOf(variant).add(user_id, requests, successes);
    }
    for (const { variant, user_id, latency_ms, lot } of slice.latencies) armOf(variant).time(user_id, latency_ms, lot);
    to = slice.from;
    await breathe();
  }
  return { variant_A: arms.variant_A.read(), variant_B: arms.variant_B.read(), from: to };
}

interface Lot extends SampledLatency {
  readonly lot: number;
}

function armCount() {
  const placeOf = new Map<string, number>();
  const counts: { requests: number; successes: number }[] = [];
  const sum = { requests: 0, successes: 0 };
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
        place = counts.push({ requests: 0, successes: 0 }) - 1;
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
    read: (): ArmExposures => {
      keepLowest();
      const rates = Float64Array.from(counts, ({ requests, successes }) => successes / requests);
      return { ...sum, rates, latencies: lots, sampled: lotsBelow < MAX_LOT };
    },
  };
}
