import type { Ranking } from "../../src/kernel/factor-space.ts";

/**
 * The at most `k` highest of finite scores, best first, equal ones in ascending row order. Nearly every score is passed
 * over by one comparison with the worst that is held; the others go into a short sorted list.
 *
 * @param k at least 1
 * @param excluded a byte for each row, 1 where the row is left out
 */
export function top(scores: Float32Array, k: number, excluded: Uint8Array): Ranking {
  const rows = new Int32Array(k);
  const best = new Float32Array(k);
  let size = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if (score <= worst || excluded[row] !== 0) continue;
    let place = size < k ? size++ : k - 1;
    for (; place > 0 && best[place - 1] < score; place--) {
      best[place] = best[place - 1];
      rows[place] = rows[place - 1];
    }
    best[place] = score;
    rows[place] = row;
    if (size === k) worst = best[k - 1];
  }
  return { rows: rows.subarray(0, size), scores: best.subarray(0, size) };
}
