import type { Random } from "../base/random.ts";
import { type Archetype, archetypes } from "./archetypes.ts";
import { films } from "./films.ts";
import { WeightedPlaces } from "./weighted-places.ts";

/** What one simulated viewer likes, by place in the catalogue. */
export interface Tastes {
  /** How likely the viewer is to choose the film, up to a common factor; above 0. */
  readonly choice: Float64Array;
  /** How well the film fits, from 0 to 1. */
  readonly fit: Float64Array;
}

/** How often a film of each fame is chosen where tastes do not matter. */
const FAME_WEIGHTS = [0, 2, 3, 4, 5.5, 8, 12, 20, 34, 56] as const;

/** Affinity of a film outside a viewer's tastes, over the square of its fame: everyone sees what is talked about. */
const CURIOSITY = 0.0001;

const FAVOURITES = 3;

/** Gain of a film for a trait it shares with a favourite, times the root of how many films carry the trait. */
const FAVOURITE_GAIN = 6;

/** Gain in fit for each such trait. */
const FAVOURITE_FIT = 0.2;

/** Places in the catalogue of the films that carry each trait. */
export const placesByTrait: ReadonlyMap<string, readonly number[]> = indexTraits();

/**
 * Draws a viewer: a mixture of two or three archetypes, the first one strongest, with a few favourite films. Whatever
 * shares a trait with a favourite is liked more, for a rare trait (a franchise) more than for a common one (a country).
 */
export function drawTastes(random: Random): Tastes {
  const mixture = drawMixture(random);
  const choice = new Float64Array(films.length);
  const fit = new Float64Array(films.length);
  for (const [place, { fame }] of films.entries()) {
    let affinity = CURIOSITY * fame * fame;
    for (const { archetype, weight } of mixture) {
      const liking = archetype.liking[place];
      affinity += weight * liking * liking * (0.3 + 0.7 * liking);
      fit[place] = Math.max(fit[place], Math.min(1, 0.5 + weight) * liking);
    }
    choice[place] = affinity * FAME_WEIGHTS[fame];
  }
  for (const favourite of drawFavourites(random, choice)) liftRelatives(favourite, choice, fit);
  return { choice, fit };
}

interface Part {
  readonly archetype: Archetype;
  readonly weight: number;
}

function drawMixture(random: Random): Part[] {
  const shares = new WeightedPlaces(Float64Array.from(archetypes, ({ share }) => share));
  const weights = random.fraction() < 0.5 ? [1, 0.5] : [1, 0.6, 0.3];
  return weights.map((weight) => ({ archetype: archetypes[shares.take(random)], weight }));
}

function drawFavourites(random: Random, choice: Float64Array): number[] {
  const left = new WeightedPlaces(choice);
  return Array.from({ length: FAVOURITES }, () => left.take(random));
}

function liftRelatives(favourite: number, choice: Float64Array, fit: Float64Array): void {
  for (const trait of films[favourite].traits) {
    const relatives = placesByTrait.get(trait) ?? [];
    const gain = FAVOURITE_GAIN / Math.sqrt(relatives.length);
    for (const place of relatives) {
      choice[place] *= 1 + gain;
      fit[place] = Math.min(1, fit[place] + FAVOURITE_FIT);
    }
  }
}

function indexTraits(): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [place, { traits }] of films.entries()) {
    for (const trait of traits) {
      const places = index.get(trait);
      if (places) places.push(place);
      else index.set(trait, [place]);
    }
  }
  return index;
}
