import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { conversionStoreCases } from "../../test/contract/conversion-store.ts";
import { eventStoreCases } from "../../test/contract/event-store.ts";
import { liveStoreCases } from "../../test/contract/live-store.ts";
import { outboxStoreCases } from "../../test/contract/outbox-store.ts";
import { retrainLogCases } from "../../test/contract/retrain-log.ts";
import { traceStoreCases } from "../../test/contract/trace-store.ts";
import { asStored, exposureOf, listTrace, similarTrace } from "../../test/contract/trace-store-samples.ts";
import { DataError, NotFoundError, StoreError } from "../base/errors.ts";
import type { Rollout } from "../rollout/record.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite.ts";
import { LIVE_SCHEMA, TRACE_SCHEMA } from "./sqlite-schema.ts";

const PROCESS = fileURLToPath(new URL("../../test/contract/live-store-process.ts", import.meta.url));
const ROLLOUT: Rollout = {
  strategy: "fixed",
  primary_version: "v0.1",
  canary_version: null,
  canary_percentage: 0,
  environment: "test",
};
const ENTRY = {
  time: "2025-11-20T00:00:00.000Z",
  action: "start",
  from: null,
  to: "v0.1",
  strategy: "fixed",
  actor: "service",
  outcome: "done",
  reason: null,
} as const;

const opened: { close(): void }[] = [];
const children: ChildProcess[] = [];
let folder = mkdtempSync(join(tmpdir(), "reprise-sqlite-"));
const file = () => join(folder, "state", "reprise.sqlite");

afterEach(() => {
  vi.restoreAllMocks();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), "reprise-sqlite-"));
});

function open(options?: { readonly create: boolean }): SqliteDatabase {
  const database = openSqlite(file(), options);
  opened.push(database);
  return database;
}

function tables(): DatabaseSync {
  const database = new DatabaseSync(file());
  opened.push(database);
  return database;
}

function startProcess(times: number): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROCESS, file(), String(times)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

describe("the live record in a file", () => {
  test.each(liveStoreCases)("$name", ({ run }) => run(() => open().live));
});

describe("the runs of retraining in a file", () => {
  test.each(retrainLogCases)("$name", ({ run }) => run(() => open().retraining));
});

describe("an outbox in a file", () => {
  test.each(outboxStoreCases)("$name", ({ run }) =>
    run(() => {
      const { outbox: cursors, answers, traces, events } = open();
      return { cursors, answers, traces, events };
    }),
  );
});

describe("traces in a file", () => {
  test.each(traceStoreCases)("$name", ({ run }) =>
    run(() => ({ store: open().traces, sql: async (statement) => tables().prepare(statement).all() })),
  );
});

describe("events in a file", () => {
  test.each(eventStoreCases)("$name", ({ run }) => run(() => open().events));
});

describe("conversions in a file", () => {
  test.each(conversionStoreCases)("$name", ({ run }) =>
    run(() => ({ ...open(), sql: async (statement) => tables().prepare(statement).all() })),
  );
});

