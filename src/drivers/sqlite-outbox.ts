import { sql } from "kysely";
import type { AnswerLog } from "../provenance/trace.ts";
import { decodeTrace } from "../provenance/trace-row.ts";
import type { FaultNote } from "../stream/drained-outbox.ts";
import type { OutboxCursors } from "../stream/publishing.ts";
import type { RunStatements } from "./event-log.ts";
import { queries } from "./sqlite-schema.ts";
import { type JoinedTrace, joinedTraces } from "./sqlite-traces.ts";

/**
 * A page of answers that is as long as this in the log is full: an isolate has 128 MB for all that it holds, and a single
 * answer that is explained may have a million characters.
 */
const PAGE_LENGTH = 4_000_000;

export const OUTBOX_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS outbox (
    log TEXT PRIMARY KEY,
    sent_to INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

/** Why nothing is sent, for all processes: one row, or none. */
export const FAULT_SCHEMA: readonly string[] = [
  "CREATE TABLE IF NOT EXISTS outbox_fault (id INTEGER PRIMARY KEY CHECK (id = 1), reason TEXT NOT NULL) STRICT",
];

export function outboxFault(run: RunStatements): FaultNote {
  return {
    read: async () => {
      const [rows] = await run([sql`SELECT reason FROM outbox_fault`.compile(queries)]);
      return (rows as { reason: string }[])[0]?.reason ?? null;
    },
    write: async (reason) => {
      await run([
        reason === null
          ? sql`DELETE FROM outbox_fault`.compile(queries)
          : sql`INSERT OR REPLACE INTO outbox_fault (id, reason) VALUES (1, ${reason})`.compile(queries),
      ]);
    },
  };
}

export function outboxCursors(run: RunStatements): OutboxCursors {
  return {
    read: async (log) => {
      const [rows] = await run([sql`SELECT sent_to FROM outbox WHERE log = ${log}`.compile(queries)]);
      return (rows as { sent_to: number }[])[0]?.sent_to ?? null;
    },
    begin: async (log, sentTo) => {
      await run([
        sql`INSERT INTO outbox (log, sent_to) VALUES (${log}, ${sentTo}) ON CONFLICT (log) DO NOTHING`.compile(queries),
      ]);
    },
    move: async (log, from, to) => {
      const [rows] = await run([
        sql`UPDATE outbox SET sent_to = ${to} WHERE log = ${log} AND sent_to = ${from} RETURNING log`.compile(queries),
      ]);
      return rows.length > 0;
    },
  };
}

export function answerLog(run: RunStatements): AnswerLog {
  return {
    lastId: async () => {
      const [rows] = await run([sql`SELECT max(id) AS id FROM traces`.compile(queries)]);
      return (rows as { id: number | null }[])[0]?.id ?? 0;
    },
    page: async (after, limit) => {
      const ids = sql<number>`(SELECT id FROM (
          SELECT id, size, sum(size) OVER (ORDER BY id) AS upto FROM (
            SELECT id, length(content) AS size FROM traces WHERE id > ${after} ORDER BY id LIMIT ${limit}))
        WHERE upto - size < ${PAGE_LENGTH})`;
      const [rows] = await run([joinedTraces.where("traces.id", "in", ids).orderBy("traces.id").compile()]);
      return (rows as JoinedTrace[]).map(({ origin_content, ...row }) => ({
        id: row.id,
        answer: decodeTrace(row, origin_content).answer,
      }));
    },
  };
}
