// The entries of one row as conjugate gradients (gradients.ts) read them: again and again, eight rows at a time. The rows
// of as many entries as the workspace has room for are gathered once, side by side; with more entries they are gathered anew
// in each reading. The room changes no bit.
//
// Sums of rows are one chain of float32 additions a dimension over the entries of a chunk, in their order, and the sums of
// the chunks are added in float32. Entries of weight 0 are not listed, so they change no bit.

import { BAD_ITEM, BAD_WEIGHT, OK } from "./equations";
import { padded } from "./layout";
import { add_rows, BLOCK_ROWS, dot_block, gather_block, gather_rows } from "./row-blocks";
import { add_scaled } from "./vectors";

/** Most steps that may be taken. */
export const MAX_STEPS: i32 = 64;
/** Entries of a chunk; the room for rows is a multiple of it. */
const CHUNK_ROWS: i32 = 1024;
/** Room for the fields of a RowSystem. */
const FIELD_BYTES: i32 = 64;
/** Rows of zeros and vectors in the workspace. */
const VECTORS: i32 = 9;

/** A row that is solved: what is given, and where in the workspace what is computed lies. It lies at the workspace's start. */
@unmanaged
export class RowSystem {
  /** p - λ'. */
  penalty: f64;
  items: usize;
  weights: usize;
  /** Bytes of the items, and of the weights. */
  entry_bytes: usize;
  matrix: usize;
  rows: i32;
  /** Bytes of a row of the matrix. */
  bytes: usize;
  preconditioner: usize;
  /** Entries with weight above 0. */
  counted: i32;
  /** Steps taken. */
  steps: i32;
  /** Where the entries begin that were not listed yet. */
  next: usize;
  /** Room for rows. */
  room: i32;
  /** Entries in the lists, at most `room`, filled up to whole blocks by zero rows of weight 0. */
  listed: i32;
  /** Whether the lists and blocks hold all entries. */
  fits: bool;

  /** a_j and c_j, MAX_STEPS float64 each. */
  @inline get lengths(): usize {
    return changetype<usize>(this) + FIELD_BYTES;
  }
  @inline get turns(): usize {
    return this.lengths + (MAX_STEPS << 3);
  }
  /** Eight float32: the dots of a block, then weighted. */
  @inline get dots(): usize {
    return this.turns + (MAX_STEPS << 3);
  }
  /** Addresses of the listed rows, and their weights. */
  @inline get sources(): usize {
    return this.dots + (BLOCK_ROWS << 2);
  }
  @inline get listed_weights(): usize {
    return this.sources + ((<usize>this.room) << 2);
  }
  /** A row of zeros. */
  @inline get zero(): usize {
    return this.listed_weights + ((<usize>this.room) << 2);
  }
  /** The solved row. */
  @inline get row(): usize {
    return this.zero + this.bytes;
  }
  @inline get x(): usize {
    return this.row + this.bytes;
  }
  @inline get r(): usize {
    return this.x + this.bytes;
  }
  /** Pr. */
  @inline get z(): usize {
    return this.r + this.bytes;
  }
  @inline get d(): usize {
    return this.z + this.bytes;
  }
  /** Md. */
  @inline get md(): usize {
    return this.d + this.bytes;
  }
  /** Sums of rows: of a chunk of entries, and of all. */
  @inline get sums(): usize {
    return this.md + this.bytes;
  }
  @inline get total(): usize {
    return this.sums + this.bytes;
  }
  @inline get blocks(): usize {
    return this.total + this.bytes;
  }
}

/** Bytes of the workspace that starts with a RowSystem and has room for so many rows, a multiple of CHUNK_ROWS. */
export function gradient_workspace_bytes(factors: i32, room: i32): i32 {
  const row_bytes = padded(factors) << 2;
  return FIELD_BYTES + (MAX_STEPS << 4) + (BLOCK_ROWS << 2) + (room << 3) + (VECTORS + room) * row_bytes;
}

