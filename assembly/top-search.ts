// The k rows with the highest canonical dot (dot.ts), exact, without computing most of them.
//
// With y ≈ σc and q ≈ τp (codes.ts),
//
//   q·y = τp·σc + τp·(y - σc) + (q - τp)·y
//
// Every product of the canonical dot goes through at most n = stride/4 + 2 roundings to float32 (its own, stride/4 - 1
// additions that round within a lane, two across lanes) and may lose 2^-150 where it is subnormal. So with u = 2^-24,
// γ = nu/(1 - nu) and η = 2^-141 >= 2·256·2^-150, and with N at least ‖y‖, it follows by Cauchy and Schwarz that
//
//   dot(q, y) <= τ·g + (‖q - τp‖ + γ·‖q‖)·N + η,   g = σ·(p·c) + ‖p‖·‖y - σc‖
//
// In a block only g differs from row to row. It is computed in float32: p·c < 2^31 is rounded once, and so are two
// products and their sum. With E = ‖p‖ and ε = ‖y - σc‖ what is computed is off by less than 3.1u·σ|p·c| + 2.1u·Eε, where
// σ|p·c| <= E·(‖y‖ + ε). Two margins cover that: ε is stored larger by 2^-20 = 16u of itself, and the factor of N is
// larger by 2^-21·(‖q‖ + ‖q - τp‖) >= 8u·τE. Nothing of g is subnormal unless it is 0: σ is 0 or above 2^-107, and E >= 1
// unless the query is 0. The margins are also far above the roundings of what is computed in float64.
//
// A row cannot be in the list when its bound is below the worst score of a full list:
//
//   g < (worst - η - (‖q - τp‖ + γ·‖q‖ + 2^-21·(‖q‖ + ‖q - τp‖))·N) / τ
//
// All other rows get their canonical dot. Since norms descend, the scan ends when ‖q‖·N·(1 + γ) + η is below the worst
// score. Both comparisons are strict, so rows that tie with the worst score are scored, and rank by their number. Where
// the values are so large that a dot or a bound might overflow, every row gets its canonical dot.

import {
  block_bytes,
  block_dots,
  encode_query,
  query_bytes,
  query_code_norm,
  query_error,
  query_norm,
  query_scale,
} from "./codes";
import { dot } from "./dot";
import { drain, is_behind, place_from_leaf, place_from_root } from "./heap";
import { padded } from "./layout";
import {
  blocks_of,
  DOTS_BYTES,
  errors_at,
  marks_at,
  norms_at,
  order_at,
  round_down,
  round_up,
  scales_at,
  workspace_at,
} from "./top-index";

const UNIT: f64 = 5.960464477539063e-8; // u
const UNDERFLOW: f64 = 3.587324068671532e-43; // η
const FLOAT_EVALUATION: f64 = 4.76837158203125e-7; // 2^-21
/** Far above what float64 rounds off relative to any value here. */
const ROUNDING: f64 = 9.094947017729282e-13; // 2^-40
/** Products of a norm of a row and one of the query are below this, so that nothing overflows. */
const LARGEST: f64 = 1.329227995784916e36; // 2^120

/** Sets the marks of `count` rows at `marked`; numbers that no row has are passed over. */
function set_marks(marks: usize, rows: i32, marked: usize, count: i32, mark: u8): void {
  for (let i = 0; i < count; i++) {
    const row = load<u32>(marked + ((<usize>i) << 2));
    if (row < <u32>rows) store<u8>(marks + row, mark);
  }
}

/** All ones in the lanes of four rows whose g is below the threshold. */
function ruled_out(dots: usize, scales: usize, errors: usize, error_factor: v128, threshold: v128): v128 {
  const products = f32x4.mul(f32x4.convert_i32x4_s(v128.load(dots)), v128.load(scales));
  return f32x4.lt(f32x4.add(products, f32x4.mul(error_factor, v128.load(errors))), threshold);
}

