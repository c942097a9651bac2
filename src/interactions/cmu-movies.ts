import { columnIndex } from "./columns.ts";
import { itemTaker } from "./item-taker.ts";
import type { InteractionSink } from "./source.ts";
import type { RowReader } from "./table.ts";

const DATE = /^([0-9]{4})-[0-9]{2}-[0-9]{2}$/;
/** What the file has for a date that is not known. */
const UNKNOWN_DATES: ReadonlySet<string> = new Set(["", "null"]);

/** Rows of `movie_details.csv`: `movie_id`, `title`, `genres` between commas, `release_date`; others are not read. */
export function movieDetailRows(path: string, header: readonly string[], sink: InteractionSink): RowReader {
  const [id, title, genres, date] = ["movie_id", "title", "genres", "release_date"].map((name) =>
    columnIndex(path, header, name),
  );
  const take = itemTaker(sink, { integerIds: false });
  return {
    width: header.length,
    read(fields) {
      const released = fields[date];
      const year = DATE.exec(released)?.[1];
      if (year === undefined && !UNKNOWN_DATES.has(released))
        return `date ${JSON.stringify(released)} must be YYYY-MM-DD`;
      return take(fields[id], fields[title] || null, year === undefined ? null : Number(year), names(fields[genres]));
    },
  };
}

function names(genres: string): string[] {
  return genres
    .split(",")
    .map((genre) => genre.trim())
    .filter((genre) => genre !== "");
}
