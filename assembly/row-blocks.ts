// Eight rows of float32 side by side, the unit in which conjugate gradients read a matrix:
//
//   [16-byte chunk of the dimensions][row 0..7][16 bytes]
//
// so that one address reaches all eight rows. Rows are padded to whole chunks with zeros; a block that is not full has
// zero rows at its end.
//
// Dots have the lanes and the order of `dot` (dot.ts). Sums over rows are one chain of additions a dimension in the order
// of the rows, so rows of weight 0 and the zero rows of a last block change no bit of them.

/** Rows of a block. */
export const BLOCK_ROWS: i32 = 8;

/** Bytes of a block of rows with `stride` values. */
export function row_block_bytes(stride: i32): i32 {
  return stride * BLOCK_ROWS * 4;
}

/** The four dots whose lanes these are. */
function sum_lanes(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const left = f32x4.add(v128.shuffle<i64>(s0, s1, 0, 2), v128.shuffle<i64>(s0, s1, 1, 3));
  const right = f32x4.add(v128.shuffle<i64>(s2, s3, 0, 2), v128.shuffle<i64>(s2, s3, 1, 3));
  return f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));
}

/** Writes the eight dots of the block's rows with `vector` to `out`. */
export function dot_block(block: usize, vector: usize, bytes: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
  let s6 = f32x4.splat(0);
  let s7 = f32x4.splat(0);
  for (const end = vector + bytes; vector < end; vector += 16) {
    const chunk = v128.load(vector);
    s0 = f32x4.add(s0, f32x4.mul(chunk, v128.load(block)));
    s1 = f32x4.add(s1, f32x4.mul(chunk, v128.load(block, 16)));
    s2 = f32x4.add(s2, f32x4.mul(chunk, v128.load(block, 32)));
    s3 = f32x4.add(s3, f32x4.mul(chunk, v128.load(block, 48)));
    s4 = f32x4.add(s4, f32x4.mul(chunk, v128.load(block, 64)));
    s5 = f32x4.add(s5, f32x4.mul(chunk, v128.load(block, 80)));
    s6 = f32x4.add(s6, f32x4.mul(chunk, v128.load(block, 96)));
    s7 = f32x4.add(s7, f32x4.mul(chunk, v128.load(block, 112)));
    block += 128;
  }
  v128.store(out, sum_lanes(s0, s1, s2, s3));
  v128.store(out, sum_lanes(s4, s5, s6, s7), 16);
}

/** out += Σ_k weights[k]·row_k over the eight rows of the block, k ascending. */
export function add_rows(block: usize, weights: usize, bytes: usize, out: usize): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16);
  const w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24);
  const w7 = v128.load32_splat(weights, 28);
  for (const end = out + bytes; out < end; out += 16) {
    let sum = v128.load(out);
    sum = f32x4.add(sum, f32x4.mul(w0, v128.load(block)));
    sum = f32x4.add(sum, f32x4.mul(w1, v128.load(block, 16)));
    sum = f32x4.add(sum, f32x4.mul(w2, v128.load(block, 32)));
    sum = f32x4.add(sum, f32x4.mul(w3, v128.load(block, 48)));
    sum = f32x4.add(sum, f32x4.mul(w4, v128.load(block, 64)));
    sum = f32x4.add(sum, f32x4.mul(w5, v128.load(block, 80)));
    sum = f32x4.add(sum, f32x4.mul(w6, v128.load(block, 96)));
    sum = f32x4.add(sum, f32x4.mul(w7, v128.load(block, 112)));
    v128.store(out, sum);
    block += 128;
  }
}

/** Fills a block with the rows at the eight addresses (u32) at `sources` and does what `add_rows` does with it. */
export function gather_rows(sources: usize, weights: usize, bytes: usize, block: usize, out: usize): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16);
  const w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24);
  const w7 = v128.load32_splat(weights, 28);
  const r0 = <usize>load<u32>(sources);
  const r1 = <usize>load<u32>(sources, 4);
  const r2 = <usize>load<u32>(sources, 8);
  const r3 = <usize>load<u32>(sources, 12);
  const r4 = <usize>load<u32>(sources, 16);
  const r5 = <usize>load<u32>(sources, 20);
  const r6 = <usize>load<u32>(sources, 24);
  const r7 = <usize>load<u32>(sources, 28);
  for (let o: usize = 0; o < bytes; o += 16) {
    let sum = v128.load(out + o);
    let chunk = v128.load(r0 + o);
    v128.store(block, chunk);
    sum = f32x4.add(sum, f32x4.mul(w0, chunk));
    chunk = v128.load(r1 + o);
    v128.store(block, chunk, 16);
    sum = f32x4.add(sum, f32x4.mul(w1, chunk));
    chunk = v128.load(r2 + o);
    v128.store(block, chunk, 32);
    sum = f32x4.add(sum, f32x4.mul(w2, chunk));
    chunk = v128.load(r3 + o);
    v128.store(block, chunk, 48);
    sum = f32x4.add(sum, f32x4.mul(w3, chunk));
    chunk = v128.load(r4 + o);
    v128.store(block, chunk, 64);
    sum = f32x4.add(sum, f32x4.mul(w4, chunk));
    chunk = v128.load(r5 + o);
    v128.store(block, chunk, 80);
    sum = f32x4.add(sum, f32x4.mul(w5, chunk));
    chunk = v128.load(r6 + o);
    v128.store(block, chunk, 96);
    sum = f32x4.add(sum, f32x4.mul(w6, chunk));
    chunk = v128.load(r7 + o);
    v128.store(block, chunk, 112);
    sum = f32x4.add(sum, f32x4.mul(w7, chunk));
    v128.store(out + o, sum);
    block += 128;
  }
}

/** Fills a block with the rows at the eight addresses (u32) at `sources`. */
export function gather_block(sources: usize, bytes: usize, block: usize): void {
  const r0 = <usize>load<u32>(sources);
  const r1 = <usize>load<u32>(sources, 4);
  const r2 = <usize>load<u32>(sources, 8);
  const r3 = <usize>load<u32>(sources, 12);
  const r4 = <usize>load<u32>(sources, 16);
  const r5 = <usize>load<u32>(sources, 20);
  const r6 = <usize>load<u32>(sources, 24);
  const r7 = <usize>load<u32>(sources, 28);
  for (let o: usize = 0; o < bytes; o += 16) {
    v128.store(block, v128.load(r0 + o));
    v128.store(block, v128.load(r1 + o), 16);
    v128.store(block, v128.load(r2 + o), 32);
    v128.store(block, v128.load(r3 + o), 48);
    v128.store(block, v128.load(r4 + o), 64);
    v128.store(block, v128.load(r5 + o), 80);
    v128.store(block, v128.load(r6 + o), 96);
    v128.store(block, v128.load(r7 + o), 112);
    block += 128;
  }
}
