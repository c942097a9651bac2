import {
  type AsyncBuffer,
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetScan,
  type SchemaElement,
} from "hyparquet";
import { type BasicType, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { assert } from "../base/errors.ts";
import type { IdKind } from "../base/ids.ts";
import type { Progress } from "../base/progress.ts";
import type { CatalogueItem, Interactions, Snapshot } from "../snapshot/snapshot.ts";

/** So many rows are held decoded at a time. */
const ROW_GROUP_ROWS = 100_000;
const ID_TYPE: Readonly<Record<IdKind, BasicType>> = { integer: "INT64", string: "STRING" };

interface Column {
  readonly name: string;
  readonly type: BasicType;
  readonly nullable: boolean;
  readonly at: (row: number) => unknown;
}

/** Writes the catalogue, in its order. */
export function writeItems(path: string, { items, itemKind }: Snapshot): void {
  const ids = cells(itemKind, itemIds(items));
  writeTable(path, items.length, [
    { name: "movie_id", type: ID_TYPE[itemKind], nullable: false, at: (row) => ids[row] },
    { name: "title", type: "STRING", nullable: true, at: (row) => items[row].title },
    { name: "year", type: "INT32", nullable: true, at: (row) => items[row].year },
    { name: "genres", type: "STRING", nullable: false, at: (row) => items[row].genres.join("|") },
  ]);
}

/** Writes the interactions, in their order; `position` counts from 0 within a user. */
export function writeInteractions(path: string, snapshot: Snapshot, progress: Progress): void {
  const { users, items, userKind, itemKind, interactions } = snapshot;
  const { length, user, item, value, count, time } = interactions;
  const userCells = cells(userKind, users);
  const itemCells = cells(itemKind, itemIds(items));
  const position = positions(user);
  const timestamp = (row: number) => (Number.isNaN(time[row]) ? null : BigInt(time[row]));
  const columns: readonly Column[] = [
    { name: "user_id", type: ID_TYPE[userKind], nullable: false, at: (row) => userCells[user[row]] },
    { name: "movie_id", type: ID_TYPE[itemKind], nullable: false, at: (row) => itemCells[item[row]] },
    { name: "value", type: "FLOAT", nullable: false, at: (row) => value[row] },
    { name: "timestamp", type: "TIMESTAMP", nullable: true, at: timestamp },
    { name: "count", type: "INT32", nullable: false, at: (row) => count[row] },
    { name: "position", type: "INT32", nullable: false, at: (row) => position[row] },
  ];
  writeTable(path, length, columns, (rows) => progress("writing the snapshot", rows, length));
}

/** Throws when the file is no such table; its content is for the caller to verify. */
export async function readItems(path: string): Promise<{ itemKind: IdKind; items: CatalogueItem[] }> {
  const items: CatalogueItem[] = [];
  const schema = await readTable(
    path,
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
  path: string,
  items: readonly CatalogueItem[],
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
    path,
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

/** Ids as Parquet holds them. */
function cells(kind: IdKind, ids: readonly string[]): readonly (bigint | string)[] {
  return kind === "integer" ? ids.map(BigInt) : ids;
}

function positions(user: Int32Array): Int32Array {
  const position = new Int32Array(user.length);
  for (let i = 1; i < user.length; i++) position[i] = user[i] === user[i - 1] ? position[i - 1] + 1 : 0;
  return position;
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
  path: string,
  rows: number,
  columns: readonly Column[],
  onRows: (written: number) => void = () => {},
): void {
  const rowGroup = (start: number, end: number) =>
    columns.map(({ name, type, nullable, at }) => ({
      name,
      type,
      nullable,
      data: Array.from({ length: end - start }, (_, i) => at(start + i)),
    }));
  const writer = new ParquetWriter({
    writer: fileWriter(path),
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
  path: string,
  names: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: the cells of a file are what the file says; the caller verifies them
  onRows: (start: number, rows: number, columns: ArrayLike<any>[]) => void,
  onLength: (length: number) => void = () => {},
): Promise<readonly SchemaElement[]> {
  const file: AsyncBuffer = await asyncBufferFromFile(path);
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
