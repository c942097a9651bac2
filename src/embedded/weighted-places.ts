import type { Random } from "../base/random.ts";

const BLOCK = 32;

/** Places with weights, drawn in proportion to them; sums of blocks make a draw cheap although weights change. */
export class WeightedPlaces {
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;

  /** @param weights by place, finite and at least 0; one of them above 0 when a place is drawn */
  constructor(weights: Float64Array) {
    this.#weights = weights.slice();
    this.#sums = new Float64Array(Math.ceil(weights.length / BLOCK));
    for (let block = 0; block < this.#sums.length; block++) this.#sumBlock(block);
  }

  /** Draws a place with probability proportional to its weight. */
  draw(random: Random): number {
    let total = 0;
    for (const sum of this.#sums) total += sum;
    const target = random.fraction() * total;
    const block = firstAbove(this.#sums, 0, this.#sums.length, 0, target);
    const start = block.place * BLOCK;
    return firstAbove(this.#weights, start, this.#end(start), block.before, target).place;
  }

  /** Draws a place that is not drawn again. */
  take(random: Random): number {
    const place = this.draw(random);
    this.scale(place, 0);
    return place;
  }

  /** Multiplies the weight of a place. */
  scale(place: number, factor: number): void {
    this.#weights[place] *= factor;
    this.#sumBlock(Math.floor(place / BLOCK));
  }

  /** Summed afresh rather than adjusted, so that rounding errors do not gather. */
  #sumBlock(block: number): void {
    const start = block * BLOCK;
    let sum = 0;
    for (let place = start; place < this.#end(start); place++) sum += this.#weights[place];
    this.#sums[block] = sum;
  }

  #end(start: number): number {
    return Math.min(start + BLOCK, this.#weights.length);
  }
}

/**
 * The first place from `start` at which the running sum, begun at `before`, exceeds `target`, and the sum ahead of it.
 * Where rounding leaves no such place, it is the last one with a weight.
 */
function firstAbove(weights: Float64Array, start: number, end: number, before: number, target: number) {
  const found = { place: start, before };
  let sum = before;
  for (let place = start; place < end && sum <= target; place++) {
    if (weights[place] === 0) continue;
    found.place = place;
    found.before = sum;
    sum += weights[place];
  }
  return found;
}
