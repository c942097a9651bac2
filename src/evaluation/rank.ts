import type { Recommend } from "./recommenders.ts";
import type { TestCase } from "./test-cases.ts";

/** Places of a ranking that are looked at beyond the first k: `mrr` is 0 where the first hit stands further down. */
export const RANKING_DEPTH = 100;

/** The best `depth` items of each case, what is known of the user left out. */
export function rankAll(
  cases: readonly TestCase[],
  recommend: Recommend,
  items: number,
  depth: number,
  onRanked: (done: number) => void,
): Int32Array[] {
  const excluded = new Uint8Array(items);
  return cases.map(({ known }, place) => {
    excluded.fill(0);
    for (const row of known.history.item) excluded[row] = 1;
    const { rows } = recommend(known, excluded, depth);
    onRanked(place + 1);
    return rows;
  });
}
