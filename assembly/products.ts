// Sums of outer products, the heart of the Gramian, of the normal equations and of the Cholesky factorisation:
//
//   out[a][b] += Σ_k left[k][a] · right[k][b],   k ascending, each product and each sum rounded to T
//
// Every entry is one chain of additions in the order of k, however the work is tiled, so a plain triple loop gives
// the same bits. `left` is packed by groups of four columns: group g, then k, then four values.

/**
 * One block of four rows and two vectors of columns: eight chains held in registers over `count` steps.
 * `left` is one packed group; `right_bytes` and `out_bytes` are the distances between rows.
 */
export function add_block<T>(
  left: usize,
  right: usize,
  right_bytes: usize,
  count: i32,
  out: usize,
  out_bytes: usize,
): void {
  const out1 = out + out_bytes;
  const out2 = out1 + out_bytes;
  const out3 = out2 + out_bytes;
  let s00 = v128.load(out);
  let s01 = v128.load(out, 16);
  let s10 = v128.load(out1);
  let s11 = v128.load(out1, 16);
  let s20 = v128.load(out2);
  let s21 = v128.load(out2, 16);
  let s30 = v128.load(out3);
  let s31 = v128.load(out3, 16);
  const end = left + <usize>count * 4 * sizeof<T>();
  for (; left < end; left += 4 * sizeof<T>()) {
    const right0 = v128.load(right);
    const right1 = v128.load(right, 16);
    const left0 = v128.load_splat<T>(left);
    s00 = v128.add<T>(s00, v128.mul<T>(left0, right0));
    s01 = v128.add<T>(s01, v128.mul<T>(left0, right1));
    const left1 = v128.load_splat<T>(left, sizeof<T>());
    s10 = v128.add<T>(s10, v128.mul<T>(left1, right0));
    s11 = v128.add<T>(s11, v128.mul<T>(left1, right1));
    const left2 = v128.load_splat<T>(left, 2 * sizeof<T>());
    s20 = v128.add<T>(s20, v128.mul<T>(left2, right0));
    s21 = v128.add<T>(s21, v128.mul<T>(left2, right1));
    const left3 = v128.load_splat<T>(left, 3 * sizeof<T>());
    s30 = v128.add<T>(s30, v128.mul<T>(left3, right0));
    s31 = v128.add<T>(s31, v128.mul<T>(left3, right1));
    right += right_bytes;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
}

/**
 * The upper triangle of `out`, side × side, and some entries below it that mean nothing.
 * `left` holds side/4 groups of `group_rows` places each, of which the first `count` are used; `right` is count × side.
 */
export function add_upper<T>(left: usize, group_rows: i32, right: usize, count: i32, side: i32, out: usize): void {
  const columns = <i32>(32 / sizeof<T>());
  const row_bytes = <usize>side * sizeof<T>();
  const group_bytes = <usize>group_rows * 4 * sizeof<T>();
  for (let r = 0; r < side; r += 4) {
    for (let c = r & -columns; c < side; c += columns) {
      const offset = <usize>c * sizeof<T>();
      add_block<T>(left, right + offset, row_bytes, count, out + offset, row_bytes);
    }
    left += group_bytes;
    out += row_bytes << 2;
  }
}
