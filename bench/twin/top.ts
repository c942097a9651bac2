import type { Ranking } from "../../src/kernel/factor-space.ts";

/**
 * The at most `k` highest scores, best first, equal ones in ascending row order. A score is compared with the worst
 * that is held before its byte of the mask is looked at, and insertion keeps the short list sorted.
 *
 * @param excluded a byte for each row, 1 where the row is left out
 */
export function top(scores: Float32Array, k: number, excluded: Uint8Array): Ranking {
  const rows = new Int32Array(k);
  const best = new Float32Array(k);
  let size = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if ((size === k && score <= worst) || excluded[row] !== 0) continue;
    let place = size < k ? size++ : k - 1;
    for (; place > 0 && best[place - 1] < score; place--) {
      best[place] = best[place - 1];
      rows[place] = rows[place - 1];
    }
    best[place] = score;
    rows[place] = row;
    worst = best[size - 1];
  }
  return { rows: rows.subarray(0, size), scores: best.subarray(0, size) };
}
