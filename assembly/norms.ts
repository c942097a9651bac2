// inverse_norm[r] = float32(1 / √(Σ y²)), summed in float64 over ascending dimensions; 0 for a zero row and for one
// so short that the inverse overflows float32, so that a cosine with it is 0 and never NaN.

import { padded } from "./layout";

/** Writes `rows` float32 to `out`. */
export function inverse_norms(matrix: usize, rows: i32, factors: i32, out: usize): void {
  const bytes = (<usize>padded(factors)) << 2;
  let row = matrix;
  for (let r = 0; r < rows; r++) {
    let sum: f64 = 0;
    for (let o: usize = 0; o < bytes; o += 4) {
      const y = <f64>load<f32>(row + o);
      sum += y * y;
    }
    const inverse = <f32>(1 / Math.sqrt(sum));
    store<f32>(out + ((<usize>r) << 2), isFinite(inverse) ? inverse : 0);
    row += bytes;
  }
}
