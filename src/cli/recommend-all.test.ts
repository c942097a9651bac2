import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, snapshotOf, train, twoTastes } from "../../test/builders.ts";
import { listThreads } from "../drivers/list-threads.ts";
import { parquetLists } from "../drivers/parquet-lists.ts";
import { parquetSnapshots } from "../drivers/parquet-snapshots.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { Model } from "../engine/model.ts";
import { linesOf } from "../events/lines.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import type { RegistryStore } from "../registry/store.ts";
import type { CliDependencies } from "./dependencies.ts";
import { recommendAllCommand } from "./recommend-all.ts";
import { runCli } from "./run.ts";

const K = 5;
const OPEN = { exclude: [], genre: [], year_min: null, year_max: null, include_seen: false, explain: false };
const SNAPSHOT = twoTastes();
/** A viewer whom the model knows, and who did something since. */
const ACTIVE = SNAPSHOT.users[3] as string;
const ERASED = SNAPSHOT.users[5] as string;
const STRANGER = "900001";

let folder: string;
let store: RegistryStore;
/** The snapshot that the model was trained on, with one viewer more. */
let withStranger: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-all-"));
  store = memoryRegistry();
  const manifest = { data_snapshot_id: SNAPSHOT.id };
  await openPublisher(store, () => 0).submit(candidateOf(await train(), manifest));
  const snapshots = parquetSnapshots(join(folder, "snapshots"));
  const counts = { lines: 0, duplicates: 0, ignored: 0, quarantined: 0 };
  const origin = { source: "test", format: "csv", imported_at: "2024-01-01T00:00:00.000Z", ...counts };
  const { users, items, interactions } = SNAPSHOT;
  const { user, item, value, time } = interactions;
  const lines = Array.from(user, (row, at) => [users[row], items[item[at]].movie_id, value[at], time[at]] as const);
  const more = snapshotOf([...lines, [STRANGER, items[0].movie_id]]);
  withStranger = more.id;
  for (const snapshot of [SNAPSHOT, more]) await snapshots.save(snapshot, origin);
});
afterAll(() => rm(folder, { recursive: true }));

const database = () => join(folder, "reprise.sqlite");

async function run(...argv: string[]) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: { REPRISE_DATABASE: database(), SNAPSHOT_DIR: join(folder, "snapshots") },
    now: Date.now,
    monotonicMs: () => 0,
    snapshots: parquetSnapshots,
    models: () => store,
    engine: async () => engine,
    database: openSqlite,
    listFile: parquetLists,
    listMakers: listThreads,
    cores: 2,
  } as unknown as CliDependencies;
  const program = new Command("reprise").addCommand(recommendAllCommand(deps));
  return { code: await runCli(program, ["recommend-all", ...argv], deps), ...printed };
}

async function writtenTo(name: string) {
  const file = await asyncBufferFromFile(join(folder, name));
  const { key_value_metadata: metadata } = await parquetMetadataAsync(file);
  return { rows: await parquetReadObjects({ file }), metadata };
}

/** What the service would answer with, as rows of the file. */
async function answered(user: string, events: readonly number[] = []) {
  const model = new Model(await openRegistry(store).load("v0.1"), engine.newCore());
  const log = openSqlite(database());
  const newer = linesOf(await log.events.ofUser(user, 0, events.length));
  log.close();
  const fold = newer.length === 0 ? null : model.foldIn(user, events.length, newer);
  const { step, ranking } = model.recommend(user, { k: K, ...OPEN }, fold);
  return Array.from(ranking.rows, (row, place) => ({
    user_id: BigInt(user),
    rank: place + 1,
    movie_id: BigInt(model.items[row].movie_id),
    score: ranking.scores[place],
    source: step,
  }));
}

describe("recommend-all", () => {
  test("writes every user's list as trained where nothing is known of later, and says what it comes from", async () => {
    const { code, out } = await run("--output", join(folder, "all.parquet"), "--k", String(K), "--format", "json");
    expect(code).toBe(0);
    const users = SNAPSHOT.users.length;
    expect(JSON.parse(out)).toMatchObject({ model: "v0.1", users, erased: 0, sources: { factors: users } });
    const { rows, metadata } = await writtenTo("all.parquet");
    expect(rows).toEqual((await Promise.all(SNAPSHOT.users.map((user) => answered(user)))).flat());
    expect(metadata).toContainEqual({ key: "snapshot_id", value: SNAPSHOT.id });
  });

  test("folds later events in, leaves the erased out and gives strangers what is popular", async () => {
    const log = openSqlite(database());
    const event = {
      event_id: "e",
      type: "click",
      movie_id: SNAPSHOT.items[9].movie_id,
      ts: 1,
      request_id: null,
    } as const;
    await log.events.append([{ ...event, user_id: ACTIVE }]);
    await log.events.erase(ERASED, 0);
    log.close();
    const path = join(folder, "later.parquet");
    const { code, out } = await run("--snapshot", withStranger, "--output", path, "--k", String(K), "--format", "json");
    expect(code).toBe(0);
    const factors = SNAPSHOT.users.length - 2;
    expect(JSON.parse(out)).toMatchObject({ erased: 1, sources: { factors, fold_in: 1, popular: 1 } });
    const { rows } = await writtenTo("later.parquet");
    const of = (user: string) => rows.filter(({ user_id }) => user_id === BigInt(user));
    expect(of(ACTIVE)).toEqual(await answered(ACTIVE, [1]));
    expect(of(STRANGER)).toEqual(await answered(STRANGER));
    expect(of(ERASED)).toEqual([]);
  });

  test.each([
    ["a version that is not there", ["--model", "v0.9"], 'error: unknown model "v0.9"\n'],
    ["a snapshot that is not there", ["--snapshot", "zz"], 'error: unknown snapshot "zz"\n'],
    ["a list too long", ["--k", "501"], "error: --k: must be a whole number from 1 to 500, is 501\n"],
  ])("refuses %s, and leaves no file", async (_, argv, err) => {
    expect(await run("--output", join(folder, "none.parquet"), ...argv)).toEqual({ code: 2, out: "", err });
    expect((await readdir(folder)).filter((name) => name.startsWith("none"))).toEqual([]);
  });

  test("refuses a path that cannot be written, in one line", async () => {
    const { code, err } = await run("--output", join(folder, "nowhere", "all.parquet"));
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^error: --output: .*all\.parquet cannot be written \(ENOENT\)\n$/),
    ]);
  });
});
