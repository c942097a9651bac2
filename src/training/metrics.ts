/** How good one list is for one user, by binary relevance; every value lies in 0 .. 1. */
export interface ListQuality {
  readonly hr: number;
  readonly ndcg: number;
  readonly recall: number;
}

/**
 * Judges a list of at most `k` items against the items that the user really took, of which there is at least one.
 * `ndcg` is the discounted cumulative gain (Järvelin and Kekäläinen 2002) with gains of 1 and discount log2(rank + 1),
 * over that of the best possible list; `recall` is over min(k, taken).
 */
export function listQuality(list: Int32Array, taken: ReadonlySet<number>, k: number): ListQuality {
  let hits = 0;
  let gain = 0;
  list.subarray(0, k).forEach((item, place) => {
    if (!taken.has(item)) return;
    hits++;
    gain += discount(place);
  });
  const reachable = Math.min(k, taken.size);
  let ideal = 0;
  for (let place = 0; place < reachable; place++) ideal += discount(place);
  return { hr: hits > 0 ? 1 : 0, ndcg: gain / ideal, recall: hits / reachable };
}

function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}
