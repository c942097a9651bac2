import { DataError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { type ColumnNames, type ColumnRole, columnsByRole } from "./columns.ts";
import type { Cell, CellKind, InputLocation, InputTable } from "./files.ts";
import { type InteractionRules, interactionRows } from "./interaction-rows.ts";
import { LineTally } from "./line-tally.ts";
import { snapshotItemRows } from "./parquet-items.ts";
import type { InteractionSink, InteractionSource, LineCounts } from "./source.ts";
import { type RowReader, readingStage } from "./table.ts";
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
 * dates, or what a CSV file would have. A stored snapshot's `interactions.parquet` is known by its columns, and brings
 * the films of `items.parquet` beside it. Throws DataError when a folder has neither usual name.
 */
export function parquetSource(location: InputLocation, names: ColumnNames): InteractionSource {
  const name = location.file ?? USUAL_FILES.find((usual) => location.names.includes(usual));
  if (name === undefined) throw new DataError(location.path, `has none of ${USUAL_FILES.join(", ")}`);
  return {
    async read(sink, progress) {
      const table = await location.openTable(name);
      try {
        const isSnapshot = isSnapshotTable(table);
        const itemsTable =
          isSnapshot && location.names.includes(ITEMS_FILE) ? await location.openTable(ITEMS_FILE) : null;
        const items = itemsTable && (await readItems(itemsTable, sink, progress));
        const interactions = await readInteractions(table, isSnapshot ? SNAPSHOT_COLUMNS : names, sink, progress);
        return { interactions: [interactions], items };
      } finally {
        await table.close();
      }
    },
  };
}

function isSnapshotTable({ columns }: InputTable): boolean {
  const present = new Set(columns.map(({ name }) => name));
  return Object.values(SNAPSHOT_COLUMNS).every((name) => present.has(name));
}

async function readItems(table: InputTable, sink: InteractionSink, progress: Progress): Promise<LineCounts> {
  try {
    const { names, rows } = snapshotItemRows(table.path, namesOf(table), sink);
    return await readRows(table, names, rows, sink, progress);
  } finally {
    await table.close();
  }
}

async function readInteractions(
  table: InputTable,
  names: ColumnNames,
  sink: InteractionSink,
  progress: Progress,
): Promise<LineCounts> {
  const found = columnsByRole(table.path, namesOf(table), names);
  const { width: _, ...places } = found;
  const chosen = [...new Set(Object.values(places).filter((place) => place !== null))];
  const at = <P extends number | null>(place: P) => (place === null ? null : chosen.indexOf(place)) as P;
  for (const place of chosen) {
    const { name, kind } = table.columns[place];
    const isTime = kind === "time" && place !== found.timestamp;
    if (kind === "other" || isTime) {
      throw new DataError(table.path, `the column ${JSON.stringify(name)} is of a type that cannot be read as that`);
    }
  }
  const reader = interactionRows(
    {
      width: chosen.length,
      user: at(found.user),
      item: at(found.item),
      rating: at(found.rating),
      timestamp: at(found.timestamp),
      sequence: at(found.sequence),
      count: at(found.count),
    },
    rulesFor(found.timestamp === null ? "integer" : table.columns[found.timestamp].kind),
    sink,
  );
  const columnNames = chosen.map((place) => table.columns[place].name);
  const counts = await readRows(table, columnNames, reader, sink, progress);
  if (counts.lines === 0) throw new DataError(table.path, "holds no rows");
  return counts;
}

function rulesFor(time: CellKind): InteractionRules {
  return {
    integerIds: false,
    minRating: 0,
    maxRating: Number.POSITIVE_INFINITY,
    parseTime: time === "time" ? parseMilliseconds : parseTimestamp,
    timeForm: "a timestamp, whole seconds or milliseconds since 1970, or ISO 8601",
  };
}

function parseMilliseconds(text: string): number | null {
  const ms = text === "" ? Number.NaN : Number(text);
  return Number.isInteger(ms) && Math.abs(ms) <= MAX_TIME_MS ? ms : null;
}

/** Reads a table as one of texts would be read, so that all formats refuse and accept the same. */
async function readRows(
  table: InputTable,
  names: readonly string[],
  rows: RowReader,
  sink: InteractionSink,
  progress: Progress,
): Promise<LineCounts> {
  const tally = new LineTally(table.path, sink.reject.bind(sink));
  let number = 0;
  for await (const columns of table.read(names)) {
    for (let row = 0; row < columns[0].length; row++) {
      const fields = columns.map((cells) => cellText(cells[row]));
      const fault = rows.read(fields);
      number++;
      if (fault === null) tally.accept();
      else tally.bad(fault, number, fields.join(","));
    }
    progress(readingStage(table.path), number, table.rows);
  }
  return tally.counts();
}

function cellText(cell: Cell): string {
  return cell === null || cell === undefined || Number.isNaN(cell) ? "" : String(cell).trim();
}

function namesOf({ columns }: InputTable): string[] {
  return columns.map(({ name }) => name);
}
