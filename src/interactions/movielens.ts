import { DataError } from "../base/errors.ts";
import { columnIndex } from "./columns.ts";
import { findFirstName, type InputFile, type InputLocation } from "./files.ts";
import { type InteractionColumns, type InteractionRules, interactionRows } from "./interaction-rows.ts";
import { flaggedMovieRows, movieRows } from "./movielens-items.ts";
import type { InteractionSink, InteractionSource } from "./source.ts";
import { type RowReader, readTable, type TableFormat } from "./table.ts";
import { detectEncoding } from "./text-lines.ts";
import { parseUnixSeconds } from "./timestamps.ts";

const RULES: InteractionRules = {
  integerIds: true,
  minRating: 0.5,
  maxRating: 5,
  parseTime: parseUnixSeconds,
  timeForm: "whole seconds since 1970",
};

const RATING_FILES = ["ratings.csv", "ratings.dat", "u.data"];
const ITEM_FILES = ["movies.csv", "movies.dat", "u.item"];

/**
 * A MovieLens set: `ratings.csv`, `ratings.dat` or `u.data`, packed or not, with the file of movies beside it where
 * there is one. A column `seq` of `ratings.csv` is each rating's place in its user's history.
 * Throws DataError when a folder has none of these.
 */
export function movielensSource(location: InputLocation): InteractionSource {
  const ratingsName = location.file ?? findFirstName(location, RATING_FILES);
  if (ratingsName === null) {
    throw new DataError(location.path, `has none of ${RATING_FILES.join(", ")} (each also with .gz)`);
  }
  const format = formatOf(ratingsName, "\t");
  // A set's own file of movies first: that of the same form as its ratings.
  const itemsName = findFirstName(
    location,
    ITEM_FILES.toSorted((a, b) => Number(formatOf(b, "\t") === format) - Number(formatOf(a, "\t") === format)),
  );

  return {
    async read(sink, progress) {
      const reject = sink.reject.bind(sink);
      const ratings = await location.open(ratingsName);
      const items = itemsName === null ? null : await itemTable(await location.open(itemsName), itemsName);
      return {
        items:
          items &&
          (await readTable(items, (header) => itemRows(items.file, header, items.format, sink), reject, progress)),
        interactions: [
          await readTable(
            { file: ratings, format, encoding: "utf-8" },
            (header) => interactionRows(ratingColumns(ratings, header, format), RULES, sink),
            reject,
            progress,
          ),
        ],
      };
    },
  };
}

function formatOf(name: string, other: TableFormat): TableFormat {
  const unpacked = name.replace(/\.gz$/, "");
  return unpacked.endsWith(".csv") ? "csv" : unpacked.endsWith(".dat") ? "::" : other;
}

function ratingColumns(file: InputFile, header: readonly string[], format: TableFormat): InteractionColumns {
  if (format !== "csv") return { width: 4, user: 0, item: 1, rating: 2, timestamp: 3, sequence: null, count: null };
  const optional = (name: string) => (header.includes(name) ? columnIndex(file.path, header, name) : null);
  return {
    width: header.length,
    user: columnIndex(file.path, header, "userId"),
    item: columnIndex(file.path, header, "movieId"),
    rating: columnIndex(file.path, header, "rating"),
    timestamp: optional("timestamp"),
    sequence: optional("seq"),
    count: null,
  };
}

async function itemTable(file: InputFile, name: string) {
  const format = formatOf(name, "|");
  const encoding = format === "csv" ? ("utf-8" as const) : await detectEncoding(file.read(() => {}));
  return { file, format, encoding };
}

function itemRows(file: InputFile, header: readonly string[], format: TableFormat, sink: InteractionSink): RowReader {
  if (format === "|") return flaggedMovieRows(sink);
  if (format === "::") return movieRows({ width: 3, id: 0, title: 1, genres: 2 }, sink);
  const [id, title, genres] = ["movieId", "title", "genres"].map((name) => columnIndex(file.path, header, name));
  return movieRows({ width: header.length, id, title, genres }, sink);
}
