// Scalar twins of the vectorised kernels, in the test build only: the definitions as plain loops, without tiles,
// padding of systems or packing. The kernels promise the same bits.

import { GRAMIAN_RANGES, padded, SUM_ENTRIES } from "./layout";

function f32_at(base: usize, index: i32): f32 {
  return load<f32>(base + ((<usize>index) << 2));
}

function f64_at(base: usize, index: i32): f64 {
  return load<f64>(base + ((<usize>index) << 3));
}

function put_f64(base: usize, index: i32, value: f64): void {
  store<f64>(base + ((<usize>index) << 3), value);
}

/** Twin of `dot`: four lanes, each in the order of the chunks. */
export function twin_dot(a: usize, b: usize, bytes: usize): f32 {
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  const values = <i32>(bytes >> 2);
  for (let i = 0; i < values; i += 4) {
    s0 += f32_at(a, i) * f32_at(b, i);
    s1 += f32_at(a, i + 1) * f32_at(b, i + 1);
    s2 += f32_at(a, i + 2) * f32_at(b, i + 2);
    s3 += f32_at(a, i + 3) * f32_at(b, i + 3);
  }
  return s0 + s2 + (s1 + s3);
}

/** Twin of `scan`. */
export function twin_scan(query: usize, matrix: usize, rows: i32, factors: i32, out: usize): void {
  const bytes = (<usize>padded(factors)) << 2;
  for (let r = 0; r < rows; r++) {
    store<f32>(out + ((<usize>r) << 2), twin_dot(query, matrix + <usize>r * bytes, bytes));
  }
}

/** Twin of `gramian`, writing factors × factors without padding; `workspace` has room for as much. */
export function twin_gramian(matrix: usize, rows: i32, factors: i32, workspace: usize, out: usize): void {
  const stride = padded(factors);
  for (let a = 0; a < factors; a++) {
    for (let b = 0; b < factors; b++) {
      let total: f64 = 0;
      for (let range = 0; range < GRAMIAN_RANGES; range++) {
        const from = <i32>((<i64>range * rows) / GRAMIAN_RANGES);
        const to = <i32>((<i64>(range + 1) * rows) / GRAMIAN_RANGES);
        let sum: f64 = 0;
        for (let r = from; r < to; r++)
          sum += <f64>f32_at(matrix, r * stride + a) * <f64>f32_at(matrix, r * stride + b);
        total += sum;
      }
      put_f64(out, a * factors + b, total);
    }
  }
}

/**
 * Twin of `normal_equations`: A (factors × factors, upper triangle) and behind it b at the start of `workspace`.
 * `gramian` has no padding.
 */
export function twin_normal_equations(
  items: usize,
  weights: usize,
  count: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
): void {
  const stride = padded(factors);
  let counted = 0;
  for (let i = 0; i < count; i++) counted += f32_at(weights, i) > 0 ? 1 : 0;
  const penalty = lambda * Math.pow(<f64>counted + unobserved_weight * <f64>rows, exponent);
  for (let r = 0; r < factors; r++) {
    for (let c = r; c < factors; c++) {
      let total = unobserved_weight * f64_at(gramian, r * factors + c);
      let sum: f32 = 0;
      let held = 0;
      for (let i = 0; i < count; i++) {
        const weight = f32_at(weights, i);
        if (weight == 0) continue;
        const row = matrix + ((<usize>(load<i32>(items + ((<usize>i) << 2)) * stride)) << 2);
        sum += weight * f32_at(row, r) * f32_at(row, c);
        held++;
        if (held == SUM_ENTRIES) {
          total += <f64>sum;
          sum = 0;
          held = 0;
        }
      }
      total += <f64>sum;
      if (r == c) total += penalty;
      put_f64(workspace, r * factors + c, total);
    }
  }
  const b = workspace + ((<usize>(factors * factors)) << 3);
  for (let d = 0; d < factors; d++) {
    let sum: f64 = 0;
    for (let i = 0; i < count; i++) {
      const row = matrix + ((<usize>(load<i32>(items + ((<usize>i) << 2)) * stride)) << 2);
      sum += <f64>f32_at(weights, i) * <f64>f32_at(row, d);
    }
    put_f64(b, d, sum);
  }
}

