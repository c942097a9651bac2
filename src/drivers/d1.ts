import { type CompiledQuery, sql } from "kysely";
import { StoreError } from "../base/errors.ts";
import type { Leases } from "../base/leases.ts";
import type { RetrainLog } from "../events/retraining.ts";
import type { EventStore } from "../events/store.ts";
import type { ConversionStore } from "../provenance/conversion.ts";
import type { AnswerLog, ExposureSlice, TraceStore } from "../provenance/trace.ts";
import { decodeTrace, type OriginRow, openTraceEncoder } from "../provenance/trace-row.ts";
import type { FaultNote } from "../stream/drained-outbox.ts";
import type { OutboxCursors } from "../stream/publishing.ts";
import { eventLog, type RunStatements } from "./event-log.ts";
import { conversionStore, EVENT_TIMES } from "./sqlite-conversions.ts";
import { EVENT_SCHEMA } from "./sqlite-events.ts";
import { LEASE_SCHEMA, leases } from "./sqlite-leases.ts";
import { answerLog, FAULT_SCHEMA, OUTBOX_SCHEMA, outboxCursors, outboxFault } from "./sqlite-outbox.ts";
import { RETRAIN_SCHEMA, retrainLog } from "./sqlite-retraining.ts";
import { EXPOSURE_OUTCOMES, queries, TRACE_SCHEMA } from "./sqlite-schema.ts";
import {
  deleteOlder,
  forgetIn,
  type JoinedTrace,
  joinedTraces,
  keysOf,
  newestKeys,
  repeated,
  sampledLatencies,
  sliceStart,
  userCounts,
  valuesOf,
} from "./sqlite-traces.ts";

/** Bytes of one value at most; D1 takes a little more. */
const MAX_VALUE_BYTES = 1_000_000;
/** Of those, what is left for rows with a comma each when the array's brackets are there. */
const ROW_BYTES = MAX_VALUE_BYTES - 2;

interface Statement {
  bind(...values: readonly unknown[]): Statement;
}

/** The part of a D1 database that is used here. */
export interface D1 {
  prepare(sql: string): Statement;
  /** Runs statements as one transaction. */
  batch(statements: Statement[]): Promise<readonly { readonly results: unknown[] }[]>;
}

const EVENT_TABLES = [...EVENT_SCHEMA, ...EVENT_TIMES];

type Run = (...compiled: readonly CompiledQuery[]) => ReturnType<D1["batch"]>;

