import fc from "fast-check";
import { expect, test } from "vitest";
import type { CatalogueItem } from "../base/catalogue.ts";
import { excludeUnmatched, filterColumns, type ItemFilter } from "./filters.ts";

const genres = fc.subarray(["Drama", "drama", "Sci-Fi", "Élan", "İstanbul", "STRASSE", "straße"]);
const year = fc.option(fc.integer({ min: 1990, max: 1995 }));
const items: fc.Arbitrary<CatalogueItem[]> = fc
  .array(fc.record({ year, genres }), { maxLength: 20 })
  .map((drawn) => drawn.map((item, row) => ({ movie_id: String(row), title: null, ...item })));
const filters: fc.Arbitrary<ItemFilter> = fc.record({
  genre: fc.subarray(["DRAMA", "sci-fi", "éLAN", "i̇stanbul", "istanbul", "Strasse", "Western"]),
  year_min: year,
  year_max: year,
});

function fits(item: CatalogueItem, { genre, year_min, year_max }: ItemFilter): boolean {
  const lower = genre.map((name) => name.toLowerCase());
  if (lower.length > 0 && !item.genres.some((name) => lower.includes(name.toLowerCase()))) return false;
  if (year_min !== null && !(item.year !== null && item.year >= year_min)) return false;
  return year_max === null || (item.year !== null && item.year <= year_max);
}

test("a filter adds what does not fit it to what is left out already", () => {
  fc.assert(
    fc.property(items, filters, fc.nat(), (catalogue, filter, before) => {
      const excluded = Uint8Array.from(catalogue, (_, row) => (before >> row) & 1);
      const expected = catalogue.map((item, row) => (fits(item, filter) ? excluded[row] : 1));
      excludeUnmatched(filterColumns(catalogue), filter, excluded);
      expect([...excluded]).toEqual(expected);
    }),
  );
});

test("the names of a catalogue's genres are read once, whatever is asked later", () => {
  let reads = 0;
  const item = {
    movie_id: "1",
    title: null,
    year: 1990,
    get genres() {
      reads++;
      return ["Drama"];
    },
  };
  const columns = filterColumns([item]);
  for (const genre of ["drama", "Western"]) {
    excludeUnmatched(columns, { genre: [genre], year_min: null, year_max: null }, new Uint8Array(1));
  }
  expect(reads).toBe(1);
});
