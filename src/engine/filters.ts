import type { CatalogueItem } from "../base/catalogue.ts";

/** Which items of a catalogue may stand in a list. */
export interface ItemFilter {
  /** Any of these, compared without regard to case; empty: all. */
  readonly genre: readonly string[];
  readonly year_min: number | null;
  readonly year_max: number | null;
}

/**
 * Marks the rows that a filter leaves out. An item whose year is unknown is left out by any bound on the year.
 * @param excluded one byte a row; rows left out are set to 1, the others stay as they are
 */
export function excludeUnmatched(items: readonly CatalogueItem[], filter: ItemFilter, excluded: Uint8Array): void {
  const { year_min: from, year_max: to } = filter;
  const genres = new Set(filter.genre.map((name) => name.toLowerCase()));
  if (genres.size === 0 && from === null && to === null) return;
  items.forEach((item, row) => {
    const genreFits = genres.size === 0 || item.genres.some((name) => genres.has(name.toLowerCase()));
    const yearFits =
      (from === null && to === null) ||
      (item.year !== null && (from === null || item.year >= from) && (to === null || item.year <= to));
    if (!genreFits || !yearFits) excluded[row] = 1;
  });
}
