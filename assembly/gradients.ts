// One row of the side that is solved for by a fixed number of steps of conjugate gradients, preconditioned with
// P = M⁻¹, M = α0·YᵀY + λ'I (preconditioner.ts), from zero. The equations are those of equations.ts:
//
//   A = M + (p - λ')·I + Σ_i w_i y_i y_iᵀ,    b = Σ_i w_i y_i,    p = λ(n + α0·N)^ν
//
// with directions d_j and residuals r_j (Hestenes and Stiefel 1952; Saad, Iterative Methods, algorithm 9.1):
//
//   r_0 = b,  d_0 = Pr_0
//   a_j = r_j·Pr_j / d_j·Ad_j,  x += a_j d_j,  r_{j+1} = r_j - a_j Ad_j
//   c_j = r_{j+1}·Pr_{j+1} / r_j·Pr_j,  d_{j+1} = Pr_{j+1} + c_j d_j
//
// Md_j needs no product with M: it is r_0 at first and then r_{j+1} + c_j Md_j. The last step needs of Ad_j only the
// number d_j·Ad_j, which takes the dots y_i·d_j and no sum of rows. So k steps from zero read the entries k times for
// dots and k times for sums.
//
// Vectors are float32; a_j and c_j come of sums in float64. Steps end early where what would follow is rounding: where the
// residual is below 2^-16 of the first in the norm of P, and where d_j·Ad_j is below 2^-16 of d_j·Md_j.
//
// x is a polynomial in PA, with the coefficients a_j and c_j, times Pb, and that matrix is symmetric. So x·y_t = b·v
// with v the same steps, by the same a_j and c_j, from y_t in place of b; the parts w_i (y_i·v) sum to the score. What rounding
// leaves between them and the score is shared out by the size of the parts.

import { BAD_ITEM, NOT_SOLVABLE, OK, regularization } from "./equations";
import { all_finite_f32, all_finite_f64 } from "./finite";
import { padded } from "./layout";
import { inverse_blocks, shared_penalty } from "./preconditioner";
import { add_rows, BLOCK_ROWS } from "./row-blocks";
import { open_entries, RowSystem, read_entries } from "./row-system";
import { add_scaled, wide_dot } from "./vectors";

/** Of the square of the residual's norm over that of the first. */
const CONVERGED: f64 = 1.0 / 4294967296.0;
/** Below this share of d·Md a difference from it is rounding: there A is singular, as far as float32 tells. */
const ROUNDING: f64 = 1.0 / 65536.0;

/** z = Pr. */
function apply_preconditioner(s: RowSystem): void {
  const bytes = s.bytes;
  memory.fill(s.z, 0, bytes);
  let block = inverse_blocks(s.preconditioner);
  // The last block may reach past the row's end; what is read there lies in z and is multiplied by zero rows.
  for (let o: usize = 0; o < bytes; o += 32) {
    add_rows(block, s.r + o, bytes, s.z);
    block += bytes * BLOCK_ROWS;
  }
}

/**
 * Takes steps from the residual in `r`; x is in `x` afterwards. With `most` above 0 as many as that, and their a_j and
 * c_j are kept in the workspace; with 0 those that are kept there.
 */
