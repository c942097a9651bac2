import { type AsyncBuffer, type DecodedArray, parquetMetadataAsync, parquetScan, type SchemaElement } from "hyparquet";
import { type BasicType, ParquetWriter, schemaFromColumnData, type Writer } from "hyparquet-writer";
import { assert } from "../base/errors.ts";
import type { IdKind } from "../base/ids.ts";
import type { Progress } from "../base/progress.ts";
import type { CatalogueItem, Interactions, Snapshot } from "../snapshot/snapshot.ts";

/** So many rows are held decoded at a time. */
const ROW_GROUP_ROWS = 100_000;
const ID_TYPE: Readonly<Record<IdKind, BasicType>> = { integer: "INT64", string: "STRING" };

/** Cells of a column, from row `start` to `end` - 1. */
type Cells = (start: number, end: number) => DecodedArray;

interface Column {
  readonly name: string;
  readonly type: BasicType;
  readonly nullable: boolean;
  readonly cells: Cells;
}

/** Writes the catalogue, in its order. */
export function writeItems(to: Writer, { items, itemKind }: Snapshot): void {
  const each =
    (cell: (item: CatalogueItem) => unknown): Cells =>
    (start, end) =>
      items.slice(start, end).map(cell);
  const toId = itemKind === "integer" ? BigInt : String;
  writeTable(to, items.length, [
    { name: "movie_id", type: ID_TYPE[itemKind], nullable: false, cells: each(({ movie_id }) => toId(movie_id)) },
    { name: "title", type: "STRING", nullable: true, cells: each(({ title }) => title) },
    { name: "year", type: "INT32", nullable: true, cells: each(({ year }) => year) },
    { name: "genres", type: "STRING", nullable: false, cells: each(({ genres }) => genres.join("|")) },
  ]);
}

/** Writes the interactions, in their order; `position` counts from 0 within a user. */
export function writeInteractions(to: Writer, snapshot: Snapshot, progress: Progress): void {
  const { users, items, userKind, itemKind, interactions } = snapshot;
  const { length, user, item, value, count, time } = interactions;
  const columns: readonly Column[] = [
    { name: "user_id", type: ID_TYPE[userKind], nullable: false, cells: idCells(userKind, users, user) },
    { name: "movie_id", type: ID_TYPE[itemKind], nullable: false, cells: idCells(itemKind, itemIds(items), item) },
    { name: "value", type: "FLOAT", nullable: false, cells: (start, end) => value.subarray(start, end) },
    { name: "timestamp", type: "TIMESTAMP", nullable: true, cells: timestamps(time) },
    { name: "count", type: "INT32", nullable: false, cells: (start, end) => count.subarray(start, end) },
    { name: "position", type: "INT32", nullable: false, cells: positions(user) },
  ];
  writeTable(to, length, columns, (rows) => progress("writing the snapshot", rows, length));
}

/** Throws when the file is no such table; its content is for the caller to verify. */
export async function readItems(file: AsyncBuffer): Promise<{ itemKind: IdKind; items: CatalogueItem[] }> {
  const items: CatalogueItem[] = [];
  const schema = await readTable(
    file,
    ["movie_id", "title", "year", "genres"],
    (_, rows, [id, title, year, genres]) => {
      for (let i = 0; i < rows; i++) {
        items.push({
          movie_id: String(id[i]),
          title: title[i] ?? null,
          year: year[i] ?? null,
          genres: genres[i] === "" ? [] : genres[i].split("|"),
        });
      }
    },
  );
  return { itemKind: idKind(schema, "movie_id"), items };
}

