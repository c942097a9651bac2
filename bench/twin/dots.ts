/**
 * Writes the dot product of `query` with every row of `matrix` to `out`: eight rows at a time, each sum in float64 and
 * in the order of the dimensions, rounded to float32 at the end. The fastest of ten forms that were tried on V8.
 */
export function dots(query: Float32Array, matrix: Float32Array, out: Float32Array): void {
  const factors = query.length;
  const eights = out.length - (out.length % 8);
  for (let r = 0; r < eights; r += 8) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let i = 0; i < factors; i++) {
      const value = query[i];
      const at = r * factors + i;
      s0 += value * matrix[at];
      s1 += value * matrix[at + factors];
      s2 += value * matrix[at + 2 * factors];
      s3 += value * matrix[at + 3 * factors];
      s4 += value * matrix[at + 4 * factors];
      s5 += value * matrix[at + 5 * factors];
      s6 += value * matrix[at + 6 * factors];
      s7 += value * matrix[at + 7 * factors];
    }
    out[r] = s0;
    out[r + 1] = s1;
    out[r + 2] = s2;
    out[r + 3] = s3;
    out[r + 4] = s4;
    out[r + 5] = s5;
    out[r + 6] = s6;
    out[r + 7] = s7;
  }
  for (let r = eights; r < out.length; r++) {
    let sum = 0;
    for (let i = 0; i < factors; i++) sum += query[i] * matrix[r * factors + i];
    out[r] = sum;
  }
}
