// The k best of an array of scores, exact: higher scores first, equal scores by ascending row; NaN and excluded rows
// are left out.
//
// Rows come in ascending order, so a later row replaces the root of the heap only with a strictly higher score, and
// four scores at a time are passed over with one comparison.

import { drain, place_from_leaf, place_from_root } from "./heap";

/**
 * Writes the best `k` rows to `out_rows` and their scores to `out_scores` and returns how many there are.
 * `excluded` is 0 or the address of one byte a row, nonzero where the row is excluded.
 * `heap` is scratch of 8·min(k, rows) bytes; the outputs have room for min(k, rows) values.
 */
export function top(
  scores: usize,
  rows: i32,
  excluded: usize,
  k: i32,
  heap: usize,
  out_rows: usize,
  out_scores: usize,
): i32 {
  if (k <= 0) return 0;
  let size = 0;
  let r = 0;
  for (; r < rows && size < k; r++) {
    const score = load<f32>(scores + ((<usize>r) << 2));
    if (score != score || (excluded && load<u8>(excluded + r))) continue;
    place_from_leaf(heap, size, score, r);
    size++;
  }
  let worst = load<f32>(heap);
  while (r < rows) {
    if (r + 4 <= rows && !v128.any_true(f32x4.gt(v128.load(scores + ((<usize>r) << 2)), f32x4.splat(worst)))) {
      r += 4;
      continue;
    }
    const end = min(r + 4, rows);
    for (; r < end; r++) {
      const score = load<f32>(scores + ((<usize>r) << 2));
      if (!(score > worst) || (excluded && load<u8>(excluded + r))) continue;
      place_from_root(heap, size, score, r);
      worst = load<f32>(heap);
    }
  }
  drain(heap, size, out_rows, out_scores);
  return size;
}
