// The k best of an array of scores, exact: higher scores first, equal scores by ascending row; NaN and excluded rows
// are left out.
//
// A binary heap of k entries {score: f32, row: i32} holds the best so far with the worst of them at the root. Rows
// come in ascending order, so a later row replaces the root only with a strictly higher score, and four scores
// at a time are passed over with one comparison.

const ENTRY: usize = 8;

/** Whether entry (score, row) ranks behind the entry at `at`. */
function is_behind(score: f32, row: i32, at: usize): bool {
  const other = load<f32>(at);
  return score < other || (score == other && row > load<i32>(at, 4));
}

/** Puts an entry where it belongs, looking downwards from slot 0 of a heap of `size` entries. */
function place_from_root(heap: usize, size: i32, score: f32, row: i32): void {
  let slot = 0;
  while (true) {
    let child = 2 * slot + 1;
    if (child >= size) break;
    let at = heap + <usize>child * ENTRY;
    if (child + 1 < size && is_behind(load<f32>(at + ENTRY), load<i32>(at + ENTRY, 4), at)) {
      child++;
      at += ENTRY;
    }
    if (is_behind(score, row, at)) break;
    store<u64>(heap + <usize>slot * ENTRY, load<u64>(at));
    slot = child;
  }
  const place = heap + <usize>slot * ENTRY;
  store<f32>(place, score);
  store<i32>(place, row, 4);
}

/** Puts an entry where it belongs, looking upwards from the fresh slot `size`. */
function place_from_leaf(heap: usize, size: i32, score: f32, row: i32): void {
  let slot = size;
  while (slot > 0) {
    const parent = (slot - 1) >> 1;
    const at = heap + <usize>parent * ENTRY;
    if (!is_behind(score, row, at)) break;
    store<u64>(heap + <usize>slot * ENTRY, load<u64>(at));
    slot = parent;
  }
  const place = heap + <usize>slot * ENTRY;
  store<f32>(place, score);
  store<i32>(place, row, 4);
}

/**
 * Writes the best `k` rows to `out_rows` and their scores to `out_scores` and returns how many there are.
 * `excluded` is 0 or the address of one byte a row, nonzero where the row is excluded.
 * `heap` is scratch of 8·min(k, rows) bytes; the outputs have room for min(k, rows) values.
 */
export function top(
  scores: usize,
  rows: i32,
  excluded: usize,
  k: i32,
  heap: usize,
  out_rows: usize,
  out_scores: usize,
): i32 {
  if (k <= 0) return 0;
  let size = 0;
  let r = 0;
  for (; r < rows && size < k; r++) {
    const score = load<f32>(scores + ((<usize>r) << 2));
    if (score != score || (excluded && load<u8>(excluded + r))) continue;
    place_from_leaf(heap, size, score, r);
    size++;
  }
  let worst = load<f32>(heap);
  while (r < rows) {
    if (r + 4 <= rows && !v128.any_true(f32x4.gt(v128.load(scores + ((<usize>r) << 2)), f32x4.splat(worst)))) {
      r += 4;
      continue;
    }
    const end = min(r + 4, rows);
    for (; r < end; r++) {
      const score = load<f32>(scores + ((<usize>r) << 2));
      if (!(score > worst) || (excluded && load<u8>(excluded + r))) continue;
      place_from_root(heap, size, score, r);
      worst = load<f32>(heap);
    }
  }
  for (let rank = size - 1; rank >= 0; rank--) {
    store<f32>(out_scores + ((<usize>rank) << 2), load<f32>(heap));
    store<i32>(out_rows + ((<usize>rank) << 2), load<i32>(heap, 4));
    const last = heap + <usize>rank * ENTRY;
    place_from_root(heap, rank, load<f32>(last), load<i32>(last, 4));
  }
  return size;
}
