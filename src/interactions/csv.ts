import { DataError } from "../base/errors.ts";
import { type ColumnNames, columnsByRole } from "./columns.ts";
import { findFirstName, type InputLocation } from "./files.ts";
import { type InteractionRules, interactionRows } from "./interaction-rows.ts";
import type { InteractionSource } from "./source.ts";
import { readTable } from "./table.ts";
import { parseTimestamp } from "./timestamps.ts";

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
 * `timestamp` times are unknown; `seq` and `count` count only when `names` has them (`columns.ts`).
 * Throws DataError when a folder has neither `interactions.csv` nor `ratings.csv`.
 */
export function csvSource(location: InputLocation, names: ColumnNames): InteractionSource {
  const name = location.file ?? findFirstName(location, USUAL_FILES);
  if (name === null) {
    throw new DataError(location.path, `has none of ${USUAL_FILES.join(", ")} (each also with .gz)`);
  }
  return {
    async read(sink, progress) {
      const file = await location.open(name);
      const interactions = await readTable(
        { file, format: "csv", encoding: "utf-8" },
        (header) => interactionRows(columnsByRole(file.path, header, names), RULES, sink),
        sink.reject.bind(sink),
        progress,
      );
      return { interactions: [interactions], items: null };
    },
  };
}
