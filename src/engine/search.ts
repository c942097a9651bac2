import type { CatalogueItem } from "../base/catalogue.ts";

/** Finds films by words of their titles. */
export interface TitleIndex {
  /** Rows whose title holds every word of the query, best known first; at most `limit`. */
  find(query: string, limit: number): number[];
}

/** @param popularity users of each row, which orders the finds */
export function titleIndex(items: readonly CatalogueItem[], popularity: Float32Array): TitleIndex {
  const folded = items.map(({ title, year }) => fold(`${title ?? ""} ${year ?? ""}`));
  const byPopularity = items
    .map((_, row) => row)
    .sort((a, b) => (popularity[b] as number) - (popularity[a] as number) || a - b);
  return {
    find: (query, limit) => {
      const words = fold(query).split(" ").filter(Boolean);
      const found: number[] = [];
      for (const row of byPopularity) {
        if (found.length === limit) break;
        if (words.every((word) => (folded[row] as string).includes(word))) found.push(row);
      }
      return found;
    },
  };
}

/** Lower case, without accents and punctuation, so that "amelie" finds "Amélie". */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