/** Throws when the file is no such table or names an item that is not in `items`. */
export async function readInteractions(
  file: AsyncBuffer,
  items: readonly CatalogueItem[],
  progress: Progress,
): Promise<{ userKind: IdKind; users: string[]; interactions: Interactions }> {
  const users: string[] = [];
  const rowOfItem = new Map(items.map(({ movie_id }, row) => [movie_id, row]));
  const rowOfCell = new Map<unknown, number>();
  let columns = interactionColumns(0);
  let lastUser: unknown;

  const itemRow = (cell: unknown): number => {
    const known = rowOfCell.get(cell);
    if (known !== undefined) return known;
    const row = rowOfItem.get(String(cell));
    assert(row !== undefined, `item ${cell} is in the catalogue`);
    rowOfCell.set(cell, row);
    return row;
  };
  const names = ["user_id", "movie_id", "value", "timestamp", "count"];
  const schema = await readTable(
    file,
    names,
    (start, rows, [user, item, value, timestamp, count]) => {
      for (let i = 0, at = start; i < rows; i++, at++) {
        if (user[i] !== lastUser) {
          lastUser = user[i];
          users.push(String(lastUser));
        }
        columns.user[at] = users.length - 1;
        columns.item[at] = itemRow(item[i]);
        columns.value[at] = value[i];
        columns.time[at] = timestamp[i] ?? Number.NaN;
        columns.count[at] = count[i];
      }
      progress("reading the snapshot", start + rows, columns.length);
    },
    (length) => {
      columns = interactionColumns(length);
    },
  );
  return { userKind: idKind(schema, "user_id"), users, interactions: columns };
}

function itemIds(items: readonly CatalogueItem[]): string[] {
  return items.map(({ movie_id }) => movie_id);
}

/** The ids that stand in `rows`, as Parquet holds them. */
function idCells(kind: IdKind, ids: readonly string[], rows: Int32Array): Cells {
  if (kind === "string") return (start, end) => Array.from(rows.subarray(start, end), (row) => ids[row]);
  const numbers = BigInt64Array.from(ids, BigInt);
  return (start, end) => BigInt64Array.from(rows.subarray(start, end), (row) => numbers[row]);
}

function timestamps(time: Float64Array): Cells {
  return (start, end) => Array.from(time.subarray(start, end), (ms) => (Number.isNaN(ms) ? null : BigInt(ms)));
}

/** Places within the user's interactions. */
function positions(user: Int32Array): Cells {
  return (start, end) => {
    let first = start;
    while (first > 0 && user[first - 1] === user[start]) first--;
    return Int32Array.from({ length: end - start }, (_, i) => {
      if (user[start + i] !== user[first]) first = start + i;
      return start + i - first;
    });
  };
}

function interactionColumns(length: number): Interactions {
  return {
    length,
    user: new Int32Array(length),
    item: new Int32Array(length),
    value: new Float32Array(length),
    count: new Int32Array(length),
    time: new Float64Array(length),
  };
}

function writeTable(
  to: Writer,
  rows: number,
  columns: readonly Column[],
  onRows: (written: number) => void = () => {},
): void {
  const rowGroup = (start: number, end: number) =>
    columns.map(({ name, type, nullable, cells }) => ({ name, type, nullable, data: cells(start, end) }));
  const writer = new ParquetWriter({
    writer: to,
    schema: schemaFromColumnData({ columnData: rowGroup(0, 0) }),
    createdBy: "reprise",
  });
  for (let start = 0; start < rows; start += ROW_GROUP_ROWS) {
    const columnData = rowGroup(start, Math.min(start + ROW_GROUP_ROWS, rows));
    writer.write({ columnData, rowGroupSize: ROW_GROUP_ROWS });
    onRows(start + columnData[0].data.length);
  }
  writer.finish();
}

/** Hands over the columns `names` of each row group in turn; `onLength` hears the number of all rows before. */
async function readTable(
  file: AsyncBuffer,
  names: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: the cells of a file are what the file says; the caller verifies them
  onRows: (start: number, rows: number, columns: ArrayLike<any>[]) => void,
  onLength: (length: number) => void = () => {},
): Promise<readonly SchemaElement[]> {
  const metadata = await parquetMetadataAsync(file);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const scan = await parquetScan({
    file,
    metadata,
    columns: [...names],
    parsers: {
      timestampFromMilliseconds: Number,
      stringFromBytes: (bytes) => bytes && text.decode(bytes),
    },
  });
  onLength(Number(metadata.num_rows));
  for (const { rowStart, rowEnd } of scan.ranges) {
    const columns = await Promise.all(names.map((column) => scan.readColumn({ column, rowStart, rowEnd })));
    onRows(rowStart, rowEnd - rowStart, columns);
  }
  return metadata.schema;
}

function idKind(schema: readonly SchemaElement[], name: string): IdKind {
  return schema.find((element) => element.name === name)?.type === "INT64" ? "integer" : "string";
}