/**
 * Writes the best `k` rows of the matrix to `out_rows` and their scores to `out_scores` and returns how many there are:
 * higher scores first, equal scores by ascending row, without NaN.
 *
 * `index` is what the steps of top-index.ts made of the matrix, and `query` a padded row. Left out are the `seen_count`
 * rows at `seen`, and, where `excluded` is not 0, the rows that have a nonzero byte there. `heap` is scratch of
 * 8·min(k, rows) bytes; the outputs have room for min(k, rows) values.
 */
export function top_index_search(
  index: usize,
  matrix: usize,
  rows: i32,
  factors: i32,
  query: usize,
  k: i32,
  seen: usize,
  seen_count: i32,
  excluded: usize,
  heap: usize,
  out_rows: usize,
  out_scores: usize,
): i32 {
  k = min(k, rows);
  if (k <= 0) return 0;
  const stride = padded(factors);
  const row_bytes = (<usize>stride) << 2;
  const scales = scales_at(index, rows, factors);
  const errors = errors_at(index, rows, factors);
  const order = order_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  const marks = marks_at(index, rows, factors);
  const dots = workspace_at(index, rows, factors);
  const codes = dots + DOTS_BYTES;
  const code_bytes = query_bytes(stride);
  const blocks = blocks_of(rows);

  encode_query(query, stride, codes);
  const scale = query_scale;
  const roundings = <f64>(stride / 4 + 2) * UNIT;
  const gamma = roundings / (1 - roundings);
  const norm_factor =
    (query_error + gamma * query_norm + FLOAT_EVALUATION * (query_norm + query_error)) * (1 + ROUNDING);
  const stop_factor = query_norm * (1 + gamma) * (1 + ROUNDING);
  const error_factor = f32x4.splat(round_up(query_code_norm));
  const longest = <f64>load<f32>(norms);
  const is_bounded = longest * query_norm < LARGEST && longest * query_code_norm < LARGEST;

  set_marks(marks, rows, seen, seen_count, 1);
  let size = 0;
  let worst: f64 = -Infinity;
  for (let block = 0; block < blocks; block++) {
    let threshold: f32 = -Infinity;
    if (is_bounded && size == k) {
      const norm = <f64>load<f32>(norms + ((<usize>block) << 2));
      if (norm * stop_factor + UNDERFLOW < worst) break;
      const reach = (worst - abs(worst) * ROUNDING - UNDERFLOW - norm_factor * norm) / scale;
      threshold = round_down(reach);
    }
    const first = (<usize>block) << 6;
    const a = scales + first;
    const e = errors + first;
    const t = f32x4.splat(threshold);
    block_dots(codes, code_bytes, index + <usize>block * block_bytes(stride), dots);
    const r0 = ruled_out(dots, a, e, error_factor, t);
    const r1 = ruled_out(dots + 16, a + 16, e + 16, error_factor, t);
    const r2 = ruled_out(dots + 32, a + 32, e + 32, error_factor, t);
    const r3 = ruled_out(dots + 48, a + 48, e + 48, error_factor, t);
    if (i32x4.all_true(v128.and(v128.and(r0, r1), v128.and(r2, r3)))) continue;

    const out = i32x4.bitmask(r0) | (i32x4.bitmask(r1) << 4) | (i32x4.bitmask(r2) << 8) | (i32x4.bitmask(r3) << 12);
    for (let left = ~out & 0xffff; left != 0; left &= left - 1) {
      const row = load<i32>(order + first + ((<usize>ctz(left)) << 2));
      if (row < 0 || load<u8>(marks + row) || (excluded && load<u8>(excluded + row))) continue;
      const score = dot(query, matrix + <usize>row * row_bytes, row_bytes);
      if (score != score) continue;
      if (size < k) {
        place_from_leaf(heap, size, score, row);
        size++;
      } else if (!is_behind(score, row, heap)) {
        place_from_root(heap, k, score, row);
      }
      worst = <f64>load<f32>(heap);
    }
  }
  set_marks(marks, rows, seen, seen_count, 0);
  drain(heap, size, out_rows, out_scores);
  return size;
}
