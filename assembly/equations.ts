// The normal equations of one row against the fixed matrix Y with N rows (Rendle et al. 2021, arXiv 2110.14037):
//
//   A = α0·YᵀY + Σ_i w_i y_i y_iᵀ + λ(n + α0·N)^ν·I,    b = Σ_i w_i y_i
//
// over the entries i with weight w_i > 0, of which there are n, in ascending item index.
//
// Outer products (w_i y_i)[r]·y_i[c], r <= c, are summed in float32, one chain of additions an entry of A in the order
// of the entries i, over at most SUM_ENTRIES of them; then the sum is added to the float64 total, which starts as
// α0·YᵀY. The penalty is added last. b is summed in float64, where each product is exact.
//
// Only the upper triangle of A means anything. The padded dimensions have 1 on the diagonal and 0 in b, so the solution
// is 0 there.
//
// Workspace, with s = system_side(factors) and all parts at multiples of 16 bytes:
//
//   A f64 s² | b f64 s | Cholesky scratch f64 4s | sums f32 s² | right tile f32 TILE_ROWS·s | left tile, the same size

import { cholesky_scratch_bytes } from "./cholesky";
import { padded, SUM_ENTRIES, system_side, TILE_ROWS } from "./layout";
import { add_upper } from "./products";

export const OK: i32 = 0;
/** A pivot is not positive, or a value is not finite. */
export const NOT_SOLVABLE: i32 = 1;
/** An item index is outside the fixed matrix, or the indices do not ascend strictly. */
export const BAD_ITEM: i32 = 2;
/** A weight is negative or not finite. */
export const BAD_WEIGHT: i32 = 3;

/** Bytes of the workspace of `prepare`, `solve_row` and `contributions`. */
export function solve_workspace_bytes(factors: i32): i32 {
  const side = system_side(factors);
  return side * side * 12 + side * 8 + cholesky_scratch_bytes(side) + 2 * TILE_ROWS * side * 4;
}

/** Where b lies in the workspace; A lies at its start. */
export function right_hand_side(workspace: usize, side: i32): usize {
  return workspace + ((<usize>(side * side)) << 3);
}

/** Where the scratch of the factorisation lies. */
export function cholesky_scratch(workspace: usize, side: i32): usize {
  return right_hand_side(workspace, side) + ((<usize>side) << 3);
}

/** λ(n + α0·N)^ν in float64. */
export function regularization(lambda: f64, unobserved_weight: f64, exponent: f64, entries: i32, rows: i32): f64 {
  return lambda * Math.pow(<f64>entries + unobserved_weight * <f64>rows, exponent);
}

/** OK, BAD_ITEM or BAD_WEIGHT. */
export function check_entries(items: usize, weights: usize, count: i32, rows: i32): i32 {
  let last = -1;
  for (let i = 0; i < count; i++) {
    const item = load<i32>(items + ((<usize>i) << 2));
    if (item <= last || item >= rows) return BAD_ITEM;
    last = item;
    const weight = load<f32>(weights + ((<usize>i) << 2));
    if (!(weight >= 0 && weight < Infinity)) return BAD_WEIGHT;
  }
  return OK;
}

/** Number of entries with weight above 0. */
export function counted_entries(weights: usize, count: i32): i32 {
  let counted = 0;
  for (let i = 0; i < count; i++) {
    if (load<f32>(weights + ((<usize>i) << 2)) > 0) counted++;
  }
  return counted;
}

/** target[r][c] = factor · source[r][c] on the upper triangle, float64. */
function scale_upper(source: usize, factor: f64, side: i32, target: usize): void {
  const row_bytes = (<usize>side) << 3;
  const factors = f64x2.splat(factor);
  for (let r: usize = 0; r < <usize>side; r++) {
    const base = r * row_bytes;
    for (let o = base + ((r << 3) & ~15); o < base + row_bytes; o += 16) {
      v128.store(target + o, f64x2.mul(factors, v128.load(source + o)));
    }
  }
}

/** Adds the float32 sums to the float64 total on the upper triangle, and sets them to zero. */
function flush_sums(sums: usize, side: i32, total: usize): void {
  const row_bytes = (<usize>side) << 2;
  for (let r: usize = 0; r < <usize>side; r++) {
    const base = r * row_bytes;
    for (let o = base + ((r << 2) & ~15); o < base + row_bytes; o += 16) {
      const chunk = v128.load(sums + o);
      const at = total + (o << 1);
      const high = v128.shuffle<i64>(chunk, chunk, 1, 0);
      v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(chunk)));
      v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
    }
  }
  memory.fill(sums, 0, row_bytes * <usize>side);
}

/** Place `t` of the tiles takes row `y` and w·y, and b grows by w·y. */
function gather(y: usize, weight: f32, stride: i32, side: i32, t: i32, right: usize, left: usize, b: usize): void {
  const narrow = f32x4.splat(weight);
  const wide = f64x2.splat(<f64>weight);
  right += (<usize>(t * side)) << 2;
  left += (<usize>t) << 4;
  const end = y + ((<usize>stride) << 2);
  for (; y < end; y += 16) {
    const chunk = v128.load(y);
    v128.store(right, chunk);
    v128.store(left, f32x4.mul(narrow, chunk));
    const high = v128.shuffle<i64>(chunk, chunk, 1, 0);
    v128.store(b, f64x2.add(v128.load(b), f64x2.mul(wide, f64x2.promote_low_f32x4(chunk))));
    v128.store(b, f64x2.add(v128.load(b, 16), f64x2.mul(wide, f64x2.promote_low_f32x4(high))), 16);
    right += 16;
    left += (<usize>TILE_ROWS) << 4;
    b += 32;
  }
}

/** Writes A and b of checked entries into the workspace. */
export function normal_equations(
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
): void {
  const side = system_side(factors);
  const stride = padded(factors);
  const b = right_hand_side(workspace, side);
  const sums = cholesky_scratch(workspace, side) + cholesky_scratch_bytes(side);
  const right = sums + ((<usize>(side * side)) << 2);
  const left = right + ((<usize>(TILE_ROWS * side)) << 2);

  scale_upper(gramian, unobserved_weight, side, workspace);
  memory.fill(b, 0, (<usize>side) << 3);
  memory.fill(sums, 0, (<usize>(side * side + 2 * TILE_ROWS * side)) << 2);

  let counted = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    const weight = load<f32>(weights + ((<usize>i) << 2));
    if (weight == 0) continue;
    const item = load<i32>(items + ((<usize>i) << 2));
    gather(matrix + <usize>item * ((<usize>stride) << 2), weight, stride, side, held, right, left, b);
    counted++;
    held++;
    if (held == TILE_ROWS) {
      add_upper<f32>(left, TILE_ROWS, right, held, side, sums);
      held = 0;
      if (counted % SUM_ENTRIES == 0) flush_sums(sums, side, workspace);
    }
  }
  if (held > 0) add_upper<f32>(left, TILE_ROWS, right, held, side, sums);
  flush_sums(sums, side, workspace);

  const penalty = regularization(lambda, unobserved_weight, exponent, counted, rows);
  for (let d = 0; d < side; d++) {
    const diagonal = workspace + ((<usize>(d * side + d)) << 3);
    store<f64>(diagonal, d < factors ? load<f64>(diagonal) + penalty : 1);
  }
}
