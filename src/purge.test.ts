import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidateOf, memoryRegistry, snapshotOf, train, twoTastes } from "../test/builders.ts";
import { exposureOf, listTrace } from "../test/contract/trace-store-samples.ts";
import { rating } from "../test/events.ts";
import { noProgress } from "./base/progress.ts";
import { parquetSnapshots } from "./drivers/parquet-snapshots.ts";
import { openSqlite, type SqliteDatabase } from "./drivers/sqlite.ts";
import { type PurgeParts, purgeErased } from "./purge.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry } from "./registry/registry.ts";
import { type Rollout, switched } from "./rollout/record.ts";
import { EVENTS_FORMAT, extendSnapshot } from "./snapshot/extend.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";

const ORIGIN = { source: "test", imported_at: "2024-01-01T00:00:00.000Z", duplicates: 0, ignored: 0, quarantined: 0 };
const LIVE: Rollout = {
  strategy: "canary",
  primary_version: "v0.1",
  canary_version: "v0.2",
  canary_percentage: 10,
  environment: "test",
};
const ENTRY = {
  time: "2025-11-20T00:00:00.000Z",
  action: "start",
  from: null,
  to: "v0.1",
  strategy: "canary",
  actor: "service",
  outcome: "done",
  reason: null,
} as const;

let folder: string;
let database: SqliteDatabase;
let parts: PurgeParts;
const file = () => join(folder, "reprise.sqlite");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-purge-"));
  database = openSqlite(file());
  const snapshots = parquetSnapshots(join(folder, "snapshots"));
  parts = { ...database, models: memoryRegistry(), snapshots, progress: noProgress, now: () => 0 };
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const save = (snapshot: Snapshot, format: string) =>
  parts.snapshots.save(snapshot, { ...ORIGIN, format, lines: snapshot.interactions.length });

test("removes everything that holds erased users, and a second purge finds nothing", async () => {
  const publisher = openPublisher(parts.models, () => 0);
  await publisher.submit(candidateOf(await train(twoTastes(22))));
  await publisher.submit(candidateOf(await train()));
  const [imported, ofEvents, ofOne] = [twoTastes(), twoTastes(23), snapshotOf([["24", "1"]])];
  const untouched = twoTastes(20);
  for (const snapshot of [imported, ofOne, untouched]) await save(snapshot, "csv");
  await save(ofEvents, EVENTS_FORMAT);
  const traces = [24, 2].map((user_id, at) => listTrace(`r${at}`, at, { user_id }));
  await database.traces.append(traces, [exposureOf({ request_id: "r0", ts: 0 }, "24")]);
  for (const user of ["23", "24"]) await database.events.erase(user, 0);

  const purged = await purgeErased(parts);
  expect(purged).toMatchObject({ erased_users: 2, models: ["v0.2"], kept: [], traces: 1, exposures: 1 });
  const others = twoTastes(22).id;
  expect(new Map(purged.snapshots.map(({ id, replaced_by }) => [id, replaced_by]))).toEqual(
    new Map([
      [imported.id, others],
      [ofEvents.id, null],
      [ofOne.id, null],
    ]),
  );
  expect((await parts.snapshots.list()).map(({ id }) => id).sort()).toEqual([others, untouched.id].sort());
  expect(await parts.snapshots.meta(others)).toMatchObject({ source: "test", format: "csv" });

  expect(await purgeErased(parts)).toEqual({
    erased_users: 2,
    models: [],
    refused: [],
    unfinished: [],
    kept: [],
    snapshots: [],
    unreadable_snapshots: [],
    traces: 0,
    exposures: 0,
  });
});

test("keeps what answers, until another version does", async () => {
  const publisher = openPublisher(parts.models, () => 0);
  for (let at = 0; at < 2; at++) await publisher.submit(candidateOf(await train()));
  await publisher.submit(candidateOf(await train(twoTastes(20))));
  const first = await database.live.change(null, LIVE, ENTRY);
  await database.events.erase("24", 0);
  const { models, kept } = await purgeErased(parts);
  expect([models, kept.map(({ version }) => version)]).toEqual([[], ["v0.1", "v0.2"]]);
  expect(kept[0]?.reason).toMatch(/live.*retrain/);
  expect(kept[1]?.reason).toMatch(/canary.*rollout\/update/);

  await database.live.change(first?.revision as number, switched(LIVE, "v0.3"), { ...ENTRY, action: "switch" });
  await database.live.change(
    (first?.revision as number) + 1,
    { ...switched(LIVE, "v0.3"), strategy: "fixed" },
    { ...ENTRY, action: "update" },
  );
  expect(await purgeErased(parts)).toMatchObject({ models: ["v0.2"], kept: [{ version: "v0.1" }] });
  await publisher.alias("champion", "v0.3");
  expect(await purgeErased(parts)).toMatchObject({ models: ["v0.1"], kept: [] });
  expect(await openRegistry(parts.models).versions()).toEqual(["v0.3"]);
});

test("says which snapshots do not read", async () => {
  const snapshot = twoTastes();
  await save(snapshot, "csv");
  rmSync(join(folder, "snapshots", snapshot.id, "items.parquet"));
  await database.events.erase("24", 0);
  expect(await purgeErased(parts)).toMatchObject({ snapshots: [], unreadable_snapshots: [snapshot.id] });
});

test("overwrites what it removes and what is erased, in the database's file", async () => {
  const secret = "a-film-that-nobody-may-know-of";
  const bystanders = Array.from({ length: 200 }, (_, at) => listTrace(`b${at}`, at, { user_id: 7 }));
  await database.traces.append([...bystanders, listTrace("r", 5, { user_id: 24, model: "v0.1" })], []);
  const mentions = Array.from({ length: 40 }, (_, at) => listTrace(`m${at}`, at, { user_id: 24, items: [secret] }));
  await database.traces.append(mentions, []);
  await database.events.append([rating("e", "24", secret), rating("f", "7")]);
  database.close();
  expect(readFileSync(file()).includes(secret)).toBe(true);
  database = openSqlite(file());
  await database.events.erase("24", 0);
  expect(await purgeErased({ ...parts, ...database })).toMatchObject({ traces: 41 });
  database.close();
  expect(readFileSync(file()).includes(secret)).toBe(false);
  database = openSqlite(file());
});

describe("a snapshot without erased users", () => {
  const line = fc.tuple(
    fc.constantFrom("1", "2", "3", "4"),
    fc.constantFrom("10", "11", "12"),
    fc.integer({ min: 1, max: 5 }),
    fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
  );

  test("gives the same with events as the one that it replaces does without those users", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), fc.array(line, { maxLength: 8 }), (held, events) => {
        const base = snapshotOf(held);
        const erased = new Set(["2"]);
        fc.pre(base.users.some((user) => !erased.has(user)));
        const newer = events.map(([user_id, movie_id, value]) => ({ user_id, movie_id, value, time: 9 }));
        const replaced = extendSnapshot(base, [], [], erased);
        expect(extendSnapshot(replaced, newer, [], erased).id).toBe(extendSnapshot(base, newer, [], erased).id);
      }),
    );
  });
});
