import type { CatalogueItem } from "../base/catalogue.ts";

/** The head of the catalogue are the most popular items that together hold this share of the interactions. */
export const HEAD_SHARE = 0.8;

/** What beyond accuracy is measured by, an entry for each item row. */
export interface ItemTraits {
  /** −log2 of the share of users who have the item, in bits. */
  readonly selfInformation: Float64Array;
  /** 1 where the item belongs to the long tail. */
  readonly tail: Uint8Array;
  readonly genres: readonly ReadonlySet<string>[];
}

/** What one list is made of, whether it hits or not. */
export interface ListContent {
  /** Mean self-information of the items (Vargas and Castells 2011), in bits. */
  readonly novelty: number;
  /** Share of the places that hold items of the long tail. */
  readonly longTail: number;
  /** 1 minus the mean Jaccard similarity of the genres, over the pairs where both have some; NaN without such a pair. */
  readonly diversity: number;
}

/**
 * @param popularity how many users have each item
 * @param users how many users have an item at all
 */
export function itemTraits(items: readonly CatalogueItem[], popularity: Float32Array, users: number): ItemTraits {
  return {
    selfInformation: Float64Array.from(popularity, (count) => Math.log2(Math.max(users, 1) / Math.max(count, 1))),
    tail: longTail(popularity),
    genres: items.map(({ genres }) => new Set(genres)),
  };
}

/** Judges the items of a list that is not empty. */
export function listContent(list: Int32Array, { selfInformation, tail, genres }: ItemTraits): ListContent {
  let information = 0;
  let inTail = 0;
  for (const row of list) {
    information += selfInformation[row];
    inTail += tail[row];
  }
  let similarity = 0;
  let pairs = 0;
  for (let a = 0; a < list.length; a++) {
    for (let b = a + 1; b < list.length; b++) {
      const [first, second] = [genres[list[a]], genres[list[b]]];
      if (first.size === 0 || second.size === 0) continue;
      similarity += jaccard(first, second);
      pairs++;
    }
  }
  return {
    novelty: information / list.length,
    longTail: inTail / list.length,
    diversity: pairs > 0 ? 1 - similarity / pairs : Number.NaN,
  };
}

/** Marks what is not in the head, which is filled from the most popular down; equally popular ones by row. */
function longTail(popularity: Float32Array): Uint8Array {
  const order = Array.from(popularity, (_, row) => row).sort((a, b) => popularity[b] - popularity[a] || a - b);
  const head = HEAD_SHARE * popularity.reduce((sum, count) => sum + count, 0);
  const tail = new Uint8Array(popularity.length).fill(1);
  let held = 0;
  for (const row of order) {
    if (held >= head) break;
    held += popularity[row];
    tail[row] = 0;
  }
  return tail;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const genre of a) if (b.has(genre)) shared++;
  return shared / (a.size + b.size - shared);
}