/** Checks and lists the next entries that count; OK, BAD_ITEM or BAD_WEIGHT. */
function list_entries(s: RowSystem): i32 {
  const items = s.items;
  const weights = s.weights;
  const sources = s.sources;
  const listed_weights = s.listed_weights;
  const end = s.entry_bytes;
  let o = s.next;
  let last = o == 0 ? -1 : load<i32>(items + o - 4);
  let place: usize = 0;
  const room = (<usize>s.room) << 2;
  for (; o < end && place < room; o += 4) {
    const item = load<i32>(items + o);
    if (item <= last || item >= s.rows) return BAD_ITEM;
    last = item;
    const weight = load<f32>(weights + o);
    if (!(weight >= 0 && weight < Infinity)) return BAD_WEIGHT;
    if (weight == 0) continue;
    store<u32>(sources + place, <u32>(s.matrix + <usize>item * s.bytes));
    store<f32>(listed_weights + place, weight);
    place += 4;
  }
  s.next = o;
  s.counted += <i32>(place >> 2);
  for (; place % (BLOCK_ROWS << 2) != 0; place += 4) {
    store<u32>(sources + place, <u32>s.zero);
    store<f32>(listed_weights + place, 0);
  }
  s.listed = <i32>(place >> 2);
  return OK;
}

/** Where in the lists the chunk that begins at `first` ends. */
function chunk_end(s: RowSystem, first: usize): usize {
  return min(first + (CHUNK_ROWS << 2), (<usize>s.listed) << 2);
}

/** Reads the entries for the first time, checks and counts them, and leaves b in `total`. OK, BAD_ITEM or BAD_WEIGHT. */
export function open_entries(s: RowSystem): i32 {
  const bytes = s.bytes;
  memory.fill(s.zero, 0, bytes);
  memory.fill(s.total, 0, bytes);
  s.counted = 0;
  s.next = 0;
  s.fits = true;
  do {
    const status = list_entries(s);
    if (status != OK) return status;
    if (s.next < s.entry_bytes) s.fits = false;
    let block = s.blocks;
    for (let first: usize = 0; first < (<usize>s.listed) << 2; first += CHUNK_ROWS << 2) {
      const end = chunk_end(s, first);
      memory.fill(s.sums, 0, bytes);
      for (let o = first; o < end; o += BLOCK_ROWS << 2) {
        gather_rows(s.sources + o, s.listed_weights + o, bytes, block, s.sums);
        block += bytes * BLOCK_ROWS;
      }
      add_scaled(s.total, 1, s.sums, s.total, bytes);
    }
  } while (s.next < s.entry_bytes);
  return OK;
}

/**
 * Reads the entries again: returns Σ w_i (y_i·vector)² in float64 and, when `sums` is set, leaves Σ w_i (y_i·vector) y_i
 * in `total`.
 */
export function read_entries(s: RowSystem, vector: usize, sums: bool): f64 {
  const bytes = s.bytes;
  let energy: f64 = 0;
  if (sums) memory.fill(s.total, 0, bytes);
  if (!s.fits) s.next = 0;
  do {
    if (!s.fits) list_entries(s);
    let block = s.blocks;
    for (let first: usize = 0; first < (<usize>s.listed) << 2; first += CHUNK_ROWS << 2) {
      const end = chunk_end(s, first);
      if (sums) memory.fill(s.sums, 0, bytes);
      for (let o = first; o < end; o += BLOCK_ROWS << 2) {
        if (!s.fits) gather_block(s.sources + o, bytes, block);
        dot_block(block, vector, bytes, s.dots);
        energy += weigh(s.dots, s.listed_weights + o);
        if (sums) add_rows(block, s.dots, bytes, s.sums);
        if (s.fits) block += bytes * BLOCK_ROWS;
      }
      if (sums) add_scaled(s.total, 1, s.sums, s.total, bytes);
    }
  } while (s.next < s.entry_bytes);
  return energy;
}

/** Multiplies the eight dots by their weights; returns Σ_k w_k·dot_k². */
function weigh(dots: usize, weights: usize): f64 {
  let sum = f64x2.splat(0);
  for (let o: usize = 0; o < 32; o += 16) {
    const values = v128.load(dots + o);
    const weighted = f32x4.mul(v128.load(weights + o), values);
    v128.store(dots + o, weighted);
    sum = f64x2.add(sum, f64x2.mul(f64x2.promote_low_f32x4(weighted), f64x2.promote_low_f32x4(values)));
    const high = v128.shuffle<i64>(weighted, weighted, 1, 0);
    sum = f64x2.add(
      sum,
      f64x2.mul(f64x2.promote_low_f32x4(high), f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 0))),
    );
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
