/** How good one list is for one user, by binary relevance; every value lies in 0 .. 1. */
export interface ListQuality {
  /** 1 where the first k places hold a hit. */
  readonly hr: number;
  readonly ndcg: number;
  readonly recall: number;
  readonly map: number;
  readonly mrr: number;
}

/**
 * Judges a list, best first, against the items that the user really took, of which there is at least one. The first
 * `k` places count, but for `mrr`, which looks at the whole list.
 *
 * - `ndcg`: discounted cumulative gain (Järvelin and Kekäläinen 2002) with gains of 1 and discount log2(rank + 1), over
 *   that of the best possible list;
 * - `recall`: hits over min(k, taken);
 * - `map`: average precision, the precisions at the ranks of hits summed, over min(k, taken);
 * - `mrr`: 1 over the rank of the first hit, 0 without one.
 */
export function listQuality(list: Int32Array, taken: ReadonlySet<number>, k: number): ListQuality {
  let hits = 0;
  let gain = 0;
  let precisions = 0;
  let first = 0;
  for (let place = 0; place < list.length; place++) {
    if (place >= k && first > 0) break;
    if (!taken.has(list[place])) continue;
    if (first === 0) first = place + 1;
    if (place >= k) break;
    hits++;
    gain += discount(place);
    precisions += hits / (place + 1);
  }
  const reachable = Math.min(k, taken.size);
  let ideal = 0;
  for (let place = 0; place < reachable; place++) ideal += discount(place);
  return {
    hr: hits > 0 ? 1 : 0,
    ndcg: gain / ideal,
    recall: hits / reachable,
    map: precisions / reachable,
    mrr: first > 0 ? 1 / first : 0,
  };
}

function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}
