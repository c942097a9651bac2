/**
 * out[r+a][c+b] += sign · Σ_k left[k][r+a] · right[k][c+b] for a and b in 0 .. 3, k from 0 to count-1.
 *
 * All three have rows of `side` values. Sixteen sums stay in registers over the whole loop; of six forms of this product
 * that were tried on V8 none was faster, and a rank-one update for each k took 2.4 times as long.
 */
export function addBlock(
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  side: number,
  count: number,
  r: number,
  c: number,
  sign: 1 | -1,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const end = count * side;
  for (let k = 0; k < end; k += side) {
    const r0 = right[k + c];
    const r1 = right[k + c + 1];
    const r2 = right[k + c + 2];
    const r3 = right[k + c + 3];
    const l0 = left[k + r];
    s00 += l0 * r0;
    s01 += l0 * r1;
    s02 += l0 * r2;
    s03 += l0 * r3;
    const l1 = left[k + r + 1];
    s10 += l1 * r0;
    s11 += l1 * r1;
    s12 += l1 * r2;
    s13 += l1 * r3;
    const l2 = left[k + r + 2];
    s20 += l2 * r0;
    s21 += l2 * r1;
    s22 += l2 * r2;
    s23 += l2 * r3;
    const l3 = left[k + r + 3];
    s30 += l3 * r0;
    s31 += l3 * r1;
    s32 += l3 * r2;
    s33 += l3 * r3;
  }
  let at = r * side + c;
  out[at] += sign * s00;
  out[at + 1] += sign * s01;
  out[at + 2] += sign * s02;
  out[at + 3] += sign * s03;
  at += side;
  out[at] += sign * s10;
  out[at + 1] += sign * s11;
  out[at + 2] += sign * s12;
  out[at + 3] += sign * s13;
  at += side;
  out[at] += sign * s20;
  out[at + 1] += sign * s21;
  out[at + 2] += sign * s22;
  out[at + 3] += sign * s23;
  at += side;
  out[at] += sign * s30;
  out[at + 1] += sign * s31;
  out[at + 2] += sign * s32;
  out[at + 3] += sign * s33;
}

/** `addBlock` with sign 1 for every block of the upper triangle of `out`, side × side. */
export function addUpper(
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  side: number,
  count: number,
): void {
  for (let r = 0; r < side; r += 4) {
    for (let c = r; c < side; c += 4) addBlock(out, left, right, side, count, r, c, 1);
  }
}
