import { type CompiledQuery, sql } from "kysely";
import type { RetrainLog } from "../events/retraining.ts";
import type { EventStore } from "../events/store.ts";
import type { ConversionStore } from "../provenance/conversion.ts";
import type { AnswerLog, StoredTrace, TraceStore } from "../provenance/trace.ts";
import { decodeTrace, type OriginRow, openTraceEncoder } from "../provenance/trace-row.ts";
import type { LiveStore } from "../rollout/store.ts";
import type { OutboxCursors } from "../stream/publishing.ts";
import { eventLog, type RunStatements } from "./event-log.ts";
import { openConnection, type SqliteConnection } from "./sqlite-connection.ts";
import { conversionStore, EVENT_TIMES } from "./sqlite-conversions.ts";
import { EVENT_SCHEMA, stateOf, stateQuery } from "./sqlite-events.ts";
import { liveRows } from "./sqlite-live.ts";
import { answerLog, OUTBOX_SCHEMA, outboxCursors } from "./sqlite-outbox.ts";
import { RETRAIN_SCHEMA, retrainLog } from "./sqlite-retraining.ts";
import { EXPOSURE_OUTCOMES, LIVE_SCHEMA, queries, TRACE_SCHEMA } from "./sqlite-schema.ts";
import {
  deleteOlder,
  forgetIn,
  keysOf,
  newestKeys,
  repeated,
  sampledLatencies,
  sliceStart,
  userCounts,
  valuesOf,
} from "./sqlite-traces.ts";

const MIGRATIONS: readonly (readonly string[])[] = [
  [...LIVE_SCHEMA, ...TRACE_SCHEMA],
  EVENT_SCHEMA,
  EXPOSURE_OUTCOMES,
  RETRAIN_SCHEMA,
  OUTBOX_SCHEMA,
  EVENT_TIMES,
];

export interface SqliteDatabase {
  readonly live: LiveStore;
  readonly traces: TraceStore;
  readonly events: EventStore;
  readonly conversions: ConversionStore;
  readonly retraining: RetrainLog;
  readonly answers: AnswerLog;
  readonly outbox: OutboxCursors;
  close(): void;
}

/**
 * Opens the embedded database, in a file that other processes may have open too.
 *
 * Changes of the live record and accepted events are synced to the disk before they count and survive a loss of power;
 * traces survive the end of the process, however it comes.
 * @throws StoreError or DataError naming the file, as all of the stores' methods do when it cannot be read or written;
 *   NotFoundError when it is not there and `create` is false
 */
export function openSqlite(path: string, { create = true }: { readonly create?: boolean } = {}): SqliteDatabase {
  const connection = openConnection(path, MIGRATIONS, create);
  const live = liveRows(connection);
  const run: RunStatements = async (statements) => {
    const each = () => statements.map((query) => connection.rows(query));
    if (statements.length === 1) return each();
    return connection.lastingly(each);
  };
  return {
    live: {
      read: async () => live.read(),
      change: async (...given) => live.change(...given),
      note: async (...given) => live.note(...given),
      history: async (...given) => live.history(...given),
    },
    traces: traceStore(connection),
    events: { ...eventLog(run), userState: async (userId) => stateOf(connection.look(stateQuery(userId))) },
    conversions: conversionStore(run),
    retraining: retrainLog(run),
    answers: answerLog(run),
    outbox: outboxCursors(run),
    close: () => connection.close(),
  };
}

/** From here on, pages of the file that come free are filled with zeros. */
const OVERWRITE = sql.raw("PRAGMA secure_delete = ON").compile(queries);

function traceStore({ rows, write, atomically }: SqliteConnection): TraceStore {
  const encode = openTraceEncoder();

  /** Rows are read one by one, so that one that is damaged does not hide the others. */
  const read = (keys: readonly { readonly id: number }[], request_id: string): StoredTrace[] =>
    keys.flatMap(({ id }) => {
      try {
        return rows(repeated.traceAt, [id]).map(({ origin_content, ...row }) => decodeTrace(row, origin_content));
      } catch (error) {
        return { request_id, ts: 0, answer: null, fault: error instanceof Error ? error.message : String(error) };
      }
    });

  return {
    append: async (traces, exposures) =>
      atomically(() => {
        const origins = new Map<number, OriginRow>();
        for (const trace of traces) {
          const { row, origin } = encode(trace);
          origins.set(origin.id, origin);
          write(repeated.insertTrace, valuesOf.trace(row));
        }
        for (const origin of origins.values()) write(repeated.putOrigin, valuesOf.origin(origin));
        for (const exposure of exposures) write(repeated.insertExposure, valuesOf.exposure(exposure));
        return 0;
      }),
    find: async (requestId) => read(rows(keysOf(requestId).compile()), requestId),
    last: async (limit, before) => {
      const keys = rows(newestKeys(limit + 1, before).compile());
      return { traces: read(keys.slice(0, limit), ""), next: keys.length > limit ? keys[limit - 1].id : null };
    },
    exposures: async (stretch) => {
      const from = rows(sliceStart(stretch))[0]?.ts ?? stretch.from;
      return { from, users: rows(userCounts(from, stretch)), latencies: rows(sampledLatencies(from, stretch)) };
    },
    expire: async (before, limit) => {
      const gone = (["traces", "exposures"] as const).map((table) => rows(deleteOlder(table, before, limit)).length);
      return Math.max(...gone);
    },
    forget: async (userIds) => {
      rows(OVERWRITE);
      const run = async (query: CompiledQuery) => rows(query);
      return { traces: await forgetIn("traces", userIds, run), exposures: await forgetIn("exposures", userIds, run) };
    },
  };
}
