import { DataError } from "../base/errors.ts";
import { findNamesEnding, type InputFile, type InputLocation } from "./files.ts";
import { type InteractionRules, interactionRows } from "./interaction-rows.ts";
import type { InteractionSource } from "./source.ts";
import { readTable } from "./table.ts";
import { parseUnixSeconds } from "./timestamps.ts";

const RULES: InteractionRules = {
  integerIds: true,
  minRating: 0,
  maxRating: Number.POSITIVE_INFINITY,
  parseTime: parseUnixSeconds,
  timeForm: "whole seconds since 1970",
};
const TRAINING_FILE = ".train.rating";

/**
 * The training part of a split as Neural Collaborative Filtering (He et al. 2017) has them: `*.train.rating`, packed
 * or not, with tab-separated user, item, rating and maybe time in seconds. Without times a user's lines stand from
 * oldest to newest. Ids are those of the split, so that its test files fit; `item-map.csv` is not read.
 * Throws DataError when a folder has no such file, or several.
 */
export function ncfSource(location: InputLocation): InteractionSource {
  const names = location.file === null ? findNamesEnding(location, TRAINING_FILE) : [location.file];
  if (names.length !== 1) {
    const found = names.length === 0 ? "no file" : `${names.length} files`;
    throw new DataError(location.path, `has ${found} named *${TRAINING_FILE} (also with .gz), expected one`);
  }
  return {
    async read(sink, progress) {
      const file = await location.open(names[0]);
      const width = await firstWidth(file);
      if (width !== 3 && width !== 4) {
        throw new DataError(file.path, `has ${width} columns, expected user, item, rating and maybe time between tabs`);
      }
      const columns = { width, user: 0, item: 1, rating: 2, timestamp: width === 4 ? 3 : null };
      const interactions = await readTable(
        { file, format: "\t", encoding: "utf-8" },
        () => interactionRows({ ...columns, sequence: null, count: null }, RULES, sink),
        sink.reject.bind(sink),
        progress,
      );
      return { interactions: [interactions], items: null };
    },
  };
}

/** Columns of the first line that is not blank. */
async function firstWidth(file: InputFile): Promise<number> {
  for await (const chunk of file.read(() => {})) {
    const lines = new TextDecoder().decode(chunk).split("\n");
    const first = lines.find((line) => line.trim() !== "");
    if (first !== undefined) return first.split("\t").length;
  }
  throw new DataError(file.path, "holds no rows");
}
