import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { type BasicType, type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { InputError } from "../base/errors.ts";
import type { IdKind } from "../base/ids.ts";
import type { ListFile, ListFileOptions, ListRows } from "../cli/list-file.ts";

/** Rows that are held until they are written as a row group. */
const ROW_GROUP_ROWS = 100_000;
const ID_TYPE: Readonly<Record<IdKind, BasicType>> = { integer: "INT64", string: "STRING" };

/** Writes lists as Parquet, beside the final place until they are whole. @throws InputError when that cannot be */
export function parquetLists(path: string, options: ListFileOptions): ListFile {
  const draft = `${path}.${randomUUID()}.part`;
  const writer = explained(path, () => {
    const schema = schemaFromColumnData({ columnData: columnsOf(NO_ROWS, options) });
    const kvMetadata = Object.entries(options.metadata).map(([key, value]) => ({ key, value }));
    return new ParquetWriter({ writer: fileWriter(draft), schema, createdBy: "reprise", kvMetadata });
  });
  const append = (rows: ListRows) =>
    explained(path, () => {
      writer.write({ columnData: columnsOf(rows, options), rowGroupSize: ROW_GROUP_ROWS });
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

const NO_ROWS: ListRows = { user: [], rank: new Int32Array(), item: [], score: new Float32Array(), source: [] };

function columnsOf({ user, rank, item, score, source }: ListRows, { userKind, itemKind }: ListFileOptions) {
  const column = (name: string, type: BasicType, data: ColumnSource["data"]) => ({ name, type, data, nullable: false });
  return [
    column("user_id", ID_TYPE[userKind], cellsOf(userKind, user)),
    column("rank", "INT32", rank),
    column("movie_id", ID_TYPE[itemKind], cellsOf(itemKind, item)),
    column("score", "FLOAT", score),
    column("source", "STRING", [...source]),
  ];
}

function cellsOf(kind: IdKind, ids: readonly string[]): ColumnSource["data"] {
  return kind === "integer" ? BigInt64Array.from(ids, BigInt) : [...ids];
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