/** Runs statements as one transaction, on tables that are made at first use. */
function runner(database: D1, schema: readonly string[]): Run {
  let ready = false;
  return async (...compiled: readonly CompiledQuery[]) => {
    try {
      if (!ready) await database.batch(schema.map((statement) => database.prepare(statement)));
      ready = true;
      return await database.batch(compiled.map((query) => database.prepare(query.sql).bind(...query.parameters)));
    } catch (error) {
      throw new StoreError("D1", error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
}

/** The event log in a D1 database. */
export function d1Events(database: D1): EventStore {
  return eventLog(rowsOf(runner(database, EVENT_TABLES)));
}

/** The runs of retraining in a D1 database. */
export function d1Retraining(database: D1): RetrainLog {
  return retrainLog(rowsOf(runner(database, RETRAIN_SCHEMA)));
}

/** Leases in a D1 database. */
export function d1Leases(database: D1): Leases {
  return leases(rowsOf(runner(database, LEASE_SCHEMA)));
}

/** What publishing needs of a D1 database that holds traces and events. */
export function d1Publishing(database: D1): {
  readonly answers: AnswerLog;
  readonly cursors: OutboxCursors;
  readonly note: FaultNote;
} {
  const run = rowsOf(runner(database, [...OUTBOX_SCHEMA, ...FAULT_SCHEMA]));
  return {
    answers: answerLog(rowsOf(runner(database, TRACE_SCHEMA))),
    cursors: outboxCursors(run),
    note: outboxFault(run),
  };
}

/** What users did with their lists, in a D1 database that holds traces and events. */
export function d1Conversions(database: D1): ConversionStore {
  const run = withOutcomes(runner(database, [...TRACE_SCHEMA, ...EVENT_TABLES]));
  return conversionStore(rowsOf(run));
}

function rowsOf(run: Run): RunStatements {
  return async (statements) => (await run(...statements)).map(({ results }) => results);
}

/** Traces and exposures in a D1 database. */
export function d1Traces(database: D1): TraceStore {
  const encode = openTraceEncoder();
  const run = withOutcomes(runner(database, TRACE_SCHEMA));

  const read = async (query: CompiledQuery<JoinedTrace>) => {
    const [{ results }] = await run(query);
    return (results as JoinedTrace[]).map(({ origin_content, ...row }) => ({
      id: row.id,
      trace: decodeTrace(row, origin_content),
    }));
  };

  return {
    append: async (traces, exposures) => {
      const origins = new Map<number, OriginRow>();
      const rows: string[] = [];
      for (const trace of traces) {
        const { row, origin } = encode(trace);
        const text = JSON.stringify([row.request_id, row.ts, row.origin, row.content, row.checksum]);
        if (bytesOf(text) >= ROW_BYTES) continue;
        rows.push(text);
        origins.set(origin.id, origin);
      }
      const inserts = [
        ...[...origins.values()].map((origin) => ({ ...repeated.putOrigin, parameters: valuesOf.origin(origin) })),
        ...inChunks(rows).map(insertTraces),
        ...inChunks(exposures.map((exposure) => JSON.stringify(exposure))).map(insertExposures),
      ];
      if (inserts.length > 0) await run(...inserts);
      return traces.length - rows.length;
    },
    find: async (requestId) => {
      const newestFirst = joinedTraces.where("traces.id", "in", keysOf(requestId)).orderBy("ts", "desc");
      return (await read(newestFirst.orderBy("traces.id", "desc").compile())).map(({ trace }) => trace);
    },
    last: async (limit, before) => {
      const keys = newestKeys(limit + 1, before);
      const found = await read(joinedTraces.where("traces.id", "in", keys).orderBy("traces.id", "desc").compile());
      const next = found.length > limit ? (found[limit - 1]?.id ?? null) : null;
      return { traces: found.slice(0, limit).map(({ trace }) => trace), next };
    },
    exposures: async (stretch) => {
      const [{ results: starts }] = await run(sliceStart(stretch));
      const from = (starts as { readonly ts: number }[])[0]?.ts ?? stretch.from;
      const [users, latencies] = await run(userCounts(from, stretch), sampledLatencies(from, stretch));
      return {
        from,
        users: users.results as ExposureSlice["users"],
        latencies: latencies.results as ExposureSlice["latencies"],
      };
    },
    expire: async (before, limit) => {
      const gone = await run(deleteOlder("traces", before, limit), deleteOlder("exposures", before, limit));
      return Math.max(...gone.map(({ results }) => results.length));
    },
    forget: async (userIds) => {
      const rows = async (query: CompiledQuery) => (await run(query))[0].results;
      return { traces: await forgetIn("traces", userIds, rows), exposures: await forgetIn("exposures", userIds, rows) };
    },
  };
}

/** Brings the exposures of a database from before their outcomes up to date, at first use. */
function withOutcomes(run: Run): Run {
  let ready = false;
  const areThere = async (): Promise<boolean> => {
    const [{ results }] = await run(sql`SELECT name FROM pragma_table_info('exposures')`.compile(queries));
    return results.some((column) => (column as { readonly name: string }).name === "latency_ms");
  };
  return async (...compiled) => {
    if (!ready && !(await areThere())) {
      await run(...EXPOSURE_OUTCOMES.map((statement) => sql.raw(statement).compile(queries))).catch(async (error) => {
        // Another isolate may have done it meanwhile.
        if (!(await areThere())) throw error;
      });
    }
    ready = true;
    return run(...compiled);
  };
}

/** D1 takes at most 100 values a statement, so that many rows come as one: a JSON array. */
function insertTraces(json: string): CompiledQuery {
  return sql`INSERT INTO traces (request_id, ts, origin, content, checksum)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(${json})`.compile(queries);
}

function insertExposures(json: string): CompiledQuery {
  return sql`INSERT INTO exposures
      (request_id, ts, user_id, variant, model_version, rollout_revision, status, latency_ms)
    SELECT value ->> 'request_id', value ->> 'ts', value ->> 'user_id', value ->> 'variant', value ->> 'model_version',
      value ->> 'rollout_revision', value ->> 'status', value ->> 'latency_ms' FROM json_each(${json})`.compile(
    queries,
  );
}

/** JSON arrays of these rows, as few as values can hold. */
function inChunks(rows: readonly string[]): string[] {
  const chunks: string[][] = [];
  let room = 0;
  for (const row of rows) {
    const bytes = bytesOf(row) + 1;
    if (bytes > room) {
      chunks.push([]);
      room = ROW_BYTES;
    }
    room -= bytes;
    chunks.at(-1)?.push(row);
  }
  return chunks.map((chunk) => `[${chunk.join(",")}]`);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
