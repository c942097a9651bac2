// G = YᵀY in float64 over the float32 rows of Y.
//
// The rows fall into 32 ranges [⌊r·n/32⌋, ⌊(r+1)·n/32⌋). Each range is summed in ascending row order, starting from
// zero, and the ranges are added in ascending order, so that they can be given to any number of threads. The product
// of two float32 is exact in float64.
//
// G is stored side × side (layout.ts), symmetric, zero in the padding.
// Workspace: sums of a range side² | right tile TILE_ROWS × side | left tile, the same size; all float64.

import { GRAMIAN_RANGES, padded, system_side, TILE_ROWS } from "./layout";
import { add_upper } from "./products";

/** Bytes of the workspace of `gramian`. */
export function gramian_workspace_bytes(factors: i32): i32 {
  const side = system_side(factors);
  return (side * side + 2 * TILE_ROWS * side) << 3;
}

/** Adds the outer products of one range of rows to the upper triangle of `sums`. */
function add_range(matrix: usize, from: i32, to: i32, factors: i32, sums: usize): void {
  const side = system_side(factors);
  const stride = padded(factors);
  const right = sums + ((<usize>(side * side)) << 3);
  const left = right + ((<usize>(TILE_ROWS * side)) << 3);
  for (let first = from; first < to; first += TILE_ROWS) {
    const count = min(to - first, TILE_ROWS);
    for (let t = 0; t < count; t++) {
      const row = matrix + <usize>(first + t) * ((<usize>stride) << 2);
      for (let c = 0; c < stride; c += 4) {
        const chunk = v128.load(row + ((<usize>c) << 2));
        const low = f64x2.promote_low_f32x4(chunk);
        const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(chunk, chunk, 1, 0));
        const at_right = right + ((<usize>(t * side + c)) << 3);
        v128.store(at_right, low);
        v128.store(at_right, high, 16);
        const at_left = left + ((<usize>(c * TILE_ROWS + t * 4)) << 3);
        v128.store(at_left, low);
        v128.store(at_left, high, 16);
      }
    }
    add_upper<f64>(left, TILE_ROWS, right, count, side, sums);
  }
}

/** Writes the Gramian of `rows` rows to `out` (8·side² bytes). */
export function gramian(matrix: usize, rows: i32, factors: i32, workspace: usize, out: usize): void {
  const side = system_side(factors);
  const bytes = (<usize>(side * side)) << 3;
  memory.fill(workspace, 0, gramian_workspace_bytes(factors));
  memory.fill(out, 0, bytes);
  for (let range = 0; range < GRAMIAN_RANGES; range++) {
    const from = <i32>((<i64>range * rows) / GRAMIAN_RANGES);
    const to = <i32>((<i64>(range + 1) * rows) / GRAMIAN_RANGES);
    if (from == to) continue;
    memory.fill(workspace, 0, bytes);
    add_range(matrix, from, to, factors, workspace);
    for (let o: usize = 0; o < bytes; o += 16) {
      v128.store(out + o, f64x2.add(v128.load(out + o), v128.load(workspace + o)));
    }
  }
  mirror(out, side);
}

/** Copies the upper triangle to the lower. */
function mirror(square: usize, side: i32): void {
  for (let r = 0; r < side; r++) {
    for (let c = r + 1; c < side; c++) {
      store<f64>(square + ((<usize>(c * side + r)) << 3), load<f64>(square + ((<usize>(r * side + c)) << 3)));
    }
  }
}
