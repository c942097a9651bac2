import { InputError } from "../base/errors.ts";
import { type Random, seededRandom } from "../base/random.ts";
import { films } from "./films.ts";
import { drawTastes, placesByTrait } from "./tastes.ts";
import { drawVisits, startOfYear } from "./visits.ts";
import { WeightedPlaces } from "./weighted-places.ts";

/** One rating of a simulated viewer. */
export interface SimulatedRating {
  readonly user: string;
  readonly item: string;
  /** 0.5 to 5 in halves. */
  readonly value: number;
  /** Milliseconds since 1970, whole. */
  readonly time: number;
}

const DEFAULT_SEED = 1;
const DEFAULT_VIEWERS = 900;
const MAX_VIEWERS = 100_000;
/** Gain of the other parts of a franchise once a part of it was liked. */
const SEQUEL_GAIN = 5;
const LIKED_FROM = 3.5;

/**
 * Ratings of the simulated viewers "1", "2", …: one viewer after the other, each from oldest to newest and no film
 * twice, over two years that end with 2024. The same seed gives the same ratings on every runtime; fewer viewers are
 * the first ones of more.
 *
 * @param options `seed` is a whole number from 0, by default 1; `viewers` is from 1 to 100,000, by default 900
 * @throws InputError for a seed or a number of viewers outside of these
 */
export function simulateViewers(options: { seed?: number; viewers?: number } = {}): Iterable<SimulatedRating> {
  const { seed = DEFAULT_SEED, viewers = DEFAULT_VIEWERS } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) throw InputError.of("seed", seed, "must be a whole number from 0");
  if (!Number.isSafeInteger(viewers) || viewers < 1 || viewers > MAX_VIEWERS) {
    throw InputError.of("viewers", viewers, `must be a whole number from 1 to ${MAX_VIEWERS}`);
  }
  return { [Symbol.iterator]: () => ratingsOfAll(seed, viewers) };
}

function* ratingsOfAll(seed: number, viewers: number): Generator<SimulatedRating, void> {
  const random = seededRandom(seed);
  const qualities = films.map(({ fame }) => 0.06 * (fame - 5) + 0.4 * drawNoise(random));
  for (let viewer = 1; viewer <= viewers; viewer++) yield* ratingsOf(String(viewer), qualities, random);
}

function* ratingsOf(user: string, qualities: readonly number[], random: Random): Generator<SimulatedRating, void> {
  const { choice, fit } = drawTastes(random);
  const left = new WeightedPlaces(choice);
  const followed = new Set<string>();
  const bias = 0.5 * drawNoise(random);
  for (const time of drawVisits(random)) {
    const place = drawReleased(random, left, time);
    left.scale(place, 0);
    const opinion = 2.4 + 1.7 * fit[place] + qualities[place] + bias + drawNoise(random);
    const value = Math.max(1, Math.min(10, Math.round(2 * opinion))) / 2;
    if (value >= LIKED_FROM) followFranchises(place, left, followed);
    yield { user, item: String(films[place].id), value, time };
  }
}

function drawReleased(random: Random, left: WeightedPlaces, time: number): number {
  for (;;) {
    const place = left.draw(random);
    if (startOfYear(films[place].year) <= time) return place;
  }
}

function followFranchises(seen: number, left: WeightedPlaces, followed: Set<string>): void {
  for (const trait of films[seen].traits) {
    if (!trait.startsWith("franchise:") || followed.has(trait)) continue;
    followed.add(trait);
    for (const place of placesByTrait.get(trait) ?? []) left.scale(place, SEQUEL_GAIN);
  }
}

/** A number from -1.5 to 1.5 with mean 0 and deviation 0.5, near a normal one: the sum of three uniform ones. */
function drawNoise(random: Random): number {
  return random.fraction() + random.fraction() + random.fraction() - 1.5;
}
