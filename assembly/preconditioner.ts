// P = (α0·YᵀY + λ'I)⁻¹ of a fixed matrix Y with N rows, by which conjugate gradients (gradients.ts) are preconditioned.
//
//   λ' = max(λ(d + α0·N)^ν, 2^-12·α0·trace YᵀY),  or 1 where that is 0
//
// The first is the penalty of a row with as many entries as Y has dimensions, d. The second keeps the condition of what
// is inverted below 2^12, so that P, inverted in float64 and rounded to float32, stays positive definite. A row's own
// penalty may be larger or smaller: it is put right in each step, so λ' decides how fast a row converges and not where to.
//
// Layout: λ' as f64 | 8 bytes | P in blocks of eight rows (row-blocks.ts), symmetric to the bit, 0 in the padding.
// Workspace: the factors of α0·YᵀY + λ'I f64 s² | a column f64 s | Cholesky scratch f64 4s, with s = system_side(factors).

import { cholesky, cholesky_scratch_bytes, substitute } from "./cholesky";
import { NOT_SOLVABLE, OK, regularization } from "./equations";
import { all_finite_f32 } from "./finite";
import { padded, system_side } from "./layout";
import { BLOCK_ROWS, row_block_bytes } from "./row-blocks";

const HEADER_BYTES: i32 = 16;
/** Of λ' over the trace. */
const LEAST_SHARE: f64 = 1.0 / 4096.0;

/** Bytes of a preconditioner. */
export function preconditioner_bytes(factors: i32): i32 {
  return HEADER_BYTES + (system_side(factors) / BLOCK_ROWS) * row_block_bytes(padded(factors));
}

/** Bytes of the workspace of `precondition`. */
export function preconditioner_workspace_bytes(factors: i32): i32 {
  const side = system_side(factors);
  return side * side * 8 + side * 8 + cholesky_scratch_bytes(side);
}

/** Where the blocks of P lie. */
export function inverse_blocks(preconditioner: usize): usize {
  return preconditioner + HEADER_BYTES;
}

/** λ'. */
export function shared_penalty(preconditioner: usize): f64 {
  return load<f64>(preconditioner);
}

/** Writes the preconditioner of a matrix with `rows` rows and this Gramian to `out`; OK or NOT_SOLVABLE. */
export function precondition(
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
  out: usize,
): i32 {
  const side = system_side(factors);
  let trace: f64 = 0;
  for (let o = 0; o < side * side; o++) {
    const value = unobserved_weight * load<f64>(gramian + ((<usize>o) << 3));
    store<f64>(workspace + ((<usize>o) << 3), value);
    if (o % (side + 1) == 0) trace += value;
  }
  let penalty = regularization(lambda, unobserved_weight, exponent, factors, rows);
  penalty = max(penalty, LEAST_SHARE * trace);
  if (penalty == 0) penalty = 1;
  for (let d = 0; d < side; d++) {
    const diagonal = workspace + ((<usize>(d * side + d)) << 3);
    store<f64>(diagonal, load<f64>(diagonal) + penalty);
  }
  const column = workspace + ((<usize>(side * side)) << 3);
  if (!cholesky(workspace, side, column + ((<usize>side) << 3))) return NOT_SOLVABLE;

  const bytes = <usize>preconditioner_bytes(factors);
  memory.fill(out, 0, bytes);
  store<f64>(out, penalty);
  const blocks = inverse_blocks(out);
  for (let c = 0; c < factors; c++) {
    memory.fill(column, 0, (<usize>side) << 3);
    store<f64>(column + ((<usize>c) << 3), 1);
    substitute(workspace, side, column);
    for (let r = 0; r <= c; r++) {
      const value = <f32>load<f64>(column + ((<usize>r) << 3));
      store<f32>(place_in(blocks, r, c, factors), value);
      store<f32>(place_in(blocks, c, r, factors), value);
    }
  }
  return all_finite_f32(blocks, <i32>((bytes - HEADER_BYTES) >> 2)) ? OK : NOT_SOLVABLE;
}

/** Where row `r`, dimension `c` lies. */
function place_in(blocks: usize, r: i32, c: i32, factors: i32): usize {
  const block = blocks + <usize>(r / BLOCK_ROWS) * <usize>row_block_bytes(padded(factors));
  return block + ((<usize>(c >> 2)) << 7) + ((<usize>(r % BLOCK_ROWS)) << 4) + ((<usize>(c & 3)) << 2);
}
