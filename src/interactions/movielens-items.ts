import { itemTaker } from "./item-taker.ts";
import type { InteractionSink } from "./source.ts";
import type { RowReader } from "./table.ts";

/** The flag columns of `u.item` in their order, as `u.genre` of the 100K set lists them. */
const FLAG_GENRES = [
  "unknown",
  "Action",
  "Adventure",
  "Animation",
  "Children's",
  "Comedy",
  "Crime",
  "Documentary",
  "Drama",
  "Fantasy",
  "Film-Noir",
  "Horror",
  "Musical",
  "Mystery",
  "Romance",
  "Sci-Fi",
  "Thriller",
  "War",
  "Western",
];
const FLAGS_START = 5;
const NO_GENRES = "(no genres listed)";
const YEAR = /\(([0-9]{4})\)$/;

/** Where id, title and genres stand in a row of `movies.csv` or `movies.dat`. */
export interface MovieColumns {
  readonly width: number;
  readonly id: number;
  readonly title: number;
  readonly genres: number;
}

/** Rows whose genres are names between bars. */
export function movieRows(columns: MovieColumns, sink: InteractionSink): RowReader {
  const add = movieTaker(sink);
  return {
    width: columns.width,
    read: (fields) => add(fields[columns.id], fields[columns.title], splitGenres(fields[columns.genres])),
  };
}

/** Rows of `u.item`: id, title, release date, video date, address, then one flag for each genre. */
export function flaggedMovieRows(sink: InteractionSink): RowReader {
  const add = movieTaker(sink);
  return {
    width: FLAGS_START + FLAG_GENRES.length,
    read(fields) {
      const flags = fields.slice(FLAGS_START);
      if (flags.some((flag) => flag !== "0" && flag !== "1")) return "genre flags must be 0 or 1";
      const genres = FLAG_GENRES.filter((genre, i) => flags[i] === "1" && genre !== "unknown");
      return add(fields[0], fields[1], genres);
    },
  };
}

/** The year at the end of a title as in "Heat (1995)", or null. */
export function yearOfTitle(title: string): number | null {
  const year = YEAR.exec(title)?.[1];
  return year === undefined ? null : Number(year);
}

function splitGenres(text: string): string[] {
  if (text === NO_GENRES) return [];
  return text
    .split("|")
    .map((genre) => genre.trim())
    .filter((genre) => genre !== "");
}

function movieTaker(sink: InteractionSink) {
  const take = itemTaker(sink, { integerIds: true });
  return (id: string, title: string, genres: readonly string[]) => take(id, title || null, yearOfTitle(title), genres);
}
