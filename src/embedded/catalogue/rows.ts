import { assert } from "../../base/errors.ts";

/** One film of the embedded catalogue. */
export interface Film {
  readonly id: number;
  readonly title: string;
  readonly year: number;
  /** In MovieLens' vocabulary, alphabetical. */
  readonly genres: readonly string[];
  /** Director, franchise, mood, country and the like: only the simulation of viewers reads them, never a model. */
  readonly traits: readonly string[];
  /** How many people have seen it, from 1 (few) to 9 (nearly all): only the simulation of viewers reads it. */
  readonly fame: number;
}

/**
 * Films from rows of the form `title | year | fame | genres | traits`, genres and traits separated by spaces.
 * Ids count up from `firstId` in row order.
 */
export function filmsOfRows(rows: string, firstId: number): Film[] {
  return rows
    .trim()
    .split("\n")
    .map((row, place) => {
      const cells = row.split(" | ");
      assert(cells.length === 5, `a film's row has five cells: ${row}`);
      const [title, year, fame, genres, traits] = cells as [string, string, string, string, string];
      return {
        id: firstId + place,
        title,
        year: Number(year),
        genres: genres.split(" "),
        traits: traits.split(" "),
        fame: Number(fame),
      };
    });
}
