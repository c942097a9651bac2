// The index that top-search.ts finds the best rows with: the rows in descending order of their norm, as small integers
// (codes.ts) with what is lost by that, 16 to a block.
//
// Its memory, all parts at multiples of 16 bytes:
//
//   blocks, each of codes, 16 σ f32 and 16 ε f32 | row i32 a place | N f32 a block | offset of its ε i32 a row | workspace of a
//   search
//
// ε is at least ‖y - σc‖·(1 + 2^-20); at places beyond the rows it is -Infinity, and σ is 0. N is at least the norm of
// every row of its block and of those behind it. What a scan reads of a block lies together, so that it reads one stream.

import { BLOCK_ROWS, code_bytes, encode_row, query_bytes, row_error, row_scale } from "./codes";
import { padded } from "./layout";

/** Blocks that a search bounds at a time, at most. */
export const PANEL_BLOCKS: i32 = 32;

/** Bytes of a float32 for each row of a block. */
const LANE_BYTES: usize = <usize>(BLOCK_ROWS << 2);

const DIGIT_BITS: u32 = 11;
const DIGITS: i32 = 1 << DIGIT_BITS;

const STORED_MARGIN: f64 = 9.5367431640625e-7; // 2^-20
/** Relative and absolute, above what rounding to float32 takes off. */
const FLOAT_STEP: f64 = 2.384185791015625e-7; // 2^-22
const SUBNORMAL_STEP: f64 = 1.401298464324817e-45; // 2^-149

/** Blocks of an index. */
export function blocks_of(rows: i32): i32 {
  return (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

function aligned(bytes: usize): usize {
  return (bytes + 15) & ~15;
}

/** Bytes of a block with its codes, scales and errors. */
export function block_bytes(stride: i32): usize {
  return code_bytes(stride) + 2 * LANE_BYTES;
}

/** Where ε of a place is, from the start of the index; σ of the same is LANE_BYTES before it. */
export function error_offset(place: i32, stride: i32): usize {
  const block = <usize>(place / BLOCK_ROWS) * block_bytes(stride);
  return block + code_bytes(stride) + LANE_BYTES + ((<usize>(place % BLOCK_ROWS)) << 2);
}

export function order_at(index: usize, rows: i32, factors: i32): usize {
  return index + <usize>blocks_of(rows) * block_bytes(padded(factors));
}

export function norms_at(index: usize, rows: i32, factors: i32): usize {
  return order_at(index, rows, factors) + ((<usize>(blocks_of(rows) * BLOCK_ROWS)) << 2);
}

export function error_offsets_at(index: usize, rows: i32, factors: i32): usize {
  return norms_at(index, rows, factors) + aligned((<usize>blocks_of(rows)) << 2);
}

/** Where a search has 16 bounds and 32 bits for each block of a panel, and behind those the codes of its query. */
export function workspace_at(index: usize, rows: i32, factors: i32): usize {
  return error_offsets_at(index, rows, factors) + aligned((<usize>rows) << 2);
}

/** Bytes of the index of a matrix. */
export function top_index_bytes(rows: i32, factors: i32): usize {
  return workspace_at(0, rows, factors) + <usize>(PANEL_BLOCKS * 68) + aligned(query_bytes(padded(factors)));
}

/** Bytes of the scratch that the making of an index takes: two lists of keys and rows, and counters. */
export function top_index_scratch_bytes(rows: i32): usize {
  return ((<usize>rows) << 4) + ((<usize>DIGITS) << 2);
}

/** Not less than `value`, in float32. */
export function round_up(value: f64): f32 {
  return <f32>(value + abs(value) * FLOAT_STEP + SUBNORMAL_STEP);
}

/** Not more than `value`, in float32. */
export function round_down(value: f64): f32 {
  return -round_up(-value);
}

/** First step, in parts: writes {key: u32, row: i32} of rows from .. to-1 to the scratch; longer rows have lower keys. */
export function top_index_keys(matrix: usize, factors: i32, from: i32, to: i32, scratch: usize): void {
  const bytes = (<usize>padded(factors)) << 2;
  for (let r = from; r < to; r++) {
    const row = matrix + <usize>r * bytes;
    let squares = f64x2.splat(0);
    for (let o: usize = 0; o < bytes; o += 16) {
      const values = v128.load(row + o);
      const low = f64x2.promote_low_f32x4(values);
      const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 0));
      squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    }
    const norm = round_up(Math.sqrt(f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)));
    const at = scratch + ((<usize>r) << 3);
    // The bits of floats that are not negative ascend with their values.
    store<u32>(at, ~reinterpret<u32>(norm));
    store<i32>(at, r, 4);
  }
}

/** Second step: sorts the keys, least significant digit first, which keeps equal ones in the order of their rows. */
export function top_index_sort(rows: i32, factors: i32, scratch: usize, index: usize): void {
  const counters = scratch + ((<usize>rows) << 4);
  let source = scratch;
  let target = scratch + ((<usize>rows) << 3);
  for (let shift: u32 = 0; shift < 32; shift += DIGIT_BITS) {
    memory.fill(counters, 0, (<usize>DIGITS) << 2);
    for (let i = 0; i < rows; i++) {
      const counter = counters + ((<usize>((load<u32>(source + ((<usize>i) << 3)) >> shift) & (DIGITS - 1))) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    let before: u32 = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const counter = counters + ((<usize>digit) << 2);
      const count = load<u32>(counter);
      store<u32>(counter, before);
      before += count;
    }
    for (let i = 0; i < rows; i++) {
      const entry = load<u64>(source + ((<usize>i) << 3));
      const counter = counters + ((<usize>((<u32>entry >> shift) & (DIGITS - 1))) << 2);
      const place = load<u32>(counter);
      store<u32>(counter, place + 1);
      store<u64>(target + ((<usize>place) << 3), entry);
    }
    const sorted = target;
    target = source;
    source = sorted;
  }
  const order = order_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  const offsets = error_offsets_at(index, rows, factors);
  for (let place = 0; place < rows; place++) {
    const entry = source + ((<usize>place) << 3);
    const row = load<i32>(entry, 4);
    store<i32>(order + ((<usize>place) << 2), row);
    store<u32>(offsets + ((<usize>row) << 2), <u32>error_offset(place, padded(factors)));
    if (place % BLOCK_ROWS == 0) store<u32>(norms + ((<usize>(place / BLOCK_ROWS)) << 2), ~load<u32>(entry));
  }
}

/** Third step, in parts: encodes the rows at the places from .. to-1, where `from` is a multiple of 16. */
export function top_index_encode(matrix: usize, rows: i32, factors: i32, from: i32, to: i32, index: usize): void {
  const stride = padded(factors);
  const row_bytes = (<usize>stride) << 2;
  const order = order_at(index, rows, factors);
  for (let place = from; place < to; place++) {
    const block = index + <usize>(place / BLOCK_ROWS) * block_bytes(stride);
    const error = index + error_offset(place, stride);
    if (place % BLOCK_ROWS == 0) {
      memory.fill(block, 0, block_bytes(stride));
      for (let lane: usize = 0; lane < LANE_BYTES; lane += 4) store<f32>(error + lane, -Infinity);
    }
    const row = load<i32>(order + ((<usize>place) << 2));
    encode_row(matrix + <usize>row * row_bytes, row_bytes, block, place % BLOCK_ROWS);
    store<f32>(error - LANE_BYTES, row_scale);
    store<f32>(error, round_up(row_error + row_error * STORED_MARGIN));
  }
}
