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
//   g < (worst - η) / τ - (‖q - τp‖ + γ·‖q‖ + 2^-21·(‖q‖ + ‖q - τp‖)) / τ · N
//
// All other rows get their canonical dot. Blocks are taken in panels, N being that of the first of a panel, whose bounds
// are all computed before any row of it is scored: two loops without the other's branches run faster than one. Since
// norms descend, the scan ends at the block for which ‖q‖·N·(1 + γ) + η is below the worst score. Both comparisons are
// strict, so rows that tie with the worst score are scored, and rank by their number.
//
// A row that is left out has the error -Infinity for as long as the search lasts, which no threshold lets pass.

import { block_bounds } from "./bounds";
import { code_bytes, encode_query, query_bytes, query_code_norm, query_error, query_norm, query_scale } from "./codes";
import { dot } from "./dot";
import { drain, is_behind, place_from_leaf, place_from_root } from "./heap";
import { padded } from "./layout";
import {
  block_bytes,
  blocks_of,
  error_offsets_at,
  norms_at,
  order_at,
  PANEL_BLOCKS,
  round_down,
  round_up,
  workspace_at,
} from "./top-index";

/** Blocks whose bounds are computed before the rows that pass are scored: more and more, as the threshold settles. */
const FIRST_PANEL_BLOCKS: i32 = 2;

const UNIT: f64 = 5.960464477539063e-8; // u
const UNDERFLOW: f64 = 3.587324068671532e-43; // η
const FLOAT_EVALUATION: f64 = 4.76837158203125e-7; // 2^-21
/** Far above what float64 rounds off relative to any value here. */
const ROUNDING: f64 = 9.094947017729282e-13; // 2^-40
/** Products of a norm of a row and one of the query are below this, so that nothing overflows. */
const LARGEST: f64 = 1.329227995784916e36; // 2^120

/** Leaves rows out: their errors go behind the `count` rows at `seen`. What is no row is passed over. */
function leave_out(seen: usize, count: i32, rows: i32, offsets: usize, index: usize): void {
  const kept = seen + ((<usize>count) << 2);
  for (let at: usize = 0; at < kept - seen; at += 4) {
    const row = load<u32>(seen + at);
    if (row >= <u32>rows) continue;
    const error = index + <usize>load<u32>(offsets + ((<usize>row) << 2));
    store<f32>(kept + at, load<f32>(error));
    store<f32>(error, -Infinity);
  }
}

/** Puts the errors back, last first, so that a row named twice gets what it had at first. */
function take_back(seen: usize, count: i32, rows: i32, offsets: usize, index: usize): void {
  const kept = seen + ((<usize>count) << 2);
  for (let at = kept - seen; at > 0; at -= 4) {
    const row = load<u32>(seen + at - 4);
    if (row >= <u32>rows) continue;
    store<f32>(index + <usize>load<u32>(offsets + ((<usize>row) << 2)), load<f32>(kept + at - 4));
  }
}

/**
 * Writes the best `k` rows of the matrix to `out_rows` and their scores to `out_scores` and returns how many there are:
 * higher scores first, equal scores by ascending row.
 *
 * `index` is what the steps of top-index.ts made of the matrix, and `query` a padded row. Left out are the `seen_count`
 * rows at `seen`, where there is room for twice as many, and, where `excluded` is not 0, the rows that have a nonzero byte
 * there. `heap` is scratch of 8·min(k, rows) bytes; the outputs have room for min(k, rows) values.
 *
 * Returns -1 where the values are so large that a dot or a bound might overflow: then every row has to be scored.
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
  const order = order_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  const offsets = error_offsets_at(index, rows, factors);
  const bounds = workspace_at(index, rows, factors);
  const bits = bounds + ((<usize>PANEL_BLOCKS) << 6);
  const codes = bits + ((<usize>PANEL_BLOCKS) << 2);
  const query_length = query_bytes(stride);
  const codes_length = code_bytes(stride);
  const block_length = block_bytes(stride);
  const blocks = blocks_of(rows);

  encode_query(query, stride, codes);
  const scale = query_scale;
  const roundings = <f64>(stride / 4 + 2) * UNIT;
  const gamma = roundings / (1 - roundings);
  const norm_factor =
    ((query_error + gamma * query_norm + FLOAT_EVALUATION * (query_norm + query_error)) / scale) * (1 + ROUNDING);
  const stop_factor = query_norm * (1 + gamma) * (1 + ROUNDING);
  const error_factor = f32x4.splat(round_up(query_code_norm));
  const longest = <f64>load<f32>(norms);
  if (!(longest * query_norm < LARGEST && longest * query_code_norm < LARGEST)) return -1;

  leave_out(seen, seen_count, rows, offsets, index);
  let size = 0;
  let reached: f64 = 0;
  let threshold: f32 = -f32.MAX_VALUE;
  let shortest: f32 = 0;
  let block = 0;
  let at_block = index;
  for (let panel = FIRST_PANEL_BLOCKS; block < blocks; panel = min(2 * panel, PANEL_BLOCKS)) {
    const norm = <f64>load<f32>(norms + ((<usize>block) << 2));
    if (size == k) threshold = round_down(reached - norm_factor * norm);
    const thresholds = f32x4.splat(threshold);
    const last = min(block + panel, blocks);
    let end = block;
    for (; end < last; end++) {
      if (load<f32>(norms + ((<usize>end) << 2)) < shortest) break;
      const g = bounds + ((<usize>(end - block)) << 6);
      const passed = block_bounds(codes, query_length, at_block, codes_length, error_factor, thresholds, g);
      store<i32>(bits + ((<usize>(end - block)) << 2), passed);
      at_block += block_length;
    }
    for (let b = block; b < end; b++) {
      const g = bounds + ((<usize>(b - block)) << 6);
      for (let left = load<i32>(bits + ((<usize>(b - block)) << 2)); left != 0; left &= left - 1) {
        const at = (<usize>ctz(left)) << 2;
        if (load<f32>(g + at) < threshold) continue;
        const row = load<i32>(order + ((<usize>b) << 6) + at);
        if (excluded && load<u8>(excluded + row)) continue;
        const score = dot(query, matrix + <usize>row * row_bytes, row_bytes);
        if (size < k) {
          place_from_leaf(heap, size, score, row);
          size++;
        } else if (is_behind(score, row, heap)) {
          continue;
        } else {
          place_from_root(heap, k, score, row);
        }
        if (size < k) continue;
        const worst = <f64>load<f32>(heap);
        reached = (worst - abs(worst) * ROUNDING - UNDERFLOW) / scale;
        threshold = round_down(reached - norm_factor * norm);
        shortest = round_down((worst - UNDERFLOW) / stop_factor);
      }
    }
    if (end < last) break;
    block = end;
  }
  take_back(seen, seen_count, rows, offsets, index);
  drain(heap, size, out_rows, out_scores);
  return size;
}
