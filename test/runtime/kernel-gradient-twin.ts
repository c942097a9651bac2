import type { Problem } from "./kernel-problems.ts";

/** P, factors × factors, and λ'. */
export interface Preconditioner {
  readonly inverse: Float64Array;
  readonly penalty: number;
}

/** Entries whose rows are summed before their sum is added to the total. */
const CHUNK_ROWS = 1_024;

/**
 * Conjugate gradients as assembly/gradients.ts defines them, as plain loops. With `Math.fround` for `round` it is the
 * scalar twin, which gives the same bits; with no rounding at all it is the method in float64.
 */
export function gradientTwin(
  { matrix, shape, parameters, entries }: Problem,
  { inverse, penalty: sharedPenalty }: Preconditioner,
  most: number,
  round: (value: number) => number,
): number[] {
  const { factors } = shape;
  const places = Array.from({ length: factors }, (_, d) => d);
  const counted = Array.from(entries.items.keys()).filter((i) => entries.weights[i] > 0);
  const { unobservedWeight, regularization, regularizationExponent } = parameters;
  const penalty =
    regularization * (counted.length + unobservedWeight * shape.rows) ** regularizationExponent - sharedPenalty;
  const x = places.map(() => 0);
  if (counted.length === 0) return x;

  const rowOf = (i: number) => matrix.subarray(entries.items[i] * factors, (entries.items[i] + 1) * factors);
  const sumOf = (multiple: (i: number) => number) => {
    const total = places.map(() => 0);
    for (let first = 0; first < counted.length; first += CHUNK_ROWS) {
      const sums = places.map(() => 0);
      for (const i of counted.slice(first, first + CHUNK_ROWS)) addScaled(sums, multiple(i), rowOf(i), round);
      addScaled(total, 1, sums, round);
    }
    return total;
  };
  const precondition = (r: readonly number[]) => {
    const z = places.map(() => 0);
    for (const d of places) addScaled(z, r[d], inverse.subarray(d * factors, (d + 1) * factors), round);
    return z;
  };

  const r = sumOf((i) => entries.weights[i]);
  let z = precondition(r);
  const direction = [...z];
  const product = [...r];
  let norm = dotOf(r, z, exact);
  const converged = norm * 2 ** -32;
  for (let step = 1; step <= most && norm > converged; step++) {
    const dots = new Map(counted.map((i) => [i, dotOf(rowOf(i), direction, round)]));
    const weighted = (i: number) => round(entries.weights[i] * (dots.get(i) as number));
    const shared = dotOf(direction, product, exact);
    const square = dotOf(direction, direction, exact);
    const curvature =
      Math.max(shared + penalty * square, (penalty + sharedPenalty) * square) +
      energyOf(counted.map((i) => weighted(i) * (dots.get(i) as number)));
    if (step > 1 && curvature <= shared * 2 ** -16) break;
    const length = round(norm / curvature);
    addScaled(x, length, direction, round);
    if (step === most) break;
    const change = sumOf(weighted);
    addScaled(change, round(penalty), direction, round);
    addScaled(change, 1, product, round);
    addScaled(r, -length, change, round);
    z = precondition(r);
    const next = dotOf(r, z, exact);
    const turn = round(next / norm);
    norm = next;
    for (const d of places) {
      direction[d] = round(z[d] + round(turn * direction[d]));
      product[d] = round(r[d] + round(turn * product[d]));
    }
  }
  return x;
}

function exact(value: number): number {
  return value;
}

/** sum += multiple·row. */
function addScaled(sum: number[], multiple: number, row: ArrayLike<number>, round: (value: number) => number): void {
  for (let d = 0; d < sum.length; d++) sum[d] = round(sum[d] + round(multiple * row[d]));
}

/** In four lanes, added as (0 + 2) + (1 + 3). */
function dotOf(a: ArrayLike<number>, b: ArrayLike<number>, round: (value: number) => number): number {
  const lanes = [0, 0, 0, 0];
  for (let d = 0; d < a.length; d++) lanes[d % 4] = round(lanes[d % 4] + round(a[d] * b[d]));
  return round(round(lanes[0] + lanes[2]) + round(lanes[1] + lanes[3]));
}

/** Eight at a time in two lanes, of even and odd places; the eights one after the other. */
function energyOf(values: readonly number[]): number {
  let energy = 0;
  for (let first = 0; first < values.length; first += 8) {
    const lanes = [0, 0];
    for (const [place, value] of values.slice(first, first + 8).entries()) lanes[place % 2] += value;
    energy += lanes[0] + lanes[1];
  }
  return energy;
}

/** (α0·YᵀY + λ'I)⁻¹ in float64 by Gauss and Jordan, with λ' as assembly/preconditioner.ts defines it. */
export function preconditionerTwin({ shape, parameters }: Problem, gramian: Float64Array): Preconditioner {
  const { factors, rows } = shape;
  const { unobservedWeight, regularization, regularizationExponent } = parameters;
  let trace = 0;
  for (let d = 0; d < factors; d++) trace += unobservedWeight * gramian[d * factors + d];
  const ownPenalty = regularization * (factors + unobservedWeight * rows) ** regularizationExponent;
  const penalty = Math.max(ownPenalty, trace / 4_096) || 1;
  const left = gramian.map((value, at) => unobservedWeight * value + (at % (factors + 1) === 0 ? penalty : 0));
  const inverse = gramian.map((_, at) => (at % (factors + 1) === 0 ? 1 : 0));
  for (let pivot = 0; pivot < factors; pivot++) {
    for (let row = 0; row < factors; row++) {
      if (row === pivot) continue;
      const factor = left[row * factors + pivot] / left[pivot * factors + pivot];
      for (const square of [left, inverse]) {
        for (let c = 0; c < factors; c++) square[row * factors + c] -= factor * square[pivot * factors + c];
      }
    }
    const divisor = left[pivot * factors + pivot];
    for (const square of [left, inverse]) for (let c = 0; c < factors; c++) square[pivot * factors + c] /= divisor;
  }
  return { inverse, penalty };
}
