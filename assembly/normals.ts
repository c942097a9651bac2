// Normal numbers from Philox words by Box and Muller, in float64:
//
//   u = (53 bits of words 0 and 1 + 1) / 2^53 in (0, 1],   v = 53 bits of words 2 and 3 / 2^53 in [0, 1)
//   z = √(-2 ln u) · cos(2π v)
//
// The words come from key = seed, counter = (row, dimension, side, 0), so a value depends on its place alone.

import { padded } from "./layout";
import { philox, word0, word1, word2, word3 } from "./philox";

const STEP: f64 = 1.0 / 9007199254740992.0;

/** The 53-bit integer of two words, as a float64. */
function bits53(high: u32, low: u32): f64 {
  return <f64>(high >>> 5) * 67108864.0 + <f64>(low >>> 6);
}

/** The standard normal number of one place, in float64. */
export function standard_normal(seed_lo: u32, seed_hi: u32, side: u32, row: u32, dimension: u32): f64 {
  philox(seed_lo, seed_hi, row, dimension, side, 0);
  const u = (bits53(word0, word1) + 1) * STEP;
  const v = bits53(word2, word3) * STEP;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** Writes rows first_row .. first_row+rows-1 of a side, padded, float32(stddev · z), to `out`. */
export function fill_normals(
  out: usize,
  seed_lo: u32,
  seed_hi: u32,
  side: u32,
  first_row: u32,
  rows: i32,
  factors: i32,
  stddev: f64,
): void {
  const stride = padded(factors);
  for (let r = 0; r < rows; r++) {
    for (let dimension = 0; dimension < stride; dimension++) {
      const value: f32 =
        dimension < factors ? <f32>(stddev * standard_normal(seed_lo, seed_hi, side, first_row + r, dimension)) : 0;
      store<f32>(out, value);
      out += 4;
    }
  }
}
