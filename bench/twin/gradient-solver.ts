import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import type { SparseRows } from "../../src/training/training-set.ts";
import { cholesky, substitute } from "./cholesky.ts";
import { addUpper } from "./products.ts";

/**
 * Half-sweeps by conjugate gradients as the core does them (assembly/gradients.ts), in plain JavaScript on typed arrays,
 * on one thread, in float64.
 */
export class GradientSolver {
  readonly #parameters: SolverParameters;
  readonly #steps: number;
  /** Dimensions, padded with zeros to a multiple of 4. */
  readonly #side: number;
  readonly #inverse: Float64Array;
  readonly #residual: Float64Array;
  readonly #preconditioned: Float64Array;
  readonly #direction: Float64Array;
  readonly #product: Float64Array;
  readonly #change: Float64Array;
  #fixed: Float32Array = new Float32Array();
  #sharedPenalty = 0;

  constructor(parameters: SolverParameters, steps: number) {
    const side = Math.ceil(parameters.factors / 4) * 4;
    const { factors } = parameters;
    this.#parameters = parameters;
    this.#steps = steps;
    this.#side = side;
    this.#inverse = new Float64Array(factors * factors);
    this.#residual = new Float64Array(factors);
    this.#preconditioned = new Float64Array(factors);
    this.#direction = new Float64Array(factors);
    this.#product = new Float64Array(factors);
    this.#change = new Float64Array(factors);
  }

  /** What the following rows are solved against: rows × factors. */
  hold(fixed: Float32Array): void {
    const { factors, unobservedWeight, regularization, regularizationExponent } = this.#parameters;
    const side = this.#side;
    const rows = fixed.length / factors;
    this.#fixed = fixed;
    const square = new Float64Array(side * side);
    const tile = new Float64Array(64 * side);
    for (let first = 0; first < rows; first += 64) {
      const count = Math.min(64, rows - first);
      for (let t = 0; t < count; t++) {
        for (let d = 0; d < factors; d++) tile[t * side + d] = fixed[(first + t) * factors + d];
      }
      addUpper(square, tile, tile, side, count);
    }
    let trace = 0;
    for (let at = 0; at < square.length; at++) square[at] *= unobservedWeight;
    for (let d = 0; d < factors; d++) trace += square[d * side + d];
    const ownPenalty = regularization * (factors + unobservedWeight * rows) ** regularizationExponent;
    this.#sharedPenalty = Math.max(ownPenalty, trace / 4096) || 1;
    for (let d = 0; d < side; d++) square[d * side + d] += this.#sharedPenalty;
    cholesky(square, side);
    const column = new Float64Array(side);
    for (let c = 0; c < factors; c++) {
      column.fill(0);
      column[c] = 1;
      substitute(square, side, column);
      this.#inverse.set(column.subarray(0, factors), c * factors);
    }
  }

  /** The rows of `entries`, one after the other, as float32. */
  solveRows({ indptr, index, weight }: SparseRows): Float32Array {
    const { factors } = this.#parameters;
    const solved = new Float32Array((indptr.length - 1) * factors);
    for (let row = 0; row + 1 < indptr.length; row++) {
      const x = solved.subarray(row * factors, (row + 1) * factors);
      this.#solve(index, weight, indptr[row], indptr[row + 1], x);
    }
    return solved;
  }

  #solve(index: Int32Array, weight: Float32Array, from: number, to: number, x: Float32Array): void {
    const { factors, unobservedWeight, regularization, regularizationExponent } = this.#parameters;
    const [residual, direction, product, change] = [this.#residual, this.#direction, this.#product, this.#change];
    residual.fill(0);
    let counted = 0;
    for (let at = from; at < to; at++) {
      if (weight[at] === 0) continue;
      addRow(residual, weight[at], this.#fixed, index[at] * factors);
      counted++;
    }
    if (counted === 0) return;
    const rows = this.#fixed.length / factors;
    const penalty =
      regularization * (counted + unobservedWeight * rows) ** regularizationExponent - this.#sharedPenalty;
    let norm = this.#precondition();
    direction.set(this.#preconditioned);
    product.set(residual);
    for (let step = 1; norm > 0; step++) {
      change.fill(0);
      let curvature = 0;
      for (let d = 0; d < factors; d++) curvature += direction[d] * (product[d] + penalty * direction[d]);
      for (let at = from; at < to; at++) {
        if (weight[at] === 0) continue;
        const dot = dotWithRow(direction, this.#fixed, index[at] * factors);
        curvature += weight[at] * dot * dot;
        if (step < this.#steps) addRow(change, weight[at] * dot, this.#fixed, index[at] * factors);
      }
      const length = norm / curvature;
      for (let d = 0; d < factors; d++) x[d] += length * direction[d];
      if (step === this.#steps) return;
      for (let d = 0; d < factors; d++) residual[d] -= length * (change[d] + penalty * direction[d] + product[d]);
      const next = this.#precondition();
      const turn = next / norm;
      norm = next;
      for (let d = 0; d < factors; d++) {
        direction[d] = this.#preconditioned[d] + turn * direction[d];
        product[d] = residual[d] + turn * product[d];
      }
    }
  }

  /** Multiplies the residual by the inverse; returns the product of both. */
  #precondition(): number {
    const factors = this.#residual.length;
    let norm = 0;
    for (let r = 0; r < factors; r++) {
      let sum = 0;
      for (let c = 0; c < factors; c++) sum += this.#inverse[r * factors + c] * this.#residual[c];
      this.#preconditioned[r] = sum;
      norm += sum * this.#residual[r];
    }
    return norm;
  }
}

function addRow(sums: Float64Array, multiple: number, fixed: Float32Array, row: number): void {
  for (let d = 0; d < sums.length; d++) sums[d] += multiple * fixed[row + d];
}

/** In four sums, which need not wait for each other. */
function dotWithRow(vector: Float64Array, fixed: Float32Array, row: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let d = 0;
  for (; d + 3 < vector.length; d += 4) {
    s0 += vector[d] * fixed[row + d];
    s1 += vector[d + 1] * fixed[row + d + 1];
    s2 += vector[d + 2] * fixed[row + d + 2];
    s3 += vector[d + 3] * fixed[row + d + 3];
  }
  for (; d < vector.length; d++) s0 += vector[d] * fixed[row + d];
  return s0 + s1 + (s2 + s3);
}
