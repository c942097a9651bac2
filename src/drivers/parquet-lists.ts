import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { type BasicType, type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { InputError } from "../base/errors.ts";
import type { IdKind } from "../base/ids.ts";
import type { ListFile, ListFileOptions, ListRows } from "../cli/list-file.ts";

/** Rows of a row group, at most; rows are written as they come. */
const ROW_GROUP_ROWS = 100_000;
const ID_TYPE: Readonly<Record<IdKind, BasicType>> = { integer: "INT64", string: "STRING" };

/** Writes lists as Parquet, beside the final place until they are whole. @throws InputError when that cannot be */
export function parquetLists(path: string, options: ListFileOptions): ListFile {
  const draft = `${path}.${randomUUID()}.part`;
  const items = cellsOf(options.itemKind, options.items);
  const writer = explained(path, () => {
    const schema = schemaFromColumnData({ columnData: columnsOf(NO_ROWS, items, options) });
    const kvMetadata = Object.entries(options.metadata).map(([key, value]) => ({ key, value }));
    return new ParquetWriter({ writer: fileWriter(draft), schema, createdBy: "reprise", kvMetadata });
  });
  const append = (rows: ListRows) =>
    explained(path, () => {
      writer.write({ columnData: columnsOf(rows, items, options), rowGroupSize: ROW_GROUP_ROWS });
    });
  return {
    append,
    finish: async () => {
      explained(path, () => writer.finish());
      await rename(draft, path).catch((error) => refuse(path, error));
    },
    close: () => rm(draft, { force: true }),
  };
}

const NO_ROWS: ListRows = {
  users: [],
  sources: [],
  lengths: new Int32Array(),
  items: new Int32Array(),
  scores: new Float32Array(),
};

/** Ids as they are written. */
type Cells = BigInt64Array | string[];

function columnsOf(
  { users, sources, lengths, items, scores }: ListRows,
  itemCells: Cells,
  { userKind, itemKind }: ListFileOptions,
) {
  const column = (name: string, type: BasicType, data: ColumnSource["data"]) => ({ name, type, data, nullable: false });
  const rank = new Int32Array(scores.length);
  let row = 0;
  for (const length of lengths) for (let place = 1; place <= length; place++) rank[row++] = place;
  return [
    column("user_id", ID_TYPE[userKind], repeated(cellsOf(userKind, users), lengths)),
    column("rank", "INT32", rank),
    column("movie_id", ID_TYPE[itemKind], chosen(itemCells, items)),
    column("score", "FLOAT", scores),
    column("source", "STRING", repeated([...sources], lengths)),
  ];
}

function cellsOf(kind: IdKind, ids: readonly string[]): Cells {
  return kind === "integer" ? BigInt64Array.from(ids, BigInt) : [...ids];
}

/** Each cell as often as its list is long. */
function repeated(cells: Cells, lengths: Int32Array): Cells {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const column = emptyLike(cells, total);
  let row = 0;
  for (const [list, length] of lengths.entries()) {
    column.fill(cells[list] as never, row, row + length);
    row += length;
  }
  return column;
}

function chosen(cells: Cells, numbers: Int32Array): Cells {
  const column = emptyLike(cells, numbers.length);
  for (let row = 0; row < numbers.length; row++) column[row] = cells[numbers[row]];
  return column;
}

function emptyLike(cells: Cells, length: number): Cells {
  return cells instanceof BigInt64Array ? new BigInt64Array(length) : new Array<string>(length);
}

function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(path, error);
  }
}

function refuse(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  throw InputError.of("--output", path, `${path} cannot be written (${code})`);
}
