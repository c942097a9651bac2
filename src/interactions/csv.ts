import { DataError } from "../base/errors.ts";
import { findName, type InputFile, type InputLocation } from "./files.ts";
import { type InteractionColumns, type InteractionRules, interactionRows } from "./interaction-rows.ts";
import type { InteractionSource } from "./source.ts";
import { columnIndex, readTable } from "./table.ts";
import { parseTimestamp } from "./timestamps.ts";

/** What a column of a CSV file can mean. */
export const CSV_ROLES = ["user", "item", "rating", "timestamp", "seq"] as const;
export type CsvRole = (typeof CSV_ROLES)[number];

/** Names of the columns that are not named as their role. */
export type CsvColumnNames = Readonly<Partial<Record<CsvRole, string>>>;

const RULES: InteractionRules = {
  integerIds: false,
  minRating: 0,
  maxRating: Number.POSITIVE_INFINITY,
  parseTime: parseTimestamp,
  timeForm: "whole seconds or milliseconds since 1970, or ISO 8601",
};
const USUAL_FILES = ["interactions.csv", "ratings.csv"];

/**
 * A CSV file with a header, in UTF-8. Columns `user` and `item` are needed; without `rating` every value is 1, without
 * `timestamp` times are unknown; `seq`, each line's place in its user's history, counts only when `names` has it.
 * Throws DataError when a folder has neither `interactions.csv` nor `ratings.csv`.
 */
export function csvSource(location: InputLocation, names: CsvColumnNames): InteractionSource {
  const name = location.file ?? USUAL_FILES.map((usual) => findName(location, usual)).find((found) => found !== null);
  if (name === undefined) {
    throw new DataError(location.path, `has none of ${USUAL_FILES.join(", ")} (each also with .gz)`);
  }
  return {
    async read(sink, progress) {
      const file = await location.open(name);
      const interactions = await readTable(
        { file, format: "csv", encoding: "utf-8" },
        (header) => interactionRows(csvColumns(file, header, names), RULES, sink),
        sink.reject.bind(sink),
        progress,
      );
      return { interactions, items: null };
    },
  };
}

function csvColumns(file: InputFile, header: readonly string[], names: CsvColumnNames): InteractionColumns {
  const needed = (role: CsvRole) => columnIndex(file, header, names[role] ?? role);
  const optional = (role: CsvRole) => (names[role] !== undefined || header.includes(role) ? needed(role) : null);
  return {
    width: header.length,
    user: needed("user"),
    item: needed("item"),
    rating: optional("rating"),
    timestamp: optional("timestamp"),
    sequence: names.seq === undefined ? null : needed("seq"),
  };
}