/** Twin of `cholesky`, for any side. */
export function twin_cholesky(a: usize, side: i32): bool {
  for (let i = 0; i < side; i++) {
    for (let j = i; j < side; j++) {
      let value = f64_at(a, i * side + j);
      for (let k = 0; k < i; k++) value -= f64_at(a, k * side + i) * f64_at(a, k * side + j);
      if (i == j) {
        if (!(value > 0 && value < Infinity)) return false;
        value = Math.sqrt(value);
      } else {
        value /= f64_at(a, i * side + i);
      }
      put_f64(a, i * side + j, value);
    }
  }
  return true;
}

/** Twin of `substitute`, for any side. */
export function twin_substitute(u: usize, side: i32, x: usize): void {
  for (let k = 0; k < side; k++) {
    let value = f64_at(x, k);
    for (let i = 0; i < k; i++) value -= f64_at(x, i) * f64_at(u, i * side + k);
    put_f64(x, k, value / f64_at(u, k * side + k));
  }
  for (let k = side - 1; k >= 0; k--) {
    let even: f64 = 0;
    let odd: f64 = 0;
    for (let j = k + 1; j < side; j++) {
      const product = f64_at(u, k * side + j) * f64_at(x, j);
      if (j & 1) odd += product;
      else even += product;
    }
    put_f64(x, k, (f64_at(x, k) - (even + odd)) / f64_at(u, k * side + k));
  }
}

/** Twin of `solve_row` for entries in order; `workspace` has 8·(factors² + factors) bytes, `gramian` no padding. */
export function twin_solve_row(
  items: usize,
  weights: usize,
  count: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
  out: usize,
): bool {
  let counted = 0;
  for (let i = 0; i < count; i++) counted += f32_at(weights, i) > 0 ? 1 : 0;
  for (let d = 0; d < padded(factors); d++) store<f32>(out + ((<usize>d) << 2), 0);
  if (counted == 0) return true;
  twin_normal_equations(
    items,
    weights,
    count,
    matrix,
    rows,
    factors,
    gramian,
    unobserved_weight,
    lambda,
    exponent,
    workspace,
  );
  const x = workspace + ((<usize>(factors * factors)) << 3);
  if (!twin_cholesky(workspace, factors)) return false;
  twin_substitute(workspace, factors, x);
  for (let d = 0; d < factors; d++) store<f32>(out + ((<usize>d) << 2), <f32>f64_at(x, d));
  return true;
}

/** Twin of `contributions`, with the workspace of `twin_solve_row`. */
export function twin_contributions(
  items: usize,
  weights: usize,
  count: i32,
  target: i32,
  matrix: usize,
  rows: i32,
  factors: i32,
  gramian: usize,
  unobserved_weight: f64,
  lambda: f64,
  exponent: f64,
  workspace: usize,
  out: usize,
): bool {
  const stride = padded(factors);
  twin_normal_equations(
    items,
    weights,
    count,
    matrix,
    rows,
    factors,
    gramian,
    unobserved_weight,
    lambda,
    exponent,
    workspace,
  );
  const z = workspace + ((<usize>(factors * factors)) << 3);
  for (let d = 0; d < factors; d++) put_f64(z, d, <f64>f32_at(matrix, target * stride + d));
  if (!twin_cholesky(workspace, factors)) return false;
  twin_substitute(workspace, factors, z);
  for (let i = 0; i < count; i++) {
    const row = matrix + ((<usize>(load<i32>(items + ((<usize>i) << 2)) * stride)) << 2);
    let sum: f64 = 0;
    for (let d = 0; d < factors; d++) sum += <f64>f32_at(row, d) * f64_at(z, d);
    const weight = f32_at(weights, i);
    put_f64(out, i, weight == 0 ? 0 : <f64>weight * sum);
  }
  return true;
}
