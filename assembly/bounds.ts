// g = σ·(p·c) + E·ε of the 16 rows of a block (top-search.ts), four at a time. The loop over the dimensions is all that takes
// time in a search that can pass over no block.

import { BLOCK_ROWS, GROUP_BYTES, query_start } from "./codes";

/** `sums` and the products of a chunk of the query, its four groups repeated, with the chunk of four rows at `codes`. */
function add_chunk(sums: v128, g0: v128, g1: v128, g2: v128, g3: v128, codes: usize): v128 {
  const first = i16x8.relaxed_dot_i8x16_i7x16_s(g0, v128.load(codes));
  const second = i16x8.relaxed_dot_i8x16_i7x16_s(g1, v128.load(codes, 64));
  const third = i16x8.relaxed_dot_i8x16_i7x16_s(g2, v128.load(codes, 128));
  const fourth = i16x8.relaxed_dot_i8x16_i7x16_s(g3, v128.load(codes, 192));
  const chunk = i16x8.add(i16x8.add(first, second), i16x8.add(third, fourth));
  return i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(chunk));
}

/** Writes p·c of the 16 rows of the block at `codes` to `out`, as int32. */
function block_dots(query: usize, query_bytes: usize, codes: usize, out: usize): void {
  const end = query + query_bytes;
  let s0 = i32x4.splat(query_start);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  if (ASC_FEATURE_RELAXED_SIMD) {
    for (; query < end; query += 16) {
      const g0 = v128.load32_splat(query);
      const g1 = v128.load32_splat(query, 4);
      const g2 = v128.load32_splat(query, 8);
      const g3 = v128.load32_splat(query, 12);
      s0 = add_chunk(s0, g0, g1, g2, g3, codes);
      s1 = add_chunk(s1, g0, g1, g2, g3, codes + 16);
      s2 = add_chunk(s2, g0, g1, g2, g3, codes + 32);
      s3 = add_chunk(s3, g0, g1, g2, g3, codes + 48);
      codes += 4 * GROUP_BYTES;
    }
  } else {
    for (; query < end; query += 4) {
      const group = v128.load32_splat(query);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(group, v128.load_ext<i8>(codes)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(group, v128.load_ext<i8>(codes, 8)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(group, v128.load_ext<i8>(codes, 16)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(group, v128.load_ext<i8>(codes, 24)));
      codes += GROUP_BYTES;
    }
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

/** Turns four integer dots into g, in place; all ones in the lanes where g is not below the threshold. ε lies behind σ. */
function pass(dots: usize, scales: usize, error_factor: v128, threshold: v128): v128 {
  const products = f32x4.mul(f32x4.convert_i32x4_s(v128.load(dots)), v128.load(scales));
  const g = f32x4.add(products, f32x4.mul(error_factor, v128.load(scales, BLOCK_ROWS * 4)));
  v128.store(dots, g);
  return f32x4.ge(g, threshold);
}

/**
 * Writes g of the 16 rows of a block to `out` and returns a bit for each that is not below the threshold. `query` are
 * codes of `query_bytes` bytes, and those of the block take `code_bytes`; `error_factor` is E.
 */
export function block_bounds(
  query: usize,
  query_bytes: usize,
  block: usize,
  code_bytes: usize,
  error_factor: v128,
  threshold: v128,
  out: usize,
): i32 {
  // By way of memory: V8 holds the sums in registers only as long as there are few other values.
  block_dots(query, query_bytes, block, out);
  const scales = block + code_bytes;
  const p0 = pass(out, scales, error_factor, threshold);
  const p1 = pass(out + 16, scales + 16, error_factor, threshold);
  const p2 = pass(out + 32, scales + 32, error_factor, threshold);
  const p3 = pass(out + 48, scales + 48, error_factor, threshold);
  // Lanes of ones stay lanes of ones when they are narrowed.
  const low = i16x8.narrow_i32x4_s(p0, p1);
  const high = i16x8.narrow_i32x4_s(p2, p3);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
