// Which rows of a block have an integer dot product p·c above a limit (top-search.ts). The loop over the dimensions is all
// that takes time in a search that can pass over no block.

import { PAIR_BYTES, QUERY_PAIR_BYTES } from "./codes";

/** Integer dot products are above -LARGEST_LIMIT and at most LARGEST_LIMIT in either build. */
export const LARGEST_LIMIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 32767 : 2147483647;

/**
 * Writes a bit for each row of the blocks from that at `codes` on whose dot product with the query is above the limit
 * of its block. The limits, to `limits_end`, are i32 a block, and the bits u64. The codes of the query lie from `query` to
 * `query_end`; dot products start at `start`.
 */
export function panel_passes(
  query: usize,
  query_end: usize,
  start: i32,
  codes: usize,
  limits: usize,
  limits_end: usize,
  passes: usize,
): void {
  for (; limits < limits_end; limits += 4) {
    if (ASC_FEATURE_RELAXED_SIMD) {
      let s0 = i16x8.splat(<i16>start);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      for (let pairs = query; pairs < query_end; pairs += QUERY_PAIR_BYTES) {
        const pair = v128.load(pairs);
        s0 = i16x8.add(s0, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes)));
        s1 = i16x8.add(s1, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 16)));
        s2 = i16x8.add(s2, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 32)));
        s3 = i16x8.add(s3, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 48)));
        s4 = i16x8.add(s4, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 64)));
        s5 = i16x8.add(s5, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 80)));
        s6 = i16x8.add(s6, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 96)));
        s7 = i16x8.add(s7, i16x8.relaxed_dot_i8x16_i7x16_s(pair, v128.load(codes, 112)));
        codes += PAIR_BYTES;
      }
      const limit = v128.load16_splat(limits);
      store<u64>(passes, bits_above(s0, s1, s2, s3, limit) | (bits_above(s4, s5, s6, s7, limit) << 32));
    } else {
      let s0 = i32x4.splat(start);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let pairs = query; pairs < query_end; pairs += QUERY_PAIR_BYTES) {
        const pair = v128.load32_splat(pairs);
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(codes)));
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(codes, 8)));
        s2 = i32x4.add(s2, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(codes, 16)));
        s3 = i32x4.add(s3, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(codes, 24)));
        codes += PAIR_BYTES;
      }
      const limit = v128.load32_splat(limits);
      const low = i16x8.narrow_i32x4_s(i32x4.gt_s(s0, limit), i32x4.gt_s(s1, limit));
      const high = i16x8.narrow_i32x4_s(i32x4.gt_s(s2, limit), i32x4.gt_s(s3, limit));
      store<u64>(passes, <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
    }
    passes += 8;
  }
}

/** A bit for each of 32 lanes of int16 that is above its limit. Lanes of ones stay lanes of ones when they are narrowed. */
function bits_above(s0: v128, s1: v128, s2: v128, s3: v128, limit: v128): u64 {
  const low = i8x16.narrow_i16x8_s(i16x8.gt_s(s0, limit), i16x8.gt_s(s1, limit));
  const high = i8x16.narrow_i16x8_s(i16x8.gt_s(s2, limit), i16x8.gt_s(s3, limit));
  return <u64>(<u32>i8x16.bitmask(low)) | ((<u64>i8x16.bitmask(high)) << 16);
}
