import { sql } from "kysely";
import type { AnswerLog } from "../provenance/trace.ts";
import { decodeTrace } from "../provenance/trace-row.ts";
import type { OutboxCursors } from "../stream/outbox.ts";
import type { RunStatements } from "./event-log.ts";
import { queries } from "./sqlite-schema.ts";
import { type JoinedTrace, joinedTraces } from "./sqlite-traces.ts";

export const OUTBOX_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS outbox (
    log TEXT PRIMARY KEY,
    sent_to INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

export function outboxCursors(run: RunStatements): OutboxCursors {
  return {
    read: async (log) => {
      const [rows] = await run([sql`SELECT sent_to FROM outbox WHERE log = ${log}`.compile(queries)]);
      return (rows as { sent_to: number }[])[0]?.sent_to ?? null;
    },
    write: async (log, sentTo) => {
      await run([
        sql`INSERT INTO outbox (log, sent_to) VALUES (${log}, ${sentTo})
          ON CONFLICT (log) DO UPDATE SET sent_to = excluded.sent_to`.compile(queries),
      ]);
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
      const [rows] = await run([
        joinedTraces.where("traces.id", ">", after).orderBy("traces.id").limit(limit).compile(),
      ]);
      return (rows as JoinedTrace[]).map(({ origin_content, ...row }) => ({
        id: row.id,
        answer: decodeTrace(row, origin_content).answer,
      }));
    },
  };
}
