import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noProgress } from "../base/progress.ts";
import type { ColumnNames } from "./columns.ts";
import type { Cell, CellKind } from "./files.ts";
import { type MemoryTable, memoryLocation } from "./memory-files.ts";
import { parquetSource } from "./parquet.ts";
import type { RejectedLine, SourceInteraction, SourceItem } from "./source.ts";

const column = (name: string, kind: CellKind, ...cells: Cell[]) => ({ name, kind, cells });

async function read(
  tables: Readonly<Record<string, MemoryTable>>,
  names: ColumnNames = {},
  file: string | null = null,
) {
  const items: SourceItem[] = [];
  const interactions: SourceInteraction[] = [];
  const rejected: RejectedLine[] = [];
  const counts = await parquetSource(memoryLocation({}, file, tables), names).read(
    {
      item: (item) => items.push(item),
      interaction: (line) => interactions.push(line),
      reject: (line) => rejected.push(line),
    },
    noProgress,
  );
  return { items, interactions, rejected, counts };
}

const readColumns = (columns: MemoryTable, names: ColumnNames = {}) =>
  read({ "a.parquet": columns }, names, "a.parquet");

describe("a Parquet table", () => {
  test("needs a user and an item only, whole numbers or texts", async () => {
    const { interactions } = await readColumns([
      column("item", "text", "m-1", "m-2"),
      column("user", "integer", 9_007_199_254_740_993n, 7),
      column("other", "other", null, null),
    ]);
    expect(interactions).toEqual([
      { user: "9007199254740993", item: "m-1", value: 1, time: null, sequence: null, count: 1 },
      { user: "7", item: "m-2", value: 1, time: null, sequence: null, count: 1 },
    ]);
  });

  test.each([
    ["time", -1, -1],
    ["integer", 1_763_596_800n, 1_763_596_800_000],
    ["integer", 1_763_596_800_000n, 1_763_596_800_000],
    ["decimal", 1_763_596_800, 1_763_596_800_000],
    ["text", "2025-11-20", 1_763_596_800_000],
  ] as const)("has times of the kind %s: %s", async (kind, cell, time) => {
    const { interactions } = await readColumns([
      column("user", "decimal", 1),
      column("item", "decimal", 2),
      column("timestamp", kind, cell),
    ]);
    expect(interactions).toMatchObject([{ user: "1", item: "2", time }]);
  });

  test("names its columns as it likes, and counts where it says so", async () => {
    const { interactions } = await readColumns(
      [
        column("who", "text", "a"),
        column("what", "text", "b"),
        column("plays", "integer", 12n),
        column("place", "integer", 3),
        column("timestamp", "time", null),
      ],
      { user: "who", item: "what", count: "plays", seq: "place" },
    );
    expect(interactions).toEqual([{ user: "a", item: "b", value: 1, time: null, sequence: 3, count: 12 }]);
  });

  test("has bad rows, numbered from 1 and told as text", async () => {
    const { rejected, counts } = await readColumns([
      column("user", "text", "a", null, "b", "c", "d", "\ud800"),
      column("item", "integer", 1, 1, 2n, 3, 4, 5),
      column("rating", "decimal", 1, 1, Number.NaN, -1, 4.5, 1),
    ]);
    expect(rejected).toEqual([
      { file: "set/a.parquet", line: 2, reason: 'user id "" must not be empty', raw: ",1,1" },
      { file: "set/a.parquet", line: 3, reason: 'rating "" must be a number of at least 0', raw: "b,2," },
      { file: "set/a.parquet", line: 4, reason: 'rating "-1" must be a number of at least 0', raw: "c,3,-1" },
      expect.objectContaining({ line: 6, reason: expect.stringContaining("must be well-formed Unicode") }),
    ]);
    expect(counts.interactions).toEqual([{ file: "set/a.parquet", lines: 6, accepted: 2, ignored: 0, rejected: 4 }]);
  });

  test("keeps any value that float32 holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }), async (value) => {
        const cells = [column("user", "text", "a"), column("item", "text", "b"), column("rating", "decimal", value)];
        expect((await readColumns(cells)).interactions[0].value).toBe(value + 0);
      }),
    );
  });

  test.each([
    ["other", 'the type of the column "user" cannot be a user'],
    ["time", 'the type of the column "user" cannot be a user'],
  ] as const)("has no ids of the kind %s", async (kind, message) => {
    await expect(readColumns([column("user", kind, 1), column("item", "text", "b")])).rejects.toThrow(message);
  });

  test("is refused without rows, without its columns and without a usual name", async () => {
    await expect(readColumns([column("user", "text"), column("item", "text")])).rejects.toThrow("holds no rows");
    await expect(readColumns([column("user", "text", "a")])).rejects.toThrow('the header has no column "item"');
    await expect(read({ "a.parquet": [] })).rejects.toThrow("set: has none of interactions.parquet, ratings.parquet");
  });
});

describe("a stored snapshot", () => {
  const interactions: MemoryTable = [
    column("user_id", "integer", 1n, 1n),
    column("movie_id", "text", "a", "b"),
    column("value", "decimal", 1, 4.5),
    column("timestamp", "time", null, 5),
    column("count", "integer", 3, 1),
    column("position", "integer", 0, 1),
  ];
  const items: MemoryTable = [
    column("movie_id", "text", "a", "b", "b"),
    column("title", "text", null, "", "x"),
    column("year", "integer", -5, null, null),
    column("genres", "text", "War|Drama", "", ""),
  ];

  test("is known by its columns and brings its catalogue", async () => {
    const stored = await read({ "interactions.parquet": interactions, "items.parquet": items });
    expect(stored.interactions).toEqual([
      { user: "1", item: "a", value: 1, time: null, sequence: 0, count: 3 },
      { user: "1", item: "b", value: 4.5, time: 5, sequence: 1, count: 1 },
    ]);
    expect(stored.items).toEqual([
      { movie_id: "a", title: null, year: -5, genres: ["War", "Drama"] },
      { movie_id: "b", title: "", year: null, genres: [] },
    ]);
    expect(stored.counts.items).toMatchObject({ lines: 3, rejected: 1 });
  });

  test("needs no catalogue, and is a table as any other when columns are named", async () => {
    expect((await read({ "interactions.parquet": interactions })).counts.items).toBeNull();
    const named = await read(
      { "interactions.parquet": interactions.filter(({ name }) => name !== "timestamp"), "items.parquet": items },
      { user: "user_id", item: "movie_id" },
    );
    expect(named.interactions.map(({ count, sequence }) => [count, sequence])).toEqual([
      [1, null],
      [1, null],
    ]);
    expect(named.counts.items).toMatchObject({ accepted: 2 });
  });
});
