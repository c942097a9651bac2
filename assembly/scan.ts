// Scores of one query against every row:
//
//   scan         score[r] = dot(query, row r)
//   scan_cosine  score[r] = (dot(query, row r) · query_inverse_norm) · inverse_norm[r] + 0
//
// Equal scores have equal bits: a dot is never -0 (dot.ts), and adding +0 turns the -0 of an underflowed or zeroed
// product into +0.

import { dot, dot_four } from "./dot";
import { padded } from "./layout";

/** Writes `rows` float32 scores to `out`. */
export function scan(query: usize, matrix: usize, rows: i32, factors: i32, out: usize): void {
  const bytes = (<usize>padded(factors)) << 2;
  const fours = rows & ~3;
  let row = matrix;
  for (let r = 0; r < fours; r += 4) {
    v128.store(out + ((<usize>r) << 2), dot_four(query, row, bytes));
    row += bytes << 2;
  }
  for (let r = fours; r < rows; r++) {
    store<f32>(out + ((<usize>r) << 2), dot(query, row, bytes));
    row += bytes;
  }
}

/** Writes `rows` cosines to `out`; `inverse_norms` is what `inverse_norms` made of the same matrix. */
export function scan_cosine(
  query: usize,
  query_inverse_norm: f32,
  matrix: usize,
  inverse_norms: usize,
  rows: i32,
  factors: i32,
  out: usize,
): void {
  scan(query, matrix, rows, factors, out);
  for (let r = 0; r < rows; r++) {
    const at = (<usize>r) << 2;
    store<f32>(out + at, load<f32>(out + at) * query_inverse_norm * load<f32>(inverse_norms + at) + <f32>0);
  }
}
