import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SnapshotBuilder } from "../snapshot/builder.ts";
import { parquetSnapshots } from "./parquet-snapshots.ts";

let directory: string;
let database: DuckDBConnection;
let folder: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "duckdb-"));
  database = await (await DuckDBInstance.create(":memory:")).connect();
  const builder = new SnapshotBuilder();
  builder.addItem({ movie_id: "9", title: "Café (1995)", year: 1995, genres: ["Drama", "War"] });
  builder.addItem({ movie_id: "10", title: null, year: null, genres: [] });
  builder.add("ann", "9", 4.5, 1_763_596_800_123, null);
  builder.add("bob", "10", 3, null, null);
  builder.add("bob", "9", 0.5, null, null);
  builder.add("bob", "9", 2, null, null);
  // Enough for several row groups.
  for (let i = 0; i < 220_000; i++) builder.add(`u${i % 1_000}`, String(i % 499), (i % 10) / 2, i * 1_000, null);
  ({ path: folder } = await parquetSnapshots(directory).save(builder.build().snapshot, {
    source: "set",
    format: "csv",
    imported_at: "2025-11-20T00:00:00.000Z",
    lines: 220_004,
    duplicates: 0,
    ignored: 0,
    quarantined: 0,
  }));
});
afterAll(async () => {
  database.closeSync();
  await rm(directory, { recursive: true, force: true });
});

async function query(sql: string): Promise<unknown[]> {
  const reader = await database.runAndReadAll(
    sql
      .replaceAll("interactions", `read_parquet('${folder}/interactions.parquet')`)
      .replaceAll("items", `read_parquet('${folder}/items.parquet')`),
  );
  return reader.getRowObjectsJson();
}

test("the tables have typed columns", async () => {
  expect(await query("select column_name, column_type from (describe select * from interactions)")).toEqual([
    { column_name: "user_id", column_type: "VARCHAR" },
    { column_name: "movie_id", column_type: "BIGINT" },
    { column_name: "value", column_type: "FLOAT" },
    { column_name: "timestamp", column_type: "TIMESTAMP" },
    { column_name: "count", column_type: "INTEGER" },
    { column_name: "position", column_type: "INTEGER" },
  ]);
  expect(await query("select column_name, column_type from (describe select * from items)")).toEqual([
    { column_name: "movie_id", column_type: "BIGINT" },
    { column_name: "title", column_type: "VARCHAR" },
    { column_name: "year", column_type: "INTEGER" },
    { column_name: "genres", column_type: "VARCHAR" },
  ]);
});

test("rows come as they were stored", async () => {
  const sql = `select user_id, movie_id, value, epoch_ms("timestamp") as ms, count, position
    from interactions where user_id in ('ann', 'bob') order by user_id, position`;
  expect(await query(sql)).toEqual([
    { user_id: "ann", movie_id: "9", value: 4.5, ms: "1763596800123", count: 1, position: 0 },
    { user_id: "bob", movie_id: "10", value: 3, ms: null, count: 1, position: 0 },
    { user_id: "bob", movie_id: "9", value: 2, ms: null, count: 2, position: 1 },
  ]);
});

test("interactions join the catalogue", async () => {
  const sql = `select i.title, i.year, string_split(i.genres, '|') as genres, sum(x.count) as count
    from interactions x join items i using (movie_id) where i.title is not null group by all`;
  expect(await query(sql)).toEqual([
    { title: "Café (1995)", year: 1995, genres: ["Drama", "War"], count: expect.stringMatching(/^44[34]$/) },
  ]);
});

test("all row groups are counted and summed alike", async () => {
  const sql = "select count(*) as rows, sum(count) as lines, count(distinct user_id) as users from interactions";
  const [{ rows, lines, users }] = (await query(sql)) as Record<string, string>[];
  expect([Number(lines), Number(users)]).toEqual([220_004, 1_002]);
  const [{ size }] = (await query(
    "select count(*) as size from (select distinct user_id, movie_id from interactions)",
  )) as Record<string, string>[];
  expect(size).toBe(rows);
});
