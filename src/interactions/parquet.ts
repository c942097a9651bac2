import { DataError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { type ColumnNames, type ColumnRole, columnsByRole } from "./columns.ts";
import type { Cell, InputLocation, InputTable } from "./files.ts";
import { type InteractionColumns, type InteractionRules, interactionRows } from "./interaction-rows.ts";
import { LineTally } from "./line-tally.ts";
import { ITEM_COLUMNS, snapshotItemRows } from "./parquet-items.ts";
import type { InteractionSink, InteractionSource, LineCounts } from "./source.ts";
import { readingStage } from "./table.ts";
import { MAX_TIME_MS, parseTimestamp } from "./timestamps.ts";

const USUAL_FILES = ["interactions.parquet", "ratings.parquet"];
const ITEMS_FILE = "items.parquet";

/** The columns of a stored snapshot; `position` is their order, which is the sequence. */
const SNAPSHOT_COLUMNS: Readonly<Record<ColumnRole, string>> = {
  user: "user_id",
  item: "movie_id",
  rating: "value",
  timestamp: "timestamp",
  seq: "position",
  count: "count",
};

/**
 * A Parquet file. Its columns mean what those of a CSV file do; ids are whole numbers or texts, times are timestamps,
 * dates, or what a CSV file would have. A stored snapshot's `interactions.parquet` is known by its columns.
 * `items.parquet` beside it, with the columns that a snapshot's has, is the catalogue. Throws DataError when a folder has neither usual name.
 */
export function parquetSource(location: InputLocation, names: ColumnNames): InteractionSource {
  const name = location.file ?? USUAL_FILES.find((usual) => location.names.includes(usual));
  if (name === undefined) throw new DataError(location.path, `has none of ${USUAL_FILES.join(", ")}`);
  return {
    read: (sink, progress) =>
      withTable(location, name, async (table) => {
        const isSnapshot = Object.keys(names).length === 0 && isSnapshotTable(table);
        const hasItems = name !== ITEMS_FILE && location.names.includes(ITEMS_FILE);
        const items = hasItems
          ? await withTable(location, ITEMS_FILE, (films) =>
              readRows(films, ITEM_COLUMNS, snapshotItemRows(sink), sink, progress),
            )
          : null;
        const interactions = await readInteractions(table, isSnapshot ? SNAPSHOT_COLUMNS : names, sink, progress);
        return { interactions: [interactions], items };
      }),
  };
}

async function withTable<T>(location: InputLocation, name: string, use: (table: InputTable) => Promise<T>): Promise<T> {
  const table = await location.openTable(name);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

function isSnapshotTable({ columns }: InputTable): boolean {
  const present = new Set(columns.map(({ name }) => name));
  return Object.values(SNAPSHOT_COLUMNS).every((name) => present.has(name));
}

async function readInteractions(
  table: InputTable,
  names: ColumnNames,
  sink: InteractionSink,
  progress: Progress,
): Promise<LineCounts> {
  const header = table.columns.map(({ name }) => name);
  const { width: _, ...found } = columnsByRole(table.path, header, names);
  checkKinds(table, found);
  const chosen = [...new Set(Object.values(found).filter((place) => place !== null))];
  const at = <Place extends number | null>(place: Place) => (place === null ? null : chosen.indexOf(place)) as Place;
  const columns: InteractionColumns = {
    width: chosen.length,
    user: at(found.user),
    item: at(found.item),
    rating: at(found.rating),
    timestamp: at(found.timestamp),
    sequence: at(found.sequence),
    count: at(found.count),
  };
  const rows = interactionRows(columns, rulesFor(table, found.timestamp), sink);
  // Read as a table of texts would be, so that all formats take and refuse the same.
  const readCells = (cells: readonly Cell[]) => rows.read(cells.map(cellText));
  const chosenNames = chosen.map((place) => header[place]);
  const counts = await readRows(table, chosenNames, readCells, sink, progress);
  if (counts.lines === 0) throw new DataError(table.path, "holds no rows");
  return counts;
}

function checkKinds({ path, columns }: InputTable, places: Omit<InteractionColumns, "width">): void {
  for (const [role, place] of Object.entries(places)) {
    if (place === null) continue;
    const { name, kind } = columns[place];
    if (kind === "other" || (kind === "time" && role !== "timestamp")) {
      throw new DataError(path, `the type of the column ${JSON.stringify(name)} cannot be a ${role}`);
    }
  }
}

function rulesFor({ columns }: InputTable, timestamp: number | null): InteractionRules {
  const isTime = timestamp !== null && columns[timestamp].kind === "time";
  return {
    integerIds: false,
    minRating: 0,
    maxRating: Number.POSITIVE_INFINITY,
    parseTime: isTime ? parseMilliseconds : parseTimestamp,
    timeForm: isTime ? "known" : "whole seconds or milliseconds since 1970, or ISO 8601",
  };
}

function parseMilliseconds(text: string): number | null {
  const ms = text === "" ? Number.NaN : Number(text);
  return Number.isInteger(ms) && Math.abs(ms) <= MAX_TIME_MS ? ms : null;
}

async function readRows(
  table: InputTable,
  names: readonly string[],
  readCells: (cells: readonly Cell[]) => string | null,
  sink: InteractionSink,
  progress: Progress,
): Promise<LineCounts> {
  const tally = new LineTally(table.path, sink.reject.bind(sink));
  let row = 0;
  for await (const columns of table.read(names)) {
    for (let i = 0; i < columns[0].length; i++) {
      const cells = columns.map((column) => column[i]);
      const fault = readCells(cells);
      row++;
      if (fault === null) tally.accept();
      else tally.bad(fault, row, cells.map(cellText).join(","));
    }
    progress(readingStage(table.path), row, table.rows);
  }
  return tally.counts();
}

function cellText(cell: Cell): string {
  return cell === null || cell === undefined || Number.isNaN(cell) ? "" : String(cell);
}
