// Small integers in place of factors, and their dot products.
//
//   y ≈ σ·c,  |c| <= ITEM_LIMIT,  one σ for the rows of a block
//   q ≈ τ·p,  |p| <= QUERY_LIMIT
//
// A block holds, for each pair of dimensions, the codes of that pair of all its rows, one byte each, so that a pair of the
// query, repeated, meets several rows in a vector and sums need no shuffles:
//
//   code(row, dimension) at [dimension / 2][row][dimension % 2]
//
// The base build has blocks of 16 rows and multiplies int16 by int16; its sums are int32.
//
// The other build has the relaxed integer dot product, which multiplies int8 by 0 .. 127 and adds pairs in one
// instruction, and blocks of 64 rows. Codes there are stored as c + OFFSET, and a dot starts at -OFFSET·Σp. A pair of
// products is at most 2·127·127 < 2^15, so that no instruction is near a value for which its result would be up to the
// machine. A row's sum stays in one lane of int16: it wraps around on its way, but not in the end, for |p·c| <= ‖p‖·‖c‖,
// and τ is chosen such that ‖p‖·‖c‖ < 2^15 for every row. So that neither side takes all the room, ‖c‖ is held near √2^15.

export const BLOCK_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 64 : 16;

export const PAIR_BYTES: usize = <usize>(2 * BLOCK_ROWS);
const ITEM_LIMIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 63 : 127;
const OFFSET: i32 = ASC_FEATURE_RELAXED_SIMD ? 64 : 0;
const QUERY_LIMIT: i32 = ASC_FEATURE_RELAXED_SIMD ? 127 : 32767;
/** Bytes of a pair of the query; the relaxed build keeps it repeated. */
export const QUERY_PAIR_BYTES: usize = ASC_FEATURE_RELAXED_SIMD ? 16 : 4;

/** What ‖p‖·‖c‖ is held below, and ‖y‖/σ at most, in the relaxed build. */
const LARGEST_SUM: f64 = 32766;
const LARGEST_NORM: f32 = 181;

/** Blocks of a smaller largest value get the codes 0, so that no scale and no product of it is subnormal. */
const SMALLEST_LARGEST: f32 = 7.888609052210118e-31; // 2^-100

/** Bytes of the codes of a block. */
export function code_bytes(stride: i32): usize {
  return <usize>(stride * BLOCK_ROWS);
}

/** Bytes of an encoded query. */
export function query_bytes(stride: i32): usize {
  return (<usize>stride >> 1) * QUERY_PAIR_BYTES;
}

/** The largest |value| of a padded row. */
export function largest_of(row: usize, bytes: usize): f32 {
  let largest = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(row + o)));
  const halves = f32x4.max(largest, v128.shuffle<i64>(largest, largest, 1, 0));
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** σ of a block of rows that are not longer than `norm` and hold no value larger than `largest`. */
export function block_scale(largest: f32, norm: f32): f32 {
  if (largest < SMALLEST_LARGEST) return 1;
  const scale = largest / <f32>ITEM_LIMIT;
  return ASC_FEATURE_RELAXED_SIMD ? max(scale, norm / LARGEST_NORM) : scale;
}

/** ‖y - σc‖ of the row encoded last, but for the rounding of float64. */
export let row_error: f64 = 0;
/** ‖c‖² of the row encoded last. */
export let row_code_squares: i32 = 0;

