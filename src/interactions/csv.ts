import { DataError } from "../base/errors.ts";
import { type ColumnNames, columnsByRole } from "./columns.ts";
import { findFirstName, type InputFile, type InputLocation } from "./files.ts";
import { type InteractionRules, interactionRows } from "./interaction-rows.ts";
import { itemRows } from "./item-rows.ts";
import type { InteractionSource } from "./source.ts";
import { type RowReader, readTable } from "./table.ts";
import { parseTimestamp } from "./timestamps.ts";

const RULES: InteractionRules = {
  integerIds: false,
  minRating: 0,
  maxRating: Number.POSITIVE_INFINITY,
  parseTime: parseTimestamp,
  timeForm: "whole seconds or milliseconds since 1970, or ISO 8601",
};
const USUAL_FILES = ["interactions.csv", "ratings.csv"];
const ITEMS_FILE = "items.csv";

/**
 * A CSV file with a header, in UTF-8. Columns `user` and `item` are needed; without `rating` every value is 1, without
 * `timestamp` times are unknown; `seq` and `count` count only when `names` has them (`columns.ts`). `items.csv` beside
 * it is the catalogue.
 * Throws DataError when a folder has neither `interactions.csv` nor `ratings.csv`.
 */
export function csvSource(location: InputLocation, names: ColumnNames): InteractionSource {
  const name = location.file ?? findFirstName(location, USUAL_FILES);
  if (name === null) {
    throw new DataError(location.path, `has none of ${USUAL_FILES.join(", ")} (each also with .gz)`);
  }
  const itemsName = findFirstName(location, [ITEMS_FILE]);
  return {
    async read(sink, progress) {
      const table = (file: InputFile, open: (header: readonly string[]) => RowReader) =>
        readTable({ file, format: "csv", encoding: "utf-8" }, open, sink.reject.bind(sink), progress);
      const films = itemsName === null ? null : await location.open(itemsName);
      const items = films && (await table(films, (header) => itemRows(films.path, header, sink)));
      const file = await location.open(name);
      const interactions = await table(file, (header) =>
        interactionRows(columnsByRole(file.path, header, names), RULES, sink),
      );
      return { interactions: [interactions], items };
    },
  };
}
