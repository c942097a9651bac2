/**
 * Writes the dot product of `query` with every row of `matrix` to `out`: four rows at a time, each sum in float64 and
 * in the order of the dimensions, rounded to float32 at the end. The fastest of six forms that were tried on V8.
 */
export function dots(query: Float32Array, matrix: Float32Array, out: Float32Array): void {
  const factors = query.length;
  const fours = out.length - (out.length % 4);
  for (let r = 0; r < fours; r += 4) {
    const a = r * factors;
    const b = a + factors;
    const c = b + factors;
    const d = c + factors;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0; i < factors; i++) {
      const value = query[i];
      s0 += value * matrix[a + i];
      s1 += value * matrix[b + i];
      s2 += value * matrix[c + i];
      s3 += value * matrix[d + i];
    }
    out[r] = s0;
    out[r + 1] = s1;
    out[r + 2] = s2;
    out[r + 3] = s3;
  }
  for (let r = fours; r < out.length; r++) {
    let sum = 0;
    for (let i = 0; i < factors; i++) sum += query[i] * matrix[r * factors + i];
    out[r] = sum;
  }
}
