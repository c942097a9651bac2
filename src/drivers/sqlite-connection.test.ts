import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rating } from "../../test/events.ts";
import { StoreError } from "../base/errors.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite.ts";

type Done = (error: Error | null) => void;
/** What ends each sync that has begun. */
const syncs = vi.hoisted((): Done[] => []);
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  fdatasync: (_: number, done: Done) => void syncs.push(done),
}));

let folder: string;
const opened: SqliteDatabase[] = [];
beforeEach(() => {
  syncs.length = 0;
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
  await begun(2);
  expect(acknowledged).toEqual([]);
  syncs[1](null);
  await second;
  expect(acknowledged).toEqual(["b"]);
  syncs[0](null);
  await first;
  expect(acknowledged).toEqual(["b", "a"]);
});

test("an event that cannot be synced is not acknowledged, also when it comes again", async () => {
  const { events } = open("a.sqlite");
  for (const turn of [0, 1]) {
    const appended = events.append([rating("a", "1")]);
    await begun(turn + 1);
    syncs[turn](new Error("EIO: i/o error, fdatasync"));
    await expect(appended).rejects.toThrow(StoreError);
  }
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
