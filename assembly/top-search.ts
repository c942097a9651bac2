// The k rows with the highest canonical dot (dot.ts), exact, without computing most of them.
//
// With y ≈ σc and q ≈ τp (codes.ts),
//
//   q·y = τσ·p·c + τp·(y - σc) + (q - τp)·y
//
// Every product of the canonical dot goes through at most n = stride/4 + 2 roundings to float32 (its own, stride/4 - 1
// additions that round within a lane, two across lanes) and may lose 2^-150 where it is subnormal. So with u = 2^-24,
// γ = nu/(1 - nu) and η = 2^-141 >= 2·256·2^-150, and with N at least ‖y‖ and ε at least ‖y - σc‖ for all rows of a
// block, it follows by Cauchy and Schwarz that
//
//   dot(q, y) <= τσ·p·c + R,   R = τ‖p‖·ε + (‖q - τp‖ + γ·‖q‖)·N + η
//
// A row cannot be in the list when that is below the worst score of a full list. R is the same for a block, so its rows
// are told apart by their integers p·c alone: left out are those below
//
//   (worst - R) / τσ
//
// which is computed in float64 and moved down by more than all roundings. All other rows get their canonical dot, the
// longest at once, so that there is a worst score early. Blocks are taken in panels: the rows that pass are written down
// for all of it before any is scored, and then scored four at a time, because loops without the other's branches run
// faster. Since norms descend, the scan ends at the block for which ‖q‖·N·(1 + γ) + η is below the worst score. Both
// comparisons are strict, so rows that tie with the worst score are scored, and rank by their number.

import { LARGEST_LIMIT, panel_passes } from "./bounds";
import {
  BLOCK_ROWS,
  code_bytes,
  encode_query,
  query_bytes,
  query_code_norm,
  query_error,
  query_norm,
  query_scale,
  query_start,
} from "./codes";
import { dot_rows } from "./dot";
import { drain, is_behind, place_from_leaf, place_from_root } from "./heap";
import { padded } from "./layout";
import {
  bits_at,
  blocks_of,
  code_squares_at,
  errors_at,
  NO_BITS,
  norms_at,
  order_at,
  PANEL_BLOCKS,
  panel_bytes,
  places_at,
  scales_at,
  workspace_at,
} from "./top-index";

/** Rows of the first panel; each is twice the one before, as the threshold settles. */
const FIRST_PANEL_BLOCKS: i32 = 64 / BLOCK_ROWS;

/** The longest 32 rows are scored before anything is compared: their blocks, and their bits in each. */
const SEED_BLOCKS: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;
const SEED_BITS: u64 = ASC_FEATURE_RELAXED_SIMD ? 0xffffffff : ~NO_BITS;

const UNIT: f64 = 5.960464477539063e-8; // u
const UNDERFLOW: f64 = 3.587324068671532e-43; // η
/** Far above what float64 rounds off relative to any value here. */
const ROUNDING: f64 = 9.094947017729282e-13; // 2^-40
/** Products of a norm of a row and one of the query are below this, so that nothing overflows. */
const LARGEST: f64 = 1.329227995784916e36; // 2^120

/** 1, and more than float64 rounds off the quotients that int32 has room for. */
const LIMIT_STEP: f64 = 1.0625;

/** The scores of four rows. */
const SCORES = memory.data(16);

/** Sets the bits of rows. What is no row is passed over. */
function leave_out(seen: usize, count: i32, rows: i32, places: usize, bits: usize): void {
  for (const end = seen + ((<usize>count) << 2); seen < end; seen += 4) {
    const row = load<u32>(seen);
    if (row >= <u32>rows) continue;
    const place = load<u32>(places + ((<usize>row) << 2));
    const word = bits + ((<usize>(place / BLOCK_ROWS)) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (place % BLOCK_ROWS)));
  }
}

