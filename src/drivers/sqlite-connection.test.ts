import { copyFileSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rating } from "../../test/events.ts";
import { DataError, StoreError } from "../base/errors.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite.ts";
import { openConnection } from "./sqlite-connection.ts";
import { queries } from "./sqlite-schema.ts";

type Done = (error: Error | null) => void;
/** What ends each sync that has begun. */
const syncs = vi.hoisted((): Done[] => []);
/** What a sync that is waited for at once ends with. */
const atOnce = vi.hoisted((): { error: Error | null } => ({ error: null }));
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  fdatasync: (_: number, done: Done) => void syncs.push(done),
  fdatasyncSync: () => {
    if (atOnce.error !== null) throw atOnce.error;
  },
}));

const NOTE = {
  time: "2025-11-20T00:00:00.000Z",
  action: "switch",
  from: "v0.1",
  to: "v0.2",
  strategy: "fixed",
  actor: "loopback",
  outcome: "refused",
  reason: null,
} as const;

let folder: string;
const opened: SqliteDatabase[] = [];
beforeEach(() => {
  syncs.length = 0;
  atOnce.error = null;
  folder = mkdtempSync(join(tmpdir(), "reprise-sqlite-"));
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(name: string): SqliteDatabase {
  const database = openSqlite(join(folder, name));
  opened.push(database);
  return database;
}

const begun = (count: number) => vi.waitFor(() => expect(syncs).toHaveLength(count), { timeout: 20_000 });

test("an event is acknowledged once it is synced, and another waits for a sync of its own", async () => {
  const { events } = open("a.sqlite");
  const acknowledged: string[] = [];
  const append = async (id: string) => {
    await events.append([rating(id, "1")]);
    acknowledged.push(id);
  };
  const first = append("a");
  expect((await events.page(0, 10)).map(({ event }) => event.event_id)).toEqual(["a"]);
  const second = append("b");
  await begun(1);
  expect(acknowledged).toEqual([]);
  syncs[0](null);
  await first;
  expect(acknowledged).toEqual(["a"]);
  await begun(2);
  expect(acknowledged).toEqual(["a"]);
  syncs[1](null);
  await second;
  expect(acknowledged).toEqual(["a", "b"]);
});

const FAILURE = new Error("EIO: i/o error, fdatasync");
const REFUSED = /^the disk did not keep what was written \(EIO: i\/o error, fdatasync\); nothing is accepted/;

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  return (error as StoreError).reason;
}

test("after a sync that failed nothing is accepted, although others would succeed", async () => {
  const { events, live } = open("a.sqlite");
  const [first, second] = [events.append([rating("a", "1")]), events.append([rating("b", "1")])];
  const refused = Promise.all([first, second].map(refusal));
  await begun(1);
  syncs[0](FAILURE);
  for (const reason of await refused) expect(reason).toMatch(REFUSED);
  // Neither what came already, nor what is new, nor what another sync would be asked for.
  for (const id of ["a", "c"]) expect(await refusal(events.append([rating(id, "1")]))).toMatch(REFUSED);
  expect(await refusal(events.erase("1", 1))).toMatch(REFUSED);
  expect(await refusal(live.note(NOTE))).toMatch(REFUSED);
  expect(syncs).toHaveLength(1);
  expect((await events.page(0, 10)).map(({ event }) => event.event_id)).toEqual(["a", "b"]);
});

test("a change of what is live is refused after what is before it in the log could not be kept, and so is all else", async () => {
  const { events, live } = open("a.sqlite");
  atOnce.error = FAILURE;
  expect(await refusal(live.note(NOTE))).toMatch(REFUSED);
  atOnce.error = null;
  expect(await refusal(live.note(NOTE))).toMatch(REFUSED);
  expect(await refusal(events.append([rating("a", "1")]))).toMatch(REFUSED);
  expect((await live.history(10, null)).entries).toEqual([]);
});

test("the next process brings what the log held into the database's file before it accepts anything", async () => {
  const path = join(folder, "a.sqlite");
  const failed = open("a.sqlite");
  const refused = refusal(failed.events.append([rating("a", "1")]));
  await begun(1);
  syncs[0](FAILURE);
  await refused;
  // As the disk holds it when the process has been killed: nothing but the log knows of the event.
  for (const end of ["", "-wal"]) copyFileSync(`${path}${end}`, join(folder, `b.sqlite${end}`));
  const { events } = open("b.sqlite");
  const held = statSync(`${join(folder, "b.sqlite")}-wal`).size;
  const appended = events.append([rating("a", "1"), rating("b", "1")]);
  await begun(2);
  syncs[1](null);
  expect(await appended).toEqual(["duplicate", "accepted"]);
  const alone = join(folder, "alone.sqlite");
  copyFileSync(join(folder, "b.sqlite"), alone);
  expect((await open("alone.sqlite").events.page(0, 10)).map(({ event }) => event.event_id)).toEqual(["a"]);
  expect(statSync(`${join(folder, "b.sqlite")}-wal`).size).toBeLessThan(held);
});

test("a file that another process is making just then is opened once it is made", async () => {
  const locked = Object.assign(new Error("database is locked"), { errcode: 5 });
  const fail = () => {
    throw locked;
  };
  const exec = vi.spyOn(DatabaseSync.prototype, "exec").mockImplementationOnce(fail).mockImplementationOnce(fail);
  const { events } = open("a.sqlite");
  expect(exec.mock.results.slice(0, 3).map(({ type }) => type)).toEqual(["throw", "throw", "return"]);
  exec.mockRestore();
  expect(await events.page(0, 10)).toEqual([]);
});

test("who reads the log elsewhere holds up no event", async () => {
  open("a.sqlite");
  const reader = new DatabaseSync(join(folder, "a.sqlite"));
  reader.exec("BEGIN; SELECT * FROM events");
  const appended = open("a.sqlite").events.append([rating("a", "1")]);
  await begun(1);
  syncs[0](null);
  expect(await appended).toEqual(["accepted"]);
  reader.close();
});

test("what is behind a link is synced where it is", async () => {
  open("a.sqlite");
  symlinkSync(join(folder, "a.sqlite"), join(folder, "link.sqlite"));
  const appended = open("link.sqlite").events.append([rating("a", "1")]);
  appended.catch(() => {}); // looked at below
  await begun(1);
  syncs[0](null);
  expect(await appended).toEqual(["accepted"]);
});

test("what is looked up sees what was written before it, here and by others, and keeps nobody from writing", async () => {
  const { events } = open("a.sqlite");
  const other = new DatabaseSync(join(folder, "a.sqlite"));
  try {
    expect(await events.userState("1")).toEqual({ lastSeq: 0, erased: false });
    // In the turn in which it was looked at.
    await events.reserve(5);
    other.exec("INSERT INTO event_users (user_id, last_seq) VALUES ('1', 7)");
    await new Promise((resolve) => setImmediate(resolve));
    expect(await events.userState("1")).toEqual({ lastSeq: 7, erased: false });
    await new Promise((resolve) => setImmediate(resolve));
    expect(other.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()).toMatchObject({ busy: 0 });
  } finally {
    other.close();
  }
});

test("a database can be closed in the turn in which it was looked at", async () => {
  const database = openSqlite(join(folder, "a.sqlite"));
  const state = database.events.userState("1");
  database.close();
  expect(await state).toEqual({ lastSeq: 0, erased: false });
  await new Promise((resolve) => setImmediate(resolve));
});

test("a look whose transaction SQLite ends by itself takes nothing with it", async () => {
  const connection = openConnection(join(folder, "a.sqlite"), [["CREATE TABLE t (id INTEGER PRIMARY KEY)"]], true);
  const known = sql`INSERT INTO t VALUES (1) RETURNING id`.compile(queries);
  // As it does where the disk gives an error.
  const failing = sql`INSERT OR ROLLBACK INTO t VALUES (1) RETURNING id`.compile(queries);
  try {
    expect(connection.rows(known)).toEqual([{ id: 1 }]);
    expect(() => connection.look(failing)).toThrow(DataError);
    expect(connection.look(sql`SELECT id FROM t`.compile(queries))).toEqual({ id: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => connection.look(failing)).toThrow(DataError);
    expect(connection.atomically(() => connection.rows(sql`SELECT id FROM t`.compile(queries)))).toEqual([{ id: 1 }]);
    expect(() => connection.look(failing)).toThrow(DataError);
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    connection.close();
  }
});
