import type { CatalogueItem } from "../base/catalogue.ts";

/** Finds films by words of their titles. */
export interface TitleIndex {
  /** Rows whose title holds every word of the query, best known first; at most `limit`. */
  find(query: string, limit: number): number[];
}

/** @param popularity users of each row, which orders the finds */
export function titleIndex(items: readonly CatalogueItem[], popularity: Float32Array): TitleIndex {
  const folded = items.map(({ title, year }) => {
    const text = fold(`${title ?? ""} ${year ?? ""}`);
    return `${parted(text)} ${joined(text)}`;
  });
  const byPopularity = items
    .map((_, row) => row)
    .sort((a, b) => (popularity[b] as number) - (popularity[a] as number) || a - b);
  return {
    find: (query, limit) => {
      const words = parted(fold(query)).split(" ").filter(Boolean);
      const found: number[] = [];
      for (const row of byPopularity) {
        if (found.length === limit) break;
        if (words.every((word) => (folded[row] as string).includes(word))) found.push(row);
      }
      return found;
    },
  };
}

/** Lower case, without accents, so that "amelie" finds "Amélie". */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}

/** Words without punctuation, which parts them: "spider man" of "spider-man". */
function parted(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, " ");
}

/** Words without punctuation, which only spaces part: "spiderman" of "spider-man". */
function joined(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}\s]+/gu, "");
}