/** Gives the bits back as they were but for those of the last block, which has places beyond the rows. */
function take_back(seen: usize, count: i32, rows: i32, places: usize, bits: usize): void {
  for (const end = seen + ((<usize>count) << 2); seen < end; seen += 4) {
    const row = load<u32>(seen);
    if (row >= <u32>rows) continue;
    const place = load<u32>(places + ((<usize>row) << 2));
    store<u64>(bits + ((<usize>(place / BLOCK_ROWS)) << 3), NO_BITS);
  }
}

/** τ‖p‖, and ‖q - τp‖ + γ·‖q‖ of the search. */
let error_factor: f64 = 0;
let norm_factor: f64 = 0;

/** Writes the limits above which p·c lets rows of blocks pass, given their σ, ε and N, for two blocks at a time. */
function block_limits(
  scales: usize,
  errors: usize,
  norms: usize,
  reached: f64,
  limits: usize,
  limits_end: usize,
): void {
  const reached_both = f64x2.splat(reached);
  const error_factors = f64x2.splat(error_factor);
  const norm_factors = f64x2.splat(norm_factor);
  const query_scales = f64x2.splat(query_scale);
  const step = f64x2.splat(LIMIT_STEP);
  const highest = i32x4.splat(LARGEST_LIMIT);
  const lowest = i32x4.splat(-LARGEST_LIMIT - 1);
  for (let o: usize = 0; limits < limits_end; o += 8) {
    const error = f64x2.promote_low_f32x4(v128.load64_zero(errors + o));
    const norm = f64x2.promote_low_f32x4(v128.load64_zero(norms + o));
    const scale = f64x2.promote_low_f32x4(v128.load64_zero(scales + o));
    const rest = f64x2.add(f64x2.mul(error_factors, error), f64x2.mul(norm_factors, norm));
    const least = f64x2.div(f64x2.sub(reached_both, rest), f64x2.mul(query_scales, scale));
    const below = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(least, step));
    store<i64>(limits, i64x2.extract_lane(i32x4.max_s(i32x4.min_s(below, highest), lowest), 0));
    limits += 8;
  }
}

/** Writes the rows of the bits that are set, but for those left out, to `out`, and returns where they end. */
function rows_that_pass(
  passes: usize,
  bits: usize,
  order: usize,
  block: i32,
  last: i32,
  excluded: usize,
  out: usize,
): usize {
  for (; block < last; block++) {
    let pass = load<u64>(passes) & ~load<u64>(bits + ((<usize>block) << 3));
    for (; pass != 0; pass &= pass - 1) {
      const row = load<i32>(order + ((<usize>(block * BLOCK_ROWS + <i32>ctz(pass))) << 2));
      if (excluded && load<u8>(excluded + row)) continue;
      store<i32>(out, row);
      out += 4;
    }
    passes += 8;
  }
  return out;
}

/** Puts the rows listed at `from` .. `to` into the heap of at most `k` entries, and returns how many it holds then. */
function score_rows(
  query: usize,
  matrix: usize,
  row_bytes: usize,
  from: usize,
  to: usize,
  heap: usize,
  k: i32,
  size: i32,
): i32 {
  // Whole vectors of rows: the last of them is repeated.
  for (let at = to; at & 15; at += 4) store<i32>(at, load<i32>(to - 4));
  for (let at = from; at < to; at += 16) {
    const scores = dot_rows(
      query,
      matrix + <usize>load<i32>(at) * row_bytes,
      matrix + <usize>load<i32>(at, 4) * row_bytes,
      matrix + <usize>load<i32>(at, 8) * row_bytes,
      matrix + <usize>load<i32>(at, 12) * row_bytes,
      row_bytes,
    );
    if (size == k && !v128.any_true(f32x4.ge(scores, f32x4.splat(load<f32>(heap))))) continue;
    v128.store(SCORES, scores);
    const end = min(at + 16, to);
    for (let lane = at; lane < end; lane += 4) {
      const row = load<i32>(lane);
      const score = load<f32>(SCORES + lane - at);
      if (size < k) {
        place_from_leaf(heap, size, score, row);
        size++;
      } else if (!is_behind(score, row, heap)) {
        place_from_root(heap, k, score, row);
      }
    }
  }
  return size;
}

