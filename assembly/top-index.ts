// The index that top-search.ts finds the best rows with: the rows in descending order of their norm, as small integers
// (codes.ts), a block of which shares what is lost by that.
//
// Its memory, all parts at multiples of 16 bytes:
//
//   codes of the blocks | σ f32 a block | ε f32 a block | N f32 a block | row i32 a place | place i32 a row |
//   bits u64 a block | C i32 | workspace of a search
//
// For every row y of a block with the codes c, ε is at least ‖y - σc‖, N at least ‖y‖ and the norm of all rows behind it,
// and C, of all blocks, at least ‖c‖². A bit is set where a row may not be found: at places beyond the rows, and for as
// long as a search leaves them out.

import {
  BLOCK_ROWS,
  block_scale,
  code_bytes,
  encode_row,
  largest_of,
  norm_of,
  query_bytes,
  row_code_squares,
  row_error,
} from "./codes";
import { padded } from "./layout";

/** Blocks that a search bounds at a time, at most. */
export const PANEL_BLOCKS: i32 = 512 / BLOCK_ROWS;

/** Bits of a block whose rows are all there. */
export const NO_BITS: u64 = BLOCK_ROWS == 64 ? 0 : ~(<u64>0) << BLOCK_ROWS;

const DIGIT_BITS: u32 = 11;
const DIGITS: i32 = 1 << DIGIT_BITS;

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

/** Bytes of a number of 32 bits for each block. */
function column_bytes(rows: i32): usize {
  return aligned((<usize>blocks_of(rows)) << 2);
}

export function scales_at(index: usize, rows: i32, factors: i32): usize {
  return index + <usize>blocks_of(rows) * code_bytes(padded(factors));
}

export function errors_at(index: usize, rows: i32, factors: i32): usize {
  return scales_at(index, rows, factors) + column_bytes(rows);
}

export function norms_at(index: usize, rows: i32, factors: i32): usize {
  return errors_at(index, rows, factors) + column_bytes(rows);
}

export function order_at(index: usize, rows: i32, factors: i32): usize {
  return norms_at(index, rows, factors) + column_bytes(rows);
}

export function places_at(index: usize, rows: i32, factors: i32): usize {
  return order_at(index, rows, factors) + ((<usize>(blocks_of(rows) * BLOCK_ROWS)) << 2);
}

export function bits_at(index: usize, rows: i32, factors: i32): usize {
  return places_at(index, rows, factors) + aligned((<usize>rows) << 2);
}

export function code_squares_at(index: usize, rows: i32, factors: i32): usize {
  return bits_at(index, rows, factors) + aligned((<usize>blocks_of(rows)) << 3);
}

/** Where a search has room for a place of each row of a panel, and behind those for the codes of its query. */
export function workspace_at(index: usize, rows: i32, factors: i32): usize {
  return code_squares_at(index, rows, factors) + 16;
}

/** Bytes for a panel: a row each of its places, 64 bits and a limit each of its blocks. */
export function panel_bytes(): usize {
  return ((<usize>(PANEL_BLOCKS * BLOCK_ROWS)) << 2) + aligned(<usize>(PANEL_BLOCKS * 12));
}

/** Bytes of the index of a matrix. */
export function top_index_bytes(rows: i32, factors: i32): usize {
  return workspace_at(0, rows, factors) + panel_bytes() + aligned(query_bytes(padded(factors)));
}

/** Bytes of the scratch that the making of an index takes: two lists of keys and rows, and counters. */
export function top_index_scratch_bytes(rows: i32): usize {
  return ((<usize>rows) << 4) + ((<usize>DIGITS) << 2);
}

/** Not less than `value`, in float32. */
function round_up(value: f64): f32 {
  return <f32>(value + abs(value) * FLOAT_STEP + SUBNORMAL_STEP);
}

/** First step, in parts: writes {key: u32, row: i32} of rows from .. to-1 to the scratch; longer rows have lower keys. */
export function top_index_keys(matrix: usize, factors: i32, from: i32, to: i32, scratch: usize): void {
  const bytes = (<usize>padded(factors)) << 2;
  for (let r = from; r < to; r++) {
    const norm = round_up(norm_of(matrix + <usize>r * bytes, bytes));
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
  const places = places_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  for (let place = 0; place < rows; place++) {
    const entry = source + ((<usize>place) << 3);
    const row = load<i32>(entry, 4);
    store<i32>(order + ((<usize>place) << 2), row);
    store<i32>(places + ((<usize>row) << 2), place);
    if (place % BLOCK_ROWS == 0) store<u32>(norms + ((<usize>(place / BLOCK_ROWS)) << 2), ~load<u32>(entry));
  }
  const bits = bits_at(index, rows, factors);
  for (let block = 0, left = rows; left > 0; block++, left -= BLOCK_ROWS) {
    store<u64>(bits + ((<usize>block) << 3), left < BLOCK_ROWS ? ~(<u64>0) << left : NO_BITS);
  }
  store<i32>(code_squares_at(index, rows, factors), 0);
}

/** Third step, in parts: encodes the rows at the places from .. to-1, where `from` is a multiple of 64. */
export function top_index_encode(matrix: usize, rows: i32, factors: i32, from: i32, to: i32, index: usize): void {
  const stride = padded(factors);
  const row_bytes = (<usize>stride) << 2;
  const order = order_at(index, rows, factors);
  const scales = scales_at(index, rows, factors);
  const errors = errors_at(index, rows, factors);
  const norms = norms_at(index, rows, factors);
  const total = code_squares_at(index, rows, factors);
  for (let first = from; first < to; first += BLOCK_ROWS) {
    const number = (<usize>(first / BLOCK_ROWS)) << 2;
    const block = index + <usize>(first / BLOCK_ROWS) * code_bytes(stride);
    const end = min(first + BLOCK_ROWS, to);
    let largest: f32 = 0;
    for (let place = first; place < end; place++) {
      const row = matrix + <usize>load<i32>(order + ((<usize>place) << 2)) * row_bytes;
      largest = max(largest, largest_of(row, row_bytes));
    }
    const scale = block_scale(largest, load<f32>(norms + number));
    memory.fill(block, 0, code_bytes(stride));
    let error: f64 = 0;
    let squares = load<i32>(total);
    for (let place = first; place < end; place++) {
      const row = matrix + <usize>load<i32>(order + ((<usize>place) << 2)) * row_bytes;
      encode_row(row, row_bytes, scale, block, place - first);
      error = max(error, row_error);
      squares = max(squares, row_code_squares);
    }
    store<f32>(scales + number, scale);
    store<f32>(errors + number, round_up(error));
    store<i32>(total, squares);
  }
}
