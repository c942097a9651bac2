import type { CatalogueItem } from "../base/catalogue.ts";

/** Which items of a catalogue may stand in a list. */
export interface ItemFilter {
  /** Any of these, compared without regard to case; empty: all. */
  readonly genre: readonly string[];
  readonly year_min: number | null;
  readonly year_max: number | null;
}

/** What filters look at in a catalogue's items, row by row. */
export interface FilterColumns {
  readonly year: readonly (number | null)[];
  /** Lower-cased. */
  readonly genres: readonly ReadonlySet<string>[];
}

export function filterColumns(items: readonly CatalogueItem[]): FilterColumns {
  return {
    year: items.map(({ year }) => year),
    genres: items.map(({ genres }) => new Set(genres.map((name) => name.toLowerCase()))),
  };
}

/** Whether a filter lets every item pass. */
export function isOpen({ genre, year_min, year_max }: ItemFilter): boolean {
  return genre.length === 0 && year_min === null && year_max === null;
}

/**
 * Marks the rows that a filter leaves out. An item whose year is unknown is left out by any bound on the year.
 * @param excluded one byte a row; rows left out are set to 1, the others stay as they are
 */
export function excludeUnmatched(columns: FilterColumns, filter: ItemFilter, excluded: Uint8Array): void {
  const { year_min: from, year_max: to } = filter;
  const wanted = [...new Set(filter.genre.map((name) => name.toLowerCase()))];
  if (wanted.length === 0 && from === null && to === null) return;
  columns.genres.forEach((genres, row) => {
    const genreFits = wanted.length === 0 || wanted.some((name) => genres.has(name));
    const year = columns.year[row] as number | null;
    const yearFits =
      (from === null && to === null) ||
      (year !== null && (from === null || year >= from) && (to === null || year <= to));
    if (!genreFits || !yearFits) excluded[row] = 1;
  });
}
