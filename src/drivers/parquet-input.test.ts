import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type BasicType, parquetWriteFile } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import type { Cell } from "../interactions/files.ts";
import { openParquet } from "./parquet-input.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parquet-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

interface Column {
  readonly name: string;
  readonly type: BasicType;
  readonly data: unknown[];
}

function write(name: string, columns: readonly Column[], options: object = {}): string {
  const filename = join(directory, name);
  const columnData = columns.map((column) => ({ ...column, nullable: column.data.includes(null) }));
  parquetWriteFile({ filename, columnData, ...options });
  return filename;
}

/** All cells of a file, by column. */
async function cells(path: string, cpuSeconds?: number): Promise<Record<string, Cell[]>> {
  const table = await openParquet(path, cpuSeconds);
  try {
    const names = table.columns.map(({ name }) => name);
    const all: Record<string, Cell[]> = Object.fromEntries(names.map((name) => [name, []]));
    for await (const columns of table.read(names)) {
      names.forEach((name, i) => {
        all[name].push(...Array.from(columns[i]));
      });
    }
    return all;
  } finally {
    await table.close();
  }
}

const ROWS = 400;
const rows = <T>(at: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => at(row));
const RATINGS: readonly Column[] = [
  { name: "user", type: "STRING", data: rows((row) => `u${row % 20}`) },
  { name: "item", type: "INT64", data: rows((row) => BigInt(row % 50)) },
  { name: "rating", type: "FLOAT", data: rows((row) => row % 5) },
  { name: "timestamp", type: "TIMESTAMP", data: rows((row) => (row % 7 ? new Date(row * 1000) : null)) },
];

describe("a Parquet file", () => {
  test("tells its rows, and its columns by what their cells are", async () => {
    const path = write("kinds.parquet", [
      { name: "long", type: "INT64", data: [1n] },
      { name: "int", type: "INT32", data: [1] },
      { name: "double", type: "DOUBLE", data: [1.5] },
      { name: "text", type: "STRING", data: ["é"] },
      { name: "time", type: "TIMESTAMP", data: [new Date(-1)] },
      { name: "flag", type: "BOOLEAN", data: [true] },
      { name: "json", type: "JSON", data: [{ a: 1 }] },
    ]);
    const table = await openParquet(path);
    expect(table.rows).toBe(1);
    expect(Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]))).toEqual({
      long: "integer",
      int: "integer",
      double: "decimal",
      text: "text",
      time: "time",
      flag: "other",
      json: "other",
    });
    await table.close();
    expect(await cells(path)).toMatchObject({ long: [1n], int: [1], double: [1.5], text: ["é"], time: [-1] });
  });

  test.each(["UNCOMPRESSED", "SNAPPY"])("is read the same, %s", async (codec) => {
    const path = write(`${codec}.parquet`, RATINGS, { codec, rowGroupSize: 90 });
    const { user, item, timestamp } = await cells(path);
    expect(user).toEqual(RATINGS[0].data);
    expect(item).toEqual(RATINGS[1].data);
    expect(timestamp.map((cell) => cell ?? null)).toEqual(rows((row) => (row % 7 ? row * 1000 : null)));
  });

  test.each([
    ["GZIP", gzipSync],
    ["BROTLI", brotliCompressSync],
    ["ZSTD", zstdCompressSync],
  ] as const)("may be packed as %s", async (codec, compress) => {
    const path = write(`${codec}.parquet`, RATINGS, { codec, compressors: { [codec]: compress } });
    expect((await cells(path)).user).toEqual(RATINGS[0].data);
  });

  test("that holds no UTF-8 in a text gives no id for it", async () => {
    const path = write("latin.parquet", [{ name: "user", type: "STRING", data: ["abcdefgh", "x"] }], {
      codec: "UNCOMPRESSED",
    });
    const bytes = await readFile(path);
    for (let at = bytes.indexOf("abcdefgh"); at >= 0; at = bytes.indexOf("abcdefgh", at + 1)) bytes[at] = 0xff;
    await writeFile(path, bytes);
    const { user } = await cells(path);
    expect([String(user[0]).isWellFormed(), user[1]]).toEqual([false, "x"]);
  });
});

describe("what is no Parquet file, or no longer", () => {
  test.each([
    ["text", "user,item\n1,2\n", "is not a Parquet file or is corrupt"],
    ["empty", "", "is not a Parquet file or is corrupt"],
    ["short", "PAR1", "is not a Parquet file or is corrupt"],
  ])("is refused: %s", async (name, content, message) => {
    const path = join(directory, `${name}.parquet`);
    await writeFile(path, content);
    await expect(openParquet(path)).rejects.toThrow(new RegExp(`${name}\\.parquet: ${message} \\([^\\n]+\\)$`));
    await expect(openParquet(path)).rejects.toThrow(DataError);
  });

  test("is refused when it is truncated", async () => {
    const path = write("truncated.parquet", RATINGS);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    await expect(cells(path)).rejects.toThrow(DataError);
  });

  test("never keeps the reader busy for longer than it is given", async () => {
    const path = write("slow.parquet", RATINGS);
    await expect(openParquet(path, 0)).rejects.toThrow("a part of it is not decoded after 0 s");
  });

  test("ends in rows or in a DataError, whichever byte was altered", { timeout: 120_000 }, async () => {
    const good = await readFile(write("good.parquet", RATINGS, { codec: "UNCOMPRESSED" }));
    const path = join(directory, "altered.parquet");
    let refused = 0;
    // Headers of pages and the runs of levels and dictionary places, which make the decoder run without end.
    const places = [150, 157, 160, 161, 162, 169, 170, 171, 173, 175, good.length - 40, good.length - 200];
    for (const place of places) {
      const bytes = Buffer.from(good);
      bytes[place] ^= 0xc9;
      await writeFile(path, bytes);
      const outcome = await cells(path, 0.5).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(DataError);
        expect(outcome.message).not.toContain("\n");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(4);
  });
});