describe("a database file", () => {
  test("is made with its folder, and read again after it was closed", async () => {
    const first = openSqlite(file());
    await first.live.change(null, ROLLOUT, ENTRY);
    await first.traces.append([listTrace("a", 1)], []);
    first.close();
    const again = open({ create: false });
    expect(await again.live.read()).toEqual({ rollout: ROLLOUT, revision: 1 });
    expect(await again.traces.find("a")).toEqual([asStored(listTrace("a", 1))]);
  });

  test("is for its user only, and so are its log, its index and the folder made for it", async () => {
    await open().live.change(null, ROLLOUT, ENTRY);
    const modes = [dirname(file()), file(), `${file()}-wal`, `${file()}-shm`].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test("that is there keeps the mode that it has", () => {
    open().close();
    opened.pop();
    chmodSync(file(), 0o640);
    open();
    expect(statSync(file()).mode & 0o777).toBe(0o640);
  });

  test("that cannot be made is named in the error", () => {
    writeFileSync(dirname(file()), "");
    expect(() => open()).toThrow(DataError);
    expect(() => open()).toThrow(dirname(file()));
  });

  test("is not made where it must be there", () => {
    expect(() => open({ create: false })).toThrow(
      new NotFoundError("database", file(), `there is no database ${file()}`),
    );
    expect(existsSync(file())).toBe(false);
  });

  test("that is none is named in the error", () => {
    open().close();
    opened.pop();
    writeFileSync(file(), "x".repeat(10_000));
    rmSync(`${file()}-wal`, { force: true });
    expect(() => open()).toThrow(new DataError(file(), "file is not a database"));
  });

  test("from before exposures had an outcome is brought up to date, and keeps what it has", async () => {
    mkdirSync(dirname(file()));
    const before = tables();
    for (const statement of [...LIVE_SCHEMA, ...TRACE_SCHEMA]) before.exec(statement);
    before.exec(`INSERT INTO exposures (request_id, ts, user_id, variant, model_version, rollout_revision)
      VALUES ('a', 5, '42', 'variant_A', 'v0.1', 7); PRAGMA user_version = 1`);
    const { traces } = open();
    await traces.append([], [exposureOf(listTrace("b", 6))]);
    const lotsBelow = { variant_A: 2 ** 32, variant_B: 2 ** 32 };
    const { users, latencies } = await traces.exposures({ from: 0, to: 10, revision: 7, lotsBelow });
    expect(users).toMatchObject([
      { variant: "variant_A", requests: 1, successes: 1 },
      { variant: "variant_B", requests: 1, successes: 1 },
    ]);
    expect(latencies).toMatchObject([{ variant: "variant_B", latency_ms: 0.375 }]);
  });

  test("whose tables are newer than this code is left alone", () => {
    open();
    tables().exec("PRAGMA user_version = 99");
    expect(() => open()).toThrow(new DataError(file(), "was written by a newer version: its tables are of version 99"));
  });

  test("that another holds is named in the error, and changed once it is free", async () => {
    const { live } = open();
    const other = tables();
    other.exec("BEGIN IMMEDIATE");
    await expect(live.change(null, ROLLOUT, ENTRY)).rejects.toThrow(new StoreError(file(), "database is locked"));
    other.exec("ROLLBACK");
    expect(await live.change(null, ROLLOUT, ENTRY)).not.toBeNull();
  });

  test("syncs each change of the live record to the disk, and traces at checkpoints only", async () => {
    const { live, traces } = open();
    const synchronous: unknown[] = [];
    const exec = DatabaseSync.prototype.exec;
    vi.spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
      if (sql === "COMMIT") synchronous.push(this.prepare("PRAGMA synchronous").get()?.synchronous);
      return exec.call(this, sql);
    });
    await live.change(null, ROLLOUT, ENTRY);
    await traces.append([listTrace("a", 1)], []);
    await live.note({ ...ENTRY, outcome: "refused" });
    // 2 is FULL, 1 is NORMAL: https://sqlite.org/pragma.html#pragma_synchronous
    expect(synchronous).toEqual([2, 1, 2]);
  });

  test("gives the traces beside one that the file system spoiled", async () => {
    const database = openSqlite(file());
    const large = listTrace("a", 2, { variant: "x".repeat(40_000) });
    await database.traces.append([similarTrace("a", 1), large, similarTrace("a", 3)], []);
    database.close();
    const bytes = readFileSync(file());
    // The page after the last full one of the long text: overflow pages begin with the number of the next.
    const page = Math.floor(bytes.lastIndexOf("x".repeat(8_000)) / 8_192) * 8_192;
    bytes.writeUInt32BE(0xffff_ffff, page);
    writeFileSync(file(), bytes);
    const found = await open().traces.find("a");
    expect(found.map(({ answer }) => answer === null)).toEqual([false, true, false]);
    expect(found[1].fault).toMatch(/malformed|altered/);
  });
});

describe("several processes", () => {
  test("make and change one file at once, and no change is lost or counted twice", async () => {
    const [processes, times] = [3, 30];
    const ended = Array.from({ length: processes }, () => once(startProcess(times), "exit"));
    expect(await Promise.all(ended)).toEqual(Array.from({ length: processes }, () => [0, null]));
    const { live } = open();
    const { entries } = await live.history(1_000, null);
    const count = processes * times;
    expect(entries.map(({ revision }) => revision)).toEqual(Array.from({ length: count }, (_, at) => count - at));
    expect(await live.read()).toMatchObject({ revision: count, rollout: { primary_version: `v1.${count - 1}` } });
  });

  test.each([1, 20, 80, 150])("leave everything whole that they acknowledged when killed after %i ms", async (ms) => {
    const child = startProcess(1_000_000);
    let printed = "";
    child.stdout?.on("data", (chunk) => (printed += chunk));
    await once(child.stdout as NodeJS.ReadableStream, "data");
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill("SIGKILL");
    await once(child, "close");
    const acknowledged = Number(printed.trim().split("\n").at(-1)) || 0;

    const { live, traces } = open();
    const revision = (await live.read())?.revision ?? 0;
    expect([acknowledged, acknowledged + 1]).toContain(revision);
    const { entries } = await live.history(1, null);
    expect(entries[0]?.revision ?? 0).toBe(revision);
    for (let at = 1; at <= revision; at++) {
      const found = await traces.find(`r${at}`);
      expect(found.length).toBe(at <= acknowledged || found.length > 0 ? 20 : 0);
      expect(found.every(({ fault }) => fault === null)).toBe(true);
    }
  });
});
