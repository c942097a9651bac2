// The canonical float32 dot product, the definition of every score:
//
//   lane l of 0..3:  s_l = Σ a[4c+l]·b[4c+l]  over chunks c ascending, each product and each sum rounded to float32
//   dot = (s_0 + s_2) + (s_1 + s_3)
//
// Rows are padded with zeros. A lane starts at +0, so no lane and no dot is ever -0.

/** Canonical dot of two padded rows of `bytes` bytes. */
export function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + o), v128.load(b + o)));
  }
  const halves = f32x4.add(sum, v128.shuffle<i64>(sum, sum, 1, 0));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}

/** Canonical dots of `a` with the four consecutive rows at `b`, one in each lane. */
export function dot_four(a: usize, b: usize, bytes: usize): v128 {
  const b1 = b + bytes;
  const b2 = b1 + bytes;
  return dot_rows(a, b, b1, b2, b2 + bytes, bytes);
}

/** Canonical dots of `a` with four rows, one in each lane. */
export function dot_rows(a: usize, b: usize, b1: usize, b2: usize, b3: usize, bytes: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let o: usize = 0; o < bytes; o += 16) {
    const chunk = v128.load(a + o);
    s0 = f32x4.add(s0, f32x4.mul(chunk, v128.load(b + o)));
    s1 = f32x4.add(s1, f32x4.mul(chunk, v128.load(b1 + o)));
    s2 = f32x4.add(s2, f32x4.mul(chunk, v128.load(b2 + o)));
    s3 = f32x4.add(s3, f32x4.mul(chunk, v128.load(b3 + o)));
  }
  // Lanes 0 and 1 of `left` are row 0's s_0 + s_2 and s_1 + s_3, lanes 2 and 3 row 1's; `right` holds rows 2 and 3.
  const left = f32x4.add(v128.shuffle<i64>(s0, s1, 0, 2), v128.shuffle<i64>(s0, s1, 1, 3));
  const right = f32x4.add(v128.shuffle<i64>(s2, s3, 0, 2), v128.shuffle<i64>(s2, s3, 1, 3));
  return f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));
}