/**
 * Writes the best `k` rows of the matrix to `out_rows` and their scores to `out_scores` and returns how many there are:
 * higher scores first, equal scores by ascending row.
 *
 * `index` is what the steps of top-index.ts made of the matrix, and `query` a padded row. Left out are the `seen_count`
 * rows at `seen` and, where `excluded` is not 0, the rows that have a nonzero byte there. `heap` is scratch of
 * 8·min(k, rows) bytes; the outputs have room for min(k, rows) values.
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
  const scales = scales_at(index, rows, factors);
  const errors = errors_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  const places = places_at(index, rows, factors);
  const bits = bits_at(index, rows, factors);
  const passed = workspace_at(index, rows, factors);
  const passes = passed + ((<usize>(PANEL_BLOCKS * BLOCK_ROWS)) << 2);
  const limits = passes + ((<usize>PANEL_BLOCKS) << 3);
  const codes = passed + panel_bytes();
  const codes_end = codes + query_bytes(stride);
  const codes_length = code_bytes(stride);
  const blocks = blocks_of(rows);

  encode_query(query, stride, load<i32>(code_squares_at(index, rows, factors)), codes);
  const start = query_start;
  const roundings = <f64>(stride / 4 + 2) * UNIT;
  const gamma = roundings / (1 - roundings);
  error_factor = query_scale * query_code_norm * (1 + ROUNDING);
  norm_factor = (query_error + (gamma + ROUNDING) * query_norm) * (1 + ROUNDING);
  const stop_factor = query_norm * (1 + gamma) * (1 + ROUNDING);
  if (!(<f64>load<f32>(norms) * query_norm < LARGEST)) return -1;

  const last_word = bits + ((<usize>(blocks - 1)) << 3);
  const last_bits = load<u64>(last_word);
  leave_out(seen, seen_count, rows, places, bits);

  const seed_blocks = min(SEED_BLOCKS, blocks);
  for (let b = 0; b < seed_blocks; b++) store<u64>(passes + ((<usize>b) << 3), SEED_BITS);
  const seeds_end = rows_that_pass(passes, bits, order, 0, seed_blocks, excluded, passed);
  let size = score_rows(query, matrix, row_bytes, passed, seeds_end, heap, k, 0);
  for (let b = 0; b < seed_blocks; b++) {
    const word = bits + ((<usize>b) << 3);
    store<u64>(word, load<u64>(word) | SEED_BITS);
  }

  let block = 0;
  for (let panel = FIRST_PANEL_BLOCKS; block < blocks; panel = min(2 * panel, PANEL_BLOCKS)) {
    const wanted = min(block + panel, blocks);
    let last = wanted;
    if (size == k) {
      const worst = <f64>load<f32>(heap);
      const reached = worst - abs(worst) * ROUNDING - UNDERFLOW;
      // Only the last of a panel may be too short: norms descend.
      const shortest = reached / stop_factor;
      while (last > block && <f64>load<f32>(norms + ((<usize>(last - 1)) << 2)) < shortest) last--;
      const limits_end = limits + ((<usize>(last - block)) << 2);
      const column = (<usize>block) << 2;
      block_limits(scales + column, errors + column, norms + column, reached, limits, limits_end);
      panel_passes(codes, codes_end, start, index + <usize>block * codes_length, limits, limits_end, passes);
    } else {
      memory.fill(passes, 0xff, (<usize>PANEL_BLOCKS) << 3);
    }
    const end = rows_that_pass(passes, bits, order, block, last, excluded, passed);
    size = score_rows(query, matrix, row_bytes, passed, end, heap, k, size);
    if (last < wanted) break;
    block = last;
  }
  take_back(seen, seen_count, rows, places, bits);
  for (let b = 0; b < seed_blocks; b++) store<u64>(bits + ((<usize>b) << 3), NO_BITS);
  store<u64>(last_word, last_bits);
  drain(heap, size, out_rows, out_scores);
  return size;
}
