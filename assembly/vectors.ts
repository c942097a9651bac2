// Steps on float32 vectors of whole 16-byte chunks.

/** out = a + factor·b. */
export function add_scaled(a: usize, factor: f32, b: usize, out: usize, bytes: usize): void {
  const factors = f32x4.splat(factor);
  for (let o: usize = 0; o < bytes; o += 16) {
    v128.store(out + o, f32x4.add(v128.load(a + o), f32x4.mul(factors, v128.load(b + o))));
  }
}

/** a·b in float64. */
export function wide_dot(a: usize, b: usize, bytes: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const left = v128.load(a + o);
    const right = v128.load(b + o);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(left), f64x2.promote_low_f32x4(right)));
    high = f64x2.add(
      high,
      f64x2.mul(
        f64x2.promote_low_f32x4(v128.shuffle<i64>(left, left, 1, 0)),
        f64x2.promote_low_f32x4(v128.shuffle<i64>(right, right, 1, 0)),
      ),
    );
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
