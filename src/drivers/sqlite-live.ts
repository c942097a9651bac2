import type { LiveRecord, Rollout } from "../rollout/record.ts";
import type { Change, LiveStore } from "../rollout/store.ts";
import { queries, type SqlRunner } from "./sqlite-schema.ts";

/** The methods of a LiveStore, answering at once. */
export type LiveRows = {
  [Method in keyof LiveStore]: (...given: Parameters<LiveStore[Method]>) => Awaited<ReturnType<LiveStore[Method]>>;
};

/** The live record and its history in the tables of LIVE_SCHEMA. */
export function liveRows(sql: SqlRunner): LiveRows {
  const read = (): LiveRecord | null => {
    const [row] = sql.rows(queries.selectFrom("live").selectAll().compile());
    if (!row) return null;
    const { id: _, revision, ...rollout } = row;
    return { rollout, revision };
  };

  const log = ({ from, to, ...entry }: Change): void => {
    const row = { ...entry, from_version: from, to_version: to };
    sql.rows(queries.insertInto("live_history").values(row).compile());
  };

  const replace = (rollout: Rollout, revision: number): void => {
    const row = { ...rollout, id: 1, revision } as const;
    sql.rows(queries.replaceInto("live").values(row).compile());
  };

  return {
    read,
    change: (expected, rollout, entry) =>
      sql.durably(() => {
        if ((read()?.revision ?? null) !== expected) return null;
        const revision = (expected ?? 0) + 1;
        replace(rollout, revision);
        log({ ...entry, revision });
        return { rollout, revision };
      }),
    note: (entry) => sql.durably(() => log({ ...entry, revision: null })),
    history: (limit, before) => {
      const newestFirst = queries
        .selectFrom("live_history")
        .selectAll()
        .orderBy("id", "desc")
        .limit(limit + 1);
      const found = sql.rows((before === null ? newestFirst : newestFirst.where("id", "<", before)).compile());
      const rows = found.slice(0, limit);
      const entries = rows.map(({ id: _, from_version: from, to_version: to, ...entry }) => ({ ...entry, from, to }));
      return { entries, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },
  };
}
