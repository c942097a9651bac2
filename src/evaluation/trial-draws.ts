import type { Hyperparameters } from "../artifact/manifest.ts";
import { InputError } from "../base/errors.ts";
import { seededRandom } from "../base/random.ts";
import { checkHyperparameters, DEFAULT_HYPERPARAMETERS } from "../training/hyperparameters.ts";
import { SEARCHED, type SearchSpace } from "./search-space.ts";

/** As many as one draw of the generator can tell apart. */
const MAX_COMBINATIONS = 2 ** 32;

/**
 * Draws different points of a space, each with the same chance, and all of them where there are no more than `count`.
 * The defaults come first where they are a point of the space. Fewer draws with the same seed are the beginning of more.
 */
export function drawTrials(space: SearchSpace, count: number, seed: number): Hyperparameters[] {
  const combinations = SEARCHED.reduce((product, name) => product * space[name].length, 1);
  if (combinations > MAX_COMBINATIONS) {
    throw InputError.of("--space", combinations, `must hold at most ${MAX_COMBINATIONS} combinations`);
  }
  const random = seededRandom(seed);
  // The first steps of a shuffle of 0 .. combinations-1 (Knuth, volume 2, algorithm P), of which only what moved is kept.
  const moved = new Map<number, number>();
  const at = (place: number) => moved.get(place) ?? place;
  const draws: number[] = [];
  for (let place = 0; place < Math.min(count, combinations); place++) {
    const isFirst = place === 0 ? placeOfDefaults(space) : null;
    const chosen = isFirst ?? place + random.below(combinations - place);
    draws.push(at(chosen));
    moved.set(chosen, at(place));
  }
  return draws.map((draw) => checkHyperparameters(pointOf(space, draw)));
}

function pointOf(space: SearchSpace, index: number): Partial<Hyperparameters> {
  let rest = index;
  const values = SEARCHED.map((name) => {
    const place = rest % space[name].length;
    rest = (rest - place) / space[name].length;
    return [name, space[name][place]];
  });
  return Object.fromEntries(values);
}

function placeOfDefaults(space: SearchSpace): number | null {
  let index = 0;
  let weight = 1;
  for (const name of SEARCHED) {
    const place = space[name].indexOf(DEFAULT_HYPERPARAMETERS[name]);
    if (place < 0) return null;
    index += weight * place;
    weight *= space[name].length;
  }
  return index;
}
