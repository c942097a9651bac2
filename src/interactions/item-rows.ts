import { columnIndex } from "./columns.ts";
import { itemTaker } from "./item-taker.ts";
import type { InteractionSink } from "./source.ts";
import type { RowReader } from "./table.ts";

const YEAR = /^-?[0-9]{1,4}$/;

/**
 * Rows of a catalogue beside a CSV file: the column `movie_id` is needed, `title`, `year` and `genres`, between bars,
 * are read where they are. Throws DataError for a column that is missing or stands there twice.
 */
export function itemRows(path: string, header: readonly string[], sink: InteractionSink): RowReader {
  const id = columnIndex(path, header, "movie_id");
  const [title, year, genres] = ["title", "year", "genres"].map((name) =>
    header.includes(name) ? columnIndex(path, header, name) : null,
  );
  const take = itemTaker(sink, { integerIds: false });
  return {
    width: header.length,
    read(fields) {
      const field = (place: number | null) => (place === null ? "" : fields[place]);
      const yearText = field(year);
      if (yearText !== "" && !YEAR.test(yearText)) return `year ${JSON.stringify(yearText)} must be a whole number`;
      const names = field(genres)
        .split("|")
        .map((genre) => genre.trim());
      return take(
        fields[id],
        field(title) || null,
        yearText === "" ? null : Number(yearText),
        names.filter((genre) => genre !== ""),
      );
    },
  };
}
