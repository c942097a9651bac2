import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import type { SparseRows } from "../../src/training/training-set.ts";
import { cholesky, substitute } from "./cholesky.ts";
import { addUpper } from "./products.ts";

/** Rows of the fixed side that are multiplied at a time, so that both copies of them stay in the first-level cache. */
const TILE_ROWS = 64;

/**
 * Half-sweeps and fold-ins as the core does them (assembly/equations.ts), in plain JavaScript on typed arrays, on one
 * thread: x = A⁻¹b with A = α0·YᵀY + Σ w y yᵀ + λ(n + α0·N)^ν·I and b = Σ w y, all sums in float64.
 */
export class RowSolver {
  readonly #parameters: SolverParameters;
  /** Dimensions, padded with zeros to a multiple of 4. */
  readonly #side: number;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #gramian: Float64Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  #fixed: Float32Array = new Float32Array();

  constructor(parameters: SolverParameters) {
    const side = Math.ceil(parameters.factors / 4) * 4;
    this.#parameters = parameters;
    this.#side = side;
    this.#left = new Float64Array(TILE_ROWS * side);
    this.#right = new Float64Array(TILE_ROWS * side);
    this.#gramian = new Float64Array(side * side);
    this.#a = new Float64Array(side * side);
    this.#b = new Float64Array(side);
  }

  /** What the following rows are solved against: rows × factors. */
  hold(fixed: Float32Array): void {
    const { factors } = this.#parameters;
    const rows = fixed.length / factors;
    this.#fixed = fixed;
    this.#gramian.fill(0);
    for (let first = 0; first < rows; first += TILE_ROWS) {
      const count = Math.min(TILE_ROWS, rows - first);
      for (let t = 0; t < count; t++) {
        for (let d = 0; d < factors; d++) this.#right[t * this.#side + d] = fixed[(first + t) * factors + d];
      }
      addUpper(this.#gramian, this.#right, this.#right, this.#side, count);
    }
  }

  /** The rows of `entries`, one after the other, as float32. */
  solveRows({ indptr, index, weight }: SparseRows): Float32Array {
    const { factors } = this.#parameters;
    const solved = new Float32Array((indptr.length - 1) * factors);
    for (let row = 0; row + 1 < indptr.length; row++) {
      if (!this.#equations(index, weight, indptr[row], indptr[row + 1])) continue;
      cholesky(this.#a, this.#side);
      substitute(this.#a, this.#side, this.#b);
      const at = row * factors;
      for (let d = 0; d < factors; d++) solved[at + d] = this.#b[d];
    }
    return solved;
  }

  /** Writes A and b of entries from .. to-1; false when none of them counts. */
  #equations(index: Int32Array, weight: Float32Array, from: number, to: number): boolean {
    const { factors, unobservedWeight, regularization, regularizationExponent } = this.#parameters;
    const a = this.#a;
    const side = this.#side;
    for (let at = 0; at < a.length; at++) a[at] = unobservedWeight * this.#gramian[at];
    this.#b.fill(0);
    let counted = 0;
    let held = 0;
    for (let at = from; at < to; at++) {
      if (weight[at] === 0) continue;
      this.#gather(index[at] * factors, weight[at], held * side);
      counted++;
      if (++held < TILE_ROWS) continue;
      addUpper(a, this.#left, this.#right, side, held);
      held = 0;
    }
    addUpper(a, this.#left, this.#right, side, held);
    const rows = this.#fixed.length / factors;
    const penalty = regularization * (counted + unobservedWeight * rows) ** regularizationExponent;
    for (let d = 0; d < side; d++) a[d * side + d] = d < factors ? a[d * side + d] + penalty : 1;
    return counted > 0;
  }

  /** Puts a fixed row and its weighted copy at `place` of the tiles and adds the latter to b. */
  #gather(row: number, weight: number, place: number): void {
    const fixed = this.#fixed;
    const left = this.#left;
    const right = this.#right;
    const b = this.#b;
    const { factors } = this.#parameters;
    for (let d = 0; d < factors; d++) {
      const value = fixed[row + d];
      right[place + d] = value;
      left[place + d] = weight * value;
      b[d] += weight * value;
    }
  }
}
