/** The share of the first `k` places' items that both lists hold, of the longer one's; null when both are empty. */
export function overlapAt(k: number, a: readonly unknown[], b: readonly unknown[]): number | null {
  const first = new Set(a.slice(0, k));
  const second = b.slice(0, k);
  const size = Math.max(first.size, second.length);
  return size === 0 ? null : second.filter((item) => first.has(item)).length / size;
}

/**
 * Kendall's τ-a over the items that both lists hold (Kendall 1938): the share of their pairs in the same order less
 * the share in the opposite order. Null for fewer than two common items.
 */
export function kendallTau(a: readonly unknown[], b: readonly unknown[]): number | null {
  const placeInB = new Map(b.map((item, place) => [item, place]));
  const places = a.map((item) => placeInB.get(item)).filter((place) => place !== undefined);
  if (places.length < 2) return null;
  let balance = 0;
  for (let i = 1; i < places.length; i++) {
    for (let j = 0; j < i; j++) balance += Math.sign((places[i] as number) - (places[j] as number));
  }
  return balance / ((places.length * (places.length - 1)) / 2);
}
