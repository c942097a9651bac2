import { closeSync, existsSync, fdatasync, fdatasyncSync, mkdirSync, openSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { promisify } from "node:util";
import type { CompiledQuery } from "kysely";
import { DataError, NotFoundError, StoreError } from "../base/errors.ts";
import type { SqlRunner } from "./sqlite-schema.ts";

/** How long a write waits for another process; the whole process waits with it. */
const BUSY_TIMEOUT_MS = 1_000;
const BUSY_PAUSE_MS = 2;
/** What nobody ever wakes. */
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
/** Rows of a kilobyte and more fill pages of this size better than the default ones. */
const PAGE_BYTES = 8_192;

const datasync = promisify(fdatasync);

/** A database file of which this process has a connection. Nothing in it ever waits between BEGIN and COMMIT. */
export interface SqliteConnection extends SqlRunner {
  /** Runs a statement that gives no rows, with these values in place of its own: a little faster than `rows`. */
  write(query: CompiledQuery, values: readonly unknown[]): void;
  /**
   * The row of a statement that changes nothing, undefined where there is none. What is read in one turn of the event
   * loop is read in one transaction, because its locks take ten times as long as the reading; a write ends it. For what
   * comes by a socket, and not for timers: after them, a turn goes on to what others were told meanwhile.
   */
  look<Row>(query: CompiledQuery<Row>): Row | undefined;
  /** Runs `work` as one transaction, which a kill of the process cannot undo, but a loss of power can. */
  atomically<T>(work: () => T): T;
  /**
   * Runs `work` as one transaction and resolves once that survives a loss of power; others are served meanwhile. Where
   * the disk failed to keep one, no other is begun until the process is started again (StoreError).
   */
  lastingly<T>(work: () => T): Promise<T>;
  close(): void;
}

/**
 * Opens a database file in WAL mode and brings its tables up to date.
 * @param migrations the statements that lead from each version of the tables to the next, from an empty file on
 * @param create whether to make the file, and the folder around it, where there is none
 * @throws NotFoundError when there is no file and none is to be made, StoreError when it is locked or its disk is
 *   full, DataError when it cannot be opened for another reason or is newer
 */
export function openConnection(
  path: string,
  migrations: readonly (readonly string[])[],
  create: boolean,
): SqliteConnection {
  if (!create && !existsSync(path)) throw new NotFoundError("database", path, `there is no database ${path}`);
  const database = named(path, () => {
    if (create) makeFile(path);
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  });
  const statements = new Map<string, StatementSync>();

  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  let isLooking = false;
  const endLooking = (): void => {
    if (!isLooking) return;
    isLooking = false;
    // After some errors, one of the disk among them, SQLite has ended it by itself.
    if (database.isTransaction) prepared("COMMIT").run();
  };

  const atomically = <T>(work: () => T): T =>
    named(path, () => {
      endLooking();
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        // After some errors, a full disk among them, SQLite has rolled back by itself.
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    });

  /** Why a sync failed. What it was to keep may be lost although later ones succeed, so none of them is trusted. */
  let fault: string | null = null;
  let settled = false;
  /**
   * The log, opened once for each way to sync it, before anything is to last: the system tells each opened file once of
   * what it could not write, and SQLite passes over what it is told at its own checkpoints.
   */
  let logs: { readonly later: number; readonly now: number } | null = null;
  const openLogs = (): { readonly later: number; readonly now: number } => {
    if (logs !== null) return logs;
    try {
      // It is there as long as a connection is open, and SQLite has no lock on it that closing it would give back.
      // SQLite names it after the file that a link leads to; and some systems sync only what may be written.
      const log = `${realpathSync(path)}-wal`;
      logs = { later: openSync(log, "r+"), now: openSync(log, "r+") };
      return logs;
    } catch (error) {
      throw new StoreError(path, (error as Error).message, { cause: error });
    }
  };
  const failSync = (cause: Error): StoreError => {
    fault = `the disk did not keep what was written (${cause.message}); nothing is accepted until the process is started again`;
    return new StoreError(path, fault, { cause });
  };
  /**
   * Lets the log begin anew before the first write that is to last, with what it held synced in the database's own file:
   * it may be of a process whose sync failed, and what comes after a gap in the log would be lost with it.
   */
  const settle = (): void => {
    if (fault !== null) throw new StoreError(path, fault);
    if (settled) return;
    endLooking();
    openLogs();
    named(path, () => {
      // Nobody waits for others who read the log: it is tried again before the next write.
      database.exec("PRAGMA busy_timeout = 0");
      try {
        settled = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.busy === 0;
      } finally {
        database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      }
    });
  };

  /** In WAL mode, FULL syncs the log at the end of a transaction and NORMAL only at checkpoints. */
  const durably = <T>(work: () => T): T => {
    settle();
    try {
      fdatasyncSync(openLogs().now); // what is before it in the log; with a gap there, it would be lost
    } catch (error) {
      throw failSync(error as Error);
    }
    endLooking();
    database.exec("PRAGMA synchronous = FULL");
    try {
      return atomically(work);
    } catch (error) {
      if (error instanceof StoreError && codeOf(error.cause) === IOERR_FSYNC) throw failSync(error.cause as Error);
      throw error;
    } finally {
      database.exec("PRAGMA synchronous = NORMAL");
    }
  };

  /** As `durably` does at a commit, but by a thread of the runtime. Only the file beside the database is synced. */
  const sync = async (): Promise<void> => {
    if (fault !== null) throw new StoreError(path, fault);
    await datasync(openLogs().later).catch((error) => {
      throw failSync(error);
    });
  };

  let syncing: Promise<void> = Promise.resolve();
  const lastingly = async <T>(work: () => T): Promise<T> => {
    settle();
    const result = atomically(work);
    // One after the other: of two syncs at a time, only one is told that the disk failed.
    const synced = syncing.then(sync);
    syncing = synced.catch(() => {}); // told to who waits for it
    await synced;
    return result;
  };

  const migrate = (): void => {
    const version = () => Number(prepared("PRAGMA user_version").get()?.user_version);
    if (version() > migrations.length) {
      throw new DataError(path, `was written by a newer version: its tables are of version ${version()}`);
    }
    if (version() === migrations.length) return;
    durably(() => {
      for (const statement of migrations.slice(version()).flat()) database.exec(statement);
      database.exec(`PRAGMA user_version = ${migrations.length}`);
    });
  };

  try {
    named(path, () => {
      patiently(() => database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL`));
      database.exec("PRAGMA synchronous = NORMAL");
      // What is erased is overwritten where it stood.
      database.exec("PRAGMA secure_delete = FAST");
      migrate();
    });
  } catch (error) {
    database.close();
    throw error;
  }

  return {
    look: <Row>({ sql, parameters }: CompiledQuery<Row>) => {
      try {
        if (!isLooking) {
          prepared("BEGIN").run();
          isLooking = true;
          setImmediate(endLooking);
        }
        return prepared(sql).get(...(parameters as SQLInputValue[])) as Row | undefined;
      } catch (error) {
        throw inFile(path, error);
      }
    },
    write: ({ sql }, values) => {
      try {
        endLooking();
        prepared(sql).run(...(values as SQLInputValue[]));
      } catch (error) {
        throw inFile(path, error);
      }
    },
    rows: <Row>({ sql, parameters }: CompiledQuery<Row>, values = parameters) => {
      try {
        endLooking();
        return prepared(sql).all(...(values as SQLInputValue[])) as Row[];
      } catch (error) {
        throw inFile(path, error);
      }
    },
    atomically,
    durably,
    lastingly,
    close: () => {
      endLooking();
      for (const log of Object.values(logs ?? {})) closeSync(log);
      database.close();
    },
  };
}

/**
 * Makes the file, and the folder around it, for this user only: it tells who saw what. SQLite gives its WAL the same
 * mode. A file that is there stays as it is, and unopened: to close it would give back this process's locks on it.
 */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Tries again while another process is making the same file: SQLite does not wait for that itself. */
function patiently(work: () => void): void {
  for (const deadline = performance.now() + BUSY_TIMEOUT_MS; ; Atomics.wait(PAUSE, 0, 0, BUSY_PAUSE_MS)) {
    try {
      work();
      return;
    } catch (error) {
      if ((codeOf(error) & PRIMARY_CODE) !== BUSY || performance.now() > deadline) throw error;
    }
  }
}

function named<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inFile(path, error);
  }
}

/** Names the file in errors that SQLite gives without it. */
function inFile(path: string, error: unknown): unknown {
  if (error instanceof DataError || error instanceof StoreError || !(error instanceof Error)) return error;
  const Type = STORE_FAULTS.includes(codeOf(error) & PRIMARY_CODE) ? StoreError : DataError;
  return new Type(path, error.message, { cause: error });
}

function codeOf(error: unknown): number {
  return (error as { readonly errcode?: number }).errcode ?? 0;
}

/** SQLite's extended code of a sync that failed. */
const IOERR_FSYNC = 1_034;
const BUSY = 5;
/** SQLite's BUSY, READONLY, IOERR, FULL and CANTOPEN: what is asked for is right, and the file or its disk is not. */
const STORE_FAULTS = [BUSY, 8, 10, 13, 14];
/** Extended result codes have more above it. */
const PRIMARY_CODE = 0xff;
