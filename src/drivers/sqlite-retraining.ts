import { sql } from "kysely";
import { RETRAIN_OUTCOMES, type RetrainLog, type RetrainOutcome, type RetrainRun } from "../events/retraining.ts";
import type { RunStatements } from "./event-log.ts";
import { queries } from "./sqlite-schema.ts";

export const RETRAIN_SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS retrain_runs (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    alive_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT,
    version TEXT,
    snapshot_id TEXT,
    event_seq INTEGER,
    reason TEXT
  ) STRICT`,
];

const DIED = "it gave no sign of life any more";

/** The runs of retraining on any SQLite; statements run together are atomic, so that of two that begin at once one does. */
export function retrainLog(run: RunStatements): RetrainLog {
  return {
    begin: async (now, aliveSince) => {
      const [, rows] = await run([
        sql`UPDATE retrain_runs SET finished_at = alive_at, outcome = 'failed', reason = ${DIED}
          WHERE finished_at IS NULL AND alive_at < ${aliveSince}`.compile(queries),
        sql`INSERT INTO retrain_runs (started_at, alive_at) SELECT ${now}, ${now}
          WHERE NOT EXISTS (SELECT 1 FROM retrain_runs WHERE finished_at IS NULL)
          RETURNING id`.compile(queries),
      ]);
      return (rows as { id: number }[])[0]?.id ?? null;
    },
    beat: async (id, now) => {
      await run([sql`UPDATE retrain_runs SET alive_at = ${now} WHERE id = ${id}`.compile(queries)]);
    },
    finish: async (id, { outcome, version, snapshot_id, event_seq, reason }, now) => {
      await run([
        sql`UPDATE retrain_runs SET finished_at = ${now}, outcome = ${outcome}, version = ${version},
          snapshot_id = ${snapshot_id}, event_seq = ${event_seq}, reason = ${reason} WHERE id = ${id}`.compile(queries),
      ]);
    },
    last: async () => {
      const [rows] = await run([
        sql`SELECT started_at, finished_at, outcome, version, snapshot_id, event_seq, reason FROM retrain_runs
          ORDER BY id DESC LIMIT 1`.compile(queries),
      ]);
      return (rows as RetrainRun[])[0] ?? null;
    },
    tally: async () => {
      const [rows] = await run([
        sql`SELECT outcome, COUNT(*) AS runs, MAX(finished_at) AS newest FROM retrain_runs
          WHERE outcome IS NOT NULL GROUP BY outcome`.compile(queries),
      ]);
      const found = rows as { outcome: RetrainOutcome; runs: number; newest: number }[];
      const runs = RETRAIN_OUTCOMES.map((each) => [each, found.find(({ outcome }) => outcome === each)?.runs ?? 0]);
      const succeeded = found.filter(({ outcome }) => outcome !== "failed").map(({ newest }) => newest);
      return {
        runs: Object.fromEntries(runs) as Record<RetrainOutcome, number>,
        succeeded_at: succeeded.length === 0 ? null : Math.max(...succeeded),
      };
    },
    places: async (seq, limit) => {
      const [rows] = await run([
        sql`SELECT DISTINCT event_seq FROM retrain_runs WHERE event_seq > ${seq}
          ORDER BY event_seq DESC LIMIT ${limit}`.compile(queries),
      ]);
      return (rows as { event_seq: number }[]).map(({ event_seq }) => event_seq).reverse();
    },
  };
}
