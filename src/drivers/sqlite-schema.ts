import {
  type CompiledQuery,
  DummyDriver,
  type Generated,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Exposure } from "../provenance/trace.ts";
import type { OriginRow, TraceRow } from "../provenance/trace-row.ts";
import type { Rollout } from "../rollout/record.ts";
import type { Change } from "../rollout/store.ts";

/** The tables, on whatever SQLite they stand: a file, a Durable Object, D1. */
export interface Tables {
  /** One row. */
  live: Rollout & { readonly id: 1; readonly revision: number };
  live_history: Omit<Change, "from" | "to"> & {
    readonly id: Generated<number>;
    readonly from_version: string | null;
    readonly to_version: string | null;
  };
  trace_origins: OriginRow;
  traces: TraceRow & { readonly id: Generated<number> };
  exposures: Exposure & { readonly id: Generated<number> };
}

/**
 * Writes queries, and does not run them: each driver runs them in its own way. Kysely's own would wait between the
 * statements of a transaction, and let others in.
 */
export const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Something that runs queries at once, as SQLite in the same process does. */
export interface SqlRunner {
  /** @param values in place of those that the query was written with */
  rows<Row>(query: CompiledQuery<Row>, values?: readonly unknown[]): Row[];
  /** Runs `work` as one transaction that survives a loss of power once it is done. */
  durably<T>(work: () => T): T;
}

export const LIVE_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS live (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    strategy TEXT NOT NULL,
    primary_version TEXT NOT NULL,
    canary_version TEXT,
    canary_percentage REAL NOT NULL,
    environment TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS live_history (
    id INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    action TEXT NOT NULL,
    from_version TEXT,
    to_version TEXT,
    strategy TEXT NOT NULL,
    actor TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    revision INTEGER
  ) STRICT`,
];

export const TRACE_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS trace_origins (
    id INTEGER PRIMARY KEY,
    content TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS traces (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    ts INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    content TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS traces_by_request ON traces (request_id, ts)",
  "CREATE INDEX IF NOT EXISTS traces_by_time ON traces (ts)",
  `CREATE TABLE IF NOT EXISTS exposures (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    ts INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    variant TEXT NOT NULL,
    model_version TEXT NOT NULL,
    rollout_revision INTEGER NOT NULL
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS exposures_by_time ON exposures (ts)",
];

/** What exposures were later given: how each went. Those from before were all shown. */
export const EXPOSURE_OUTCOMES: readonly string[] = [
  "ALTER TABLE exposures ADD COLUMN status TEXT NOT NULL DEFAULT 'ok'",
  "ALTER TABLE exposures ADD COLUMN latency_ms REAL",
];
