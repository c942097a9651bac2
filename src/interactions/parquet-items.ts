import type { Cell } from "./files.ts";
import { itemTaker } from "./item-taker.ts";
import type { InteractionSink } from "./source.ts";

/** The columns of a stored snapshot's `items.parquet`. */
export const ITEM_COLUMNS = ["movie_id", "title", "year", "genres"];

const MIN_INT32 = -(2 ** 31);
const MAX_INT32 = 2 ** 31 - 1;

/** Takes the cells of `ITEM_COLUMNS`, a row at a time; returns what is wrong with them, or null. Genres stand between bars. */
export function snapshotItemRows(sink: InteractionSink): (cells: readonly Cell[]) => string | null {
  const take = itemTaker(sink, { integerIds: false });
  return ([id, title, year, genres]) => {
    if (typeof year === "number" && !(Number.isInteger(year) && year >= MIN_INT32 && year <= MAX_INT32)) {
      return `year ${year} must be a whole number`;
    }
    const names = genres ? String(genres).split("|") : [];
    return take(String(id ?? ""), title == null ? null : String(title), year == null ? null : Number(year), names);
  };
}
