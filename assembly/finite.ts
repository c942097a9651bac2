// x - x is 0 for a finite x and NaN otherwise.

/** 1 when all `count` float32 at `values` are finite, else 0. */
export function all_finite_f32(values: usize, count: i32): bool {
  const end = values + ((<usize>count) << 2);
  const whole = values + ((<usize>(count & ~3)) << 2);
  let sum = f32x4.splat(0);
  for (; values < whole; values += 16) {
    const chunk = v128.load(values);
    sum = f32x4.add(sum, f32x4.sub(chunk, chunk));
  }
  let rest: f32 = 0;
  for (; values < end; values += 4) {
    const value = load<f32>(values);
    rest += value - value;
  }
  return v128.all_true<i32>(f32x4.eq(sum, f32x4.splat(0))) && rest == 0;
}

/** 1 when all `count` float64 at `values` are finite, else 0. */
export function all_finite_f64(values: usize, count: i32): bool {
  const end = values + ((<usize>count) << 3);
  let sum: f64 = 0;
  for (; values < end; values += 8) {
    const value = load<f64>(values);
    sum += value - value;
  }
  return sum == 0;
}
