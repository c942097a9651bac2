import { addBlock } from "./products.ts";

/**
 * Factors the upper triangle of `a`, side × side with `side` a multiple of 4, in place as A = UᵀU: for four rows at a
 * time first what the finished rows take off, then the four among themselves. What lies below the diagonal means nothing.
 */
export function cholesky(a: Float64Array, side: number): void {
  for (let first = 0; first < side; first += 4) {
    for (let c = first; c < side; c += 4) addBlock(a, a, a, side, first, first, c, -1);
    for (let i = first; i < first + 4; i++) {
      const row = i * side;
      const root = Math.sqrt(a[row + i]);
      for (let c = i; c < side; c++) a[row + c] /= root;
      for (let j = i + 1; j < first + 4; j++) {
        const factor = a[row + j];
        for (let c = j; c < side; c++) a[j * side + c] -= factor * a[row + c];
      }
    }
  }
}

/** Replaces `x` by A⁻¹x, with U from `cholesky`: Uᵀz = x, then Ux = z. */
export function substitute(u: Float64Array, side: number, x: Float64Array): void {
  for (let k = 0; k < side; k++) {
    const row = k * side;
    const z = x[k] / u[row + k];
    x[k] = z;
    for (let c = k + 1; c < side; c++) x[c] -= z * u[row + c];
  }
  for (let k = side - 1; k >= 0; k--) {
    const row = k * side;
    let rest = x[k];
    for (let c = k + 1; c < side; c++) rest -= u[row + c] * x[c];
    x[k] = rest / u[row + k];
  }
}
