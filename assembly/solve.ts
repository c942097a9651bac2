// One row of the side that is solved for: x = A⁻¹b (equations.ts), in float64, rounded to float32 at the end.
// A half-sweep is this for every row, a fold-in is this for one row, from nothing but the row's own entries; so a
// stored row and a fold-in of the same entries are the same bytes.

import { cholesky, substitute } from "./cholesky";
import {
  BAD_ITEM,
  check_entries,
  cholesky_scratch,
  counted_entries,
  NOT_SOLVABLE,
  normal_equations,
  OK,
  right_hand_side,
} from "./equations";
import { all_finite_f32, all_finite_f64 } from "./finite";
import { padded, system_side } from "./layout";

/**
 * Leaves in the workspace the factors of A of these entries, and b; without an entry that counts there is nothing to
 * solve and the workspace stays as it is.
 * `items` (i32, strictly ascending) and `weights` (f32, at least 0) have `count` values. Returns a status of equations.ts.
 */
export function prepare(
  items: usize,
  weights: usize,
  count: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
): i32 {
  const status = check_entries(items, weights, count, rows);
  if (status != OK || counted_entries(weights, count) == 0) return status;
  normal_equations(
    items,
    weights,
    count,
    matrix,
    rows,
    factors,
    gramian,
    unobserved_weight,
    lambda,
    exponent,
    workspace,
  );
  const side = system_side(factors);
  return cholesky(workspace, side, cholesky_scratch(workspace, side)) ? OK : NOT_SOLVABLE;
}

/** Writes the padded row to `out`; without an entry that counts it is the zero row. Takes and returns what `prepare` does. */
export function solve_row(
  items: usize,
  weights: usize,
  count: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
  out: usize,
): i32 {
  const stride = padded(factors);
  memory.fill(out, 0, (<usize>stride) << 2);
  const status = prepare(
    items,
    weights,
    count,
    matrix,
    rows,
    factors,
    gramian,
    unobserved_weight,
    lambda,
    exponent,
    workspace,
  );
  if (status != OK || counted_entries(weights, count) == 0) return status;

  const side = system_side(factors);
  const x = right_hand_side(workspace, side);
  substitute(workspace, side, x);
  for (let d = 0; d < factors; d++) store<f32>(out + ((<usize>d) << 2), <f32>load<f64>(x + ((<usize>d) << 3)));
  return all_finite_f32(out, stride) ? OK : NOT_SOLVABLE;
}

/**
 * How much each entry adds to the score of row `target`: with z = A⁻¹y_target, x·y_target = Σ w_i (y_i·z).
 * Writes `count` float64 w_i (y_i·z), in the order of the entries, each sum over ascending dimensions; 0 where the
 * weight is 0. The workspace is as `prepare` left it for these entries, and serves any number of targets.
 * Returns a status of equations.ts.
 */
export function contributions(
  items: usize,
  weights: usize,
  count: i32,
  target: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  workspace: usize,
  out: usize,
): i32 {
  memory.fill(out, 0, (<usize>count) << 3);
  if (target < 0 || target >= rows) return BAD_ITEM;
  if (counted_entries(weights, count) == 0) return OK;

  const row_bytes = (<usize>padded(factors)) << 2;
  const side = system_side(factors);
  const z = right_hand_side(workspace, side);
  const y = matrix + <usize>target * row_bytes;
  memory.fill(z, 0, (<usize>side) << 3);
  for (let d = 0; d < factors; d++) store<f64>(z + ((<usize>d) << 3), <f64>load<f32>(y + ((<usize>d) << 2)));
  substitute(workspace, side, z);
  for (let i = 0; i < count; i++) {
    const weight = load<f32>(weights + ((<usize>i) << 2));
    if (weight == 0) continue;
    const row = matrix + <usize>load<i32>(items + ((<usize>i) << 2)) * row_bytes;
    let sum: f64 = 0;
    for (let d = 0; d < factors; d++) {
      sum += <f64>load<f32>(row + ((<usize>d) << 2)) * load<f64>(z + ((<usize>d) << 3));
    }
    store<f64>(out + ((<usize>i) << 3), <f64>weight * sum);
  }
  return all_finite_f64(out, count) ? OK : NOT_SOLVABLE;
}