function take_steps(s: RowSystem, most: i32): i32 {
  const bytes = s.bytes;
  const repeats = most == 0;
  const last = (repeats ? s.steps : most) - 1;
  memory.fill(s.x, 0, bytes);
  if (!repeats) s.steps = 0;
  if (last < 0) return OK;

  apply_preconditioner(s);
  memory.copy(s.d, s.z, bytes);
  memory.copy(s.md, s.r, bytes);
  let norm = repeats ? 0 : wide_dot(s.r, s.z, bytes);
  if (!(norm >= 0 && norm < Infinity)) return NOT_SOLVABLE;
  const converged = CONVERGED * norm;
  for (let j = 0; j <= last; j++) {
    if (!repeats && norm <= converged) break;
    const at = (<usize>j) << 3;
    const energy = repeats && j == last ? 0 : read_entries(s, s.d, j < last);
    if (!repeats) {
      const shared = wide_dot(s.d, s.md, bytes);
      const square = wide_dot(s.d, s.d, bytes);
      // Without the entries it is at least d·pd: less is rounding, where λ' is far above p and YᵀY adds next to nothing.
      const least = (s.penalty + shared_penalty(s.preconditioner)) * square;
      const curvature = max(shared + s.penalty * square, least) + energy;
      if (!(abs(curvature) < Infinity)) return NOT_SOLVABLE;
      if (j == 0 && curvature <= 0) return NOT_SOLVABLE;
      if (j > 0 && curvature <= ROUNDING * shared) break;
      store<f64>(s.lengths + at, norm / curvature);
      s.steps = j + 1;
    }
    const length = <f32>load<f64>(s.lengths + at);
    add_scaled(s.x, length, s.d, s.x, bytes);
    if (j == last) break;

    add_scaled(s.total, <f32>s.penalty, s.d, s.total, bytes);
    add_scaled(s.total, 1, s.md, s.total, bytes);
    add_scaled(s.r, -length, s.total, s.r, bytes);
    apply_preconditioner(s);
    if (!repeats) {
      const next = wide_dot(s.r, s.z, bytes);
      if (!(abs(next) < Infinity)) return NOT_SOLVABLE;
      store<f64>(s.turns + at, next / norm);
      norm = next;
    }
    const turn = <f32>load<f64>(s.turns + at);
    add_scaled(s.z, turn, s.d, s.d, bytes);
    add_scaled(s.r, turn, s.md, s.md, bytes);
  }
  return OK;
}

/**
 * Writes the padded row after at most `steps` steps (1 .. MAX_STEPS) to `out`; without an entry that counts it is the zero
 * row. The workspace has room for `room` rows. `preconditioner` is that of the matrix and of these parameters; the others are those of `solve_row`.
 * Returns a status of equations.ts.
 */
export function solve_row_by_gradients(
  items: usize,
  weights: usize,
  count: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  preconditioner: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  steps: i32,
  room: i32,
  workspace: usize,
  out: usize,
): i32 {
  const s = changetype<RowSystem>(workspace);
  const bytes = (<usize>padded(factors)) << 2;
  s.bytes = bytes;
  s.room = room;
  s.items = items;
  s.weights = weights;
  s.entry_bytes = (<usize>count) << 2;
  s.matrix = matrix;
  s.rows = rows;
  s.preconditioner = preconditioner;
  s.steps = 0;
  memory.fill(out, 0, bytes);
  const status = open_entries(s);
  if (status != OK || s.counted == 0) return status;

  const penalty = regularization(lambda, unobserved_weight, exponent, s.counted, rows);
  s.penalty = penalty - shared_penalty(preconditioner);
  memory.copy(s.r, s.total, bytes);
  const solved = take_steps(s, steps);
  if (solved != OK) return solved;
  memory.copy(s.row, s.x, bytes);
  memory.copy(out, s.x, bytes);
  return all_finite_f32(out, padded(factors)) ? OK : NOT_SOLVABLE;
}

/**
 * How much each entry adds to the score of row `target`: `count` float64 in the order of the entries; 0 where the weight is
 * 0. The entries are those of the last `solve_row_by_gradients` in this workspace, which serves any number of targets.
 * Returns a status of equations.ts.
 */
export function contributions_by_gradients(target: i32, workspace: usize, out: usize): i32 {
  const s = changetype<RowSystem>(workspace);
  const count = <i32>(s.entry_bytes >> 2);
  memory.fill(out, 0, s.entry_bytes << 1);
  if (target < 0 || target >= s.rows) return BAD_ITEM;
  if (s.steps == 0) return OK;

  const y = s.matrix + <usize>target * s.bytes;
  memory.copy(s.r, y, s.bytes);
  const status = take_steps(s, 0);
  if (status != OK) return status;
  let rest = wide_dot(s.row, y, s.bytes);
  let size: f64 = 0;
  for (let o: usize = 0; o < s.entry_bytes; o += 4) {
    const weight = load<f32>(s.weights + o);
    if (weight == 0) continue;
    const part = <f64>weight * wide_dot(s.matrix + <usize>load<i32>(s.items + o) * s.bytes, s.x, s.bytes);
    store<f64>(out + (o << 1), part);
    rest -= part;
    size += abs(part);
  }
  const share = size > 0 ? rest / size : 0;
  for (let o: usize = 0; o < s.entry_bytes; o += 4) {
    const part = load<f64>(out + (o << 1));
    store<f64>(out + (o << 1), part + share * abs(part));
  }
  return all_finite_f64(out, count) ? OK : NOT_SOLVABLE;
}
