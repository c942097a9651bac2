// Small integers in place of factors, and their dot products.
//
//   y ≈ σ·c,  |c| <= ITEM_LIMIT,  σ = float32(max|y| / ITEM_LIMIT)
//   q ≈ τ·p,  |p| <= QUERY_LIMIT
//
// Rows stand in blocks of 16. A block holds, for each group of dimensions, the codes of that group of all 16 rows, one
// byte each, so that one group of the query, repeated, meets four rows in a vector and sums need no shuffles:
//
//   code(row, dimension) at [dimension / GROUP][row][dimension % GROUP]
//
// The base build multiplies int16 by int16, and τ = max|q| / QUERY_LIMIT.
//
// The other build has the relaxed integer dot product, which multiplies int8 by 0 .. 127 and adds pairs in one
// instruction. Codes there are stored as c + OFFSET, and a dot starts at -OFFSET·Σp. A lane of int16 takes the products of
// the four groups of a chunk, eight of them, before it is widened. Its sum stays within int16 when Σ|p| <= 258 over these
// eight, since 258·127 < 2^15; so τ is also at least Σ|q| / 253, for |p| <= |q|/τ + ½. Then no instruction is near a value
// for which its result would be up to the machine.

export const BLOCK_ROWS: i32 = 16;

const GROUP: i32 = ASC_FEATURE_RELAXED_SIMD ? 4 : 2;
export const GROUP_BYTES: usize = <usize>(GROUP * BLOCK_ROWS);
/** Dimensions that the codes are padded to a multiple of. */
const CHUNK: i32 = ASC_FEATURE_RELAXED_SIMD ? 16 : 4;
const ITEM_LIMIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 63 : 127;
const OFFSET: i32 = ASC_FEATURE_RELAXED_SIMD ? 64 : 0;
const QUERY_LIMIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 127 : 32767;
const LARGEST_LANE_SUM: f64 = 253;

/** Rows of a smaller largest value get the codes 0, so that no scale and no product of it is subnormal. */
const SMALLEST_LARGEST: f32 = 7.888609052210118e-31; // 2^-100

function coded(stride: i32): i32 {
  return (stride + CHUNK - 1) & -CHUNK;
}

/** Bytes of the codes of a block. */
export function code_bytes(stride: i32): usize {
  return <usize>(coded(stride) * BLOCK_ROWS);
}

/** Bytes of an encoded query. */
export function query_bytes(stride: i32): usize {
  return (<usize>coded(stride)) << (ASC_FEATURE_RELAXED_SIMD ? 0 : 1);
}

/** The largest |value| of a padded row. */
function largest_of(row: usize, bytes: usize): f32 {
  let largest = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(row + o)));
  const halves = f32x4.max(largest, v128.shuffle<i64>(largest, largest, 1, 0));
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** σ of the row encoded last. */
export let row_scale: f32 = 0;
/** ‖y - σc‖ of the row encoded last, but for the rounding of float64. */
export let row_error: f64 = 0;

/** Writes the codes of a padded row of `bytes` bytes as row `place` of the block at `block`, which was set to zero. */
export function encode_row(row: usize, bytes: usize, block: usize, place: i32): void {
  const largest = largest_of(row, bytes);
  const scale: f32 = largest < SMALLEST_LARGEST ? 0 : largest / <f32>ITEM_LIMIT;
  const inverse = f32x4.splat(scale == 0 ? 0 : <f32>1 / scale);
  const scales = f64x2.splat(<f64>scale);
  let squares = f64x2.splat(0);
  let at = block + <usize>(place * GROUP);
  for (let o: usize = 0; o < bytes; o += 16) {
    const values = v128.load(row + o);
    const rounded = f32x4.nearest(f32x4.mul(values, inverse));
    const low = f64x2.sub(f64x2.promote_low_f32x4(values), f64x2.mul(scales, f64x2.promote_low_f32x4(rounded)));
    const high = f64x2.sub(
      f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 0)),
      f64x2.mul(scales, f64x2.promote_low_f32x4(v128.shuffle<i64>(rounded, rounded, 1, 0))),
    );
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    const codes = i32x4.add(i32x4.trunc_sat_f32x4_s(rounded), i32x4.splat(OFFSET));
    const words = i16x8.narrow_i32x4_s(codes, codes);
    const four = i32x4.extract_lane(i8x16.narrow_i16x8_s(words, words), 0);
    if (ASC_FEATURE_RELAXED_SIMD) {
      store<i32>(at, four);
    } else {
      store<u16>(at, <u16>four);
      at += GROUP_BYTES;
      store<u16>(at, <u16>(four >>> 16));
    }
    at += GROUP_BYTES;
  }
  row_scale = scale;
  row_error = Math.sqrt(f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
}

/** τ of the query encoded last; 1 for a zero query. */
export let query_scale: f64 = 0;
/** ‖q - τp‖, ‖p‖ and ‖q‖ of the query encoded last, but for the rounding of float64. */
export let query_error: f64 = 0;
export let query_code_norm: f64 = 0;
export let query_norm: f64 = 0;
/** What its integer dot products start at. */
export let query_start: i32 = 0;

/** The largest Σ|q| over the dimensions whose products one lane of int16 takes. */
function largest_lane_sum(query: usize, stride: i32): f64 {
  let largest: f64 = 0;
  for (let chunk = 0; chunk < stride; chunk += CHUNK) {
    const end = min(chunk + CHUNK, stride);
    let even: f64 = 0;
    let odd: f64 = 0;
    for (let d = chunk; d < end; d += GROUP) {
      const values = f32x4.abs(v128.load(query + ((<usize>d) << 2)));
      even += <f64>f32x4.extract_lane(values, 0) + <f64>f32x4.extract_lane(values, 1);
      odd += <f64>f32x4.extract_lane(values, 2) + <f64>f32x4.extract_lane(values, 3);
    }
    largest = max(largest, max(even, odd));
  }
  return largest;
}

/** Writes the codes of the padded query of `stride` float32 to `out`. */
export function encode_query(query: usize, stride: i32, out: usize): void {
  let scale = <f64>largest_of(query, (<usize>stride) << 2) / <f64>QUERY_LIMIT;
  if (ASC_FEATURE_RELAXED_SIMD) scale = max(scale, largest_lane_sum(query, stride) / LARGEST_LANE_SUM);
  if (scale == 0) scale = 1;
  const inverse = 1 / scale;
  let errors: f64 = 0;
  let codes: f64 = 0;
  let values: f64 = 0;
  let sum: f64 = 0;
  memory.fill(out, 0, query_bytes(stride));
  for (let d: usize = 0; d < <usize>stride; d++) {
    const value = <f64>load<f32>(query + (d << 2));
    const code = nearest(value * inverse);
    const rest = value - scale * code;
    errors += rest * rest;
    codes += code * code;
    values += value * value;
    sum += code;
    if (ASC_FEATURE_RELAXED_SIMD) store<i8>(out + d, <i8>(<i32>code));
    else store<i16>(out + (d << 1), <i16>(<i32>code));
  }
  query_scale = scale;
  query_error = Math.sqrt(errors);
  query_code_norm = Math.sqrt(codes);
  query_norm = Math.sqrt(values);
  query_start = -OFFSET * <i32>sum;
}
