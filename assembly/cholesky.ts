// Cholesky factorisation A = UᵀU in float64, in place in the upper triangle, and the two triangular solves.
//
//   U[i][j] = (A[i][j] - Σ_{k<i} U[k][i]·U[k][j]) / √(A[i][i] - Σ_{k<i} U[k][i]²),   k ascending
//
// Four rows of U at a time: first the finished rows k < i are taken off (products.ts, with the left side negated),
// then the four rows among themselves. Each entry is still one chain of subtractions in the order of k.

import { add_block } from "./products";

/** Rows of U finished together; `side` is a multiple of it. */
const BLOCK: i32 = 4;

/** Bytes of scratch: the four negated columns of the finished rows. */
export function cholesky_scratch_bytes(side: i32): i32 {
  return side * BLOCK * 8;
}

/** Factors the side × side matrix at `a`. False when a pivot is not positive and finite; then `a` means nothing. */
export function cholesky(a: usize, side: i32, scratch: usize): bool {
  const row_bytes = (<usize>side) << 3;
  for (let first = 0; first < side; first += BLOCK) {
    const columns = (<usize>first) << 3;
    const block = a + <usize>first * row_bytes;
    for (let k = 0; k < first; k++) {
      const from = a + <usize>k * row_bytes + columns;
      const to = scratch + ((<usize>(k * BLOCK)) << 3);
      v128.store(to, f64x2.neg(v128.load(from)));
      v128.store(to, f64x2.neg(v128.load(from, 16)), 16);
    }
    for (let o = columns; o < row_bytes; o += 32) {
      add_block<f64>(scratch, a + o, row_bytes, first, block + o, row_bytes);
    }
    if (!finish_block(block, first, row_bytes)) return false;
  }
  return true;
}

/** Rows first .. first+3 of U from what is left of A; `block` is the address of row `first`. */
function finish_block(block: usize, first: i32, row_bytes: usize): bool {
  for (let i = 0; i < BLOCK; i++) {
    const row = block + <usize>i * row_bytes;
    const diagonal = row + ((<usize>(first + i)) << 3);
    const pivot = load<f64>(diagonal);
    if (!(pivot > 0 && pivot < Infinity)) return false;
    const root = Math.sqrt(pivot);
    const roots = f64x2.splat(root);
    const end = row + row_bytes;
    for (let p = diagonal & ~15; p < end; p += 16) v128.store(p, f64x2.div(v128.load(p), roots));
    store<f64>(diagonal, root);
    for (let j = i + 1; j < BLOCK; j++) {
      const factor = f64x2.splat(load<f64>(row + ((<usize>(first + j)) << 3)));
      const distance = <usize>(j - i) * row_bytes;
      for (let p = (row + ((<usize>(first + j)) << 3)) & ~15; p < end; p += 16) {
        v128.store(p + distance, f64x2.sub(v128.load(p + distance), f64x2.mul(factor, v128.load(p))));
      }
    }
  }
  return true;
}

/**
 * Replaces the float64 vector at `x` by A⁻¹x, with U from `cholesky`: first Uᵀz = x by columns, ascending, then
 * Ux = z by rows, descending, where the sum over j > k runs over even and odd j apart and adds the two at the end.
 */
export function substitute(u: usize, side: i32, x: usize): void {
  const row_bytes = (<usize>side) << 3;
  for (let k = 0; k < side; k++) {
    const row = u + <usize>k * row_bytes;
    const at = (<usize>k) << 3;
    const z = load<f64>(x + at) / load<f64>(row + at);
    const factor = f64x2.splat(z);
    for (let o = (at + 8) & ~15; o < row_bytes; o += 16) {
      v128.store(x + o, f64x2.sub(v128.load(x + o), f64x2.mul(factor, v128.load(row + o))));
    }
    store<f64>(x + at, z);
  }
  for (let k = side - 1; k >= 0; k--) {
    const row = u + <usize>k * row_bytes;
    const at = (<usize>k) << 3;
    let odd: f64 = 0;
    let o = at + 8;
    if (o & 15) {
      odd += load<f64>(row + o) * load<f64>(x + o);
      o += 8;
    }
    let sum = f64x2.replace_lane(f64x2.splat(0), 1, odd);
    for (; o < row_bytes; o += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(row + o), v128.load(x + o)));
    const rest = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    store<f64>(x + at, (load<f64>(x + at) - rest) / load<f64>(row + at));
  }
}