/** Writes the codes of a padded row of `bytes` bytes as row `place` of the block at `block`. */
export function encode_row(row: usize, bytes: usize, scale: f32, block: usize, place: i32): void {
  const inverse = f32x4.splat(<f32>1 / scale);
  const scales = f64x2.splat(<f64>scale);
  const limit = f32x4.splat(<f32>ITEM_LIMIT);
  let errors = f64x2.splat(0);
  let squares = i32x4.splat(0);
  let at = block + <usize>(2 * place);
  for (let o: usize = 0; o < bytes; o += 16) {
    const values = v128.load(row + o);
    const rounded = f32x4.max(f32x4.neg(limit), f32x4.min(limit, f32x4.nearest(f32x4.mul(values, inverse))));
    const low = f64x2.sub(f64x2.promote_low_f32x4(values), f64x2.mul(scales, f64x2.promote_low_f32x4(rounded)));
    const high = f64x2.sub(
      f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 0)),
      f64x2.mul(scales, f64x2.promote_low_f32x4(v128.shuffle<i64>(rounded, rounded, 1, 0))),
    );
    errors = f64x2.add(errors, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    const codes = i32x4.trunc_sat_f32x4_s(rounded);
    squares = i32x4.add(squares, i32x4.mul(codes, codes));
    const stored = i32x4.add(codes, i32x4.splat(OFFSET));
    const words = i16x8.narrow_i32x4_s(stored, stored);
    const four = i32x4.extract_lane(i8x16.narrow_i16x8_s(words, words), 0);
    store<u16>(at, <u16>four);
    store<u16>(at + PAIR_BYTES, <u16>(four >>> 16));
    at += 2 * PAIR_BYTES;
  }
  row_error = Math.sqrt(f64x2.extract_lane(errors, 0) + f64x2.extract_lane(errors, 1));
  const pairs = i32x4.add(squares, v128.shuffle<i64>(squares, squares, 1, 0));
  row_code_squares = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** τ of the query encoded last; 1 for a zero query. */
export let query_scale: f64 = 0;
/** ‖q - τp‖, ‖p‖ and ‖q‖ of the query encoded last, but for the rounding of float64. */
export let query_error: f64 = 0;
export let query_code_norm: f64 = 0;
export let query_norm: f64 = 0;
/** What its integer dot products start at. */
export let query_start: i32 = 0;

/** ‖row‖ of a padded row, but for the rounding of float64. */
export function norm_of(row: usize, bytes: usize): f64 {
  let squares = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const values = v128.load(row + o);
    const low = f64x2.promote_low_f32x4(values);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 0));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  return Math.sqrt(f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
}

/**
 * Writes the codes of the padded query of `stride` float32 to `out`, for rows of which none has a larger ‖c‖² than
 * `code_squares`.
 */
export function encode_query(query: usize, stride: i32, code_squares: i32, out: usize): void {
  const bytes = (<usize>stride) << 2;
  const norm = norm_of(query, bytes);
  let scale = <f64>largest_of(query, bytes) / <f64>QUERY_LIMIT;
  if (ASC_FEATURE_RELAXED_SIMD && code_squares > 0) {
    // Rounding makes p longer than q/τ by ½√stride at most.
    const room = LARGEST_SUM / Math.sqrt(<f64>code_squares) - 0.5 * Math.sqrt(<f64>stride);
    scale = max(scale, norm / room);
  }
  if (scale == 0) scale = 1;
  const inverses = f64x2.splat(1 / scale);
  const scales = f64x2.splat(scale);
  let errors = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let sums = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 8) {
    const values = f64x2.promote_low_f32x4(v128.load64_zero(query + o));
    const codes = f64x2.nearest(f64x2.mul(values, inverses));
    const rest = f64x2.sub(values, f64x2.mul(scales, codes));
    errors = f64x2.add(errors, f64x2.mul(rest, rest));
    squares = f64x2.add(squares, f64x2.mul(codes, codes));
    sums = f64x2.add(sums, codes);
    const two = i32x4.trunc_sat_f64x2_s_zero(codes);
    const words = i16x8.narrow_i32x4_s(two, two);
    if (ASC_FEATURE_RELAXED_SIMD) {
      v128.store(out, i16x8.splat(<i16>i16x8.extract_lane_s(i8x16.narrow_i16x8_s(words, words), 0)));
    } else {
      store<i32>(out, i32x4.extract_lane(words, 0));
    }
    out += QUERY_PAIR_BYTES;
  }
  query_scale = scale;
  query_error = Math.sqrt(f64x2.extract_lane(errors, 0) + f64x2.extract_lane(errors, 1));
  query_code_norm = Math.sqrt(f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
  query_norm = norm;
  query_start = -OFFSET * <i32>(f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
}
