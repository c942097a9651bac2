// The best entries of a ranking so far: higher scores first, equal scores by ascending row.
//
// A binary heap of entries {score: f32, row: i32} with the worst of them at the root.

/** Bytes of an entry. */
const ENTRY: usize = 8;

/** Whether entry (score, row) ranks behind the entry at `at`. */
export function is_behind(score: f32, row: i32, at: usize): bool {
  const other = load<f32>(at);
  return score < other || (score == other && row > load<i32>(at, 4));
}

/** Puts an entry where it belongs, looking downwards from slot 0 of a heap of `size` entries. */
export function place_from_root(heap: usize, size: i32, score: f32, row: i32): void {
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
export function place_from_leaf(heap: usize, size: i32, score: f32, row: i32): void {
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

/** Empties a heap of `size` entries into rows and scores, best first. */
export function drain(heap: usize, size: i32, out_rows: usize, out_scores: usize): void {
  for (let rank = size - 1; rank >= 0; rank--) {
    store<f32>(out_scores + ((<usize>rank) << 2), load<f32>(heap));
    store<i32>(out_rows + ((<usize>rank) << 2), load<i32>(heap, 4));
    const last = heap + <usize>rank * ENTRY;
    place_from_root(heap, rank, load<f32>(last), load<i32>(last, 4));
  }
}
