import { type CompiledQuery, sql } from "kysely";
import {
  type Exposure,
  type ExposureSlice,
  type ExposureStretch,
  MAX_SLICE_EXPOSURES,
  MAX_TRACES_FOUND,
} from "../provenance/trace.ts";
import type { OriginRow, TraceRow } from "../provenance/trace-row.ts";
import { queries } from "./sqlite-schema.ts";

/** A trace's row beside the content of its origin, null where that is missing. */
export interface JoinedTrace extends TraceRow {
  readonly id: number;
  readonly origin_content: string | null;
}

/** Keys of the traces under a request id, newest first. */
export function keysOf(requestId: string) {
  return queries
    .selectFrom("traces")
    .select("id")
    .where("request_id", "=", requestId)
    .orderBy("ts", "desc")
    .orderBy("id", "desc")
    .limit(MAX_TRACES_FOUND);
}

/** Keys of the newest traces before the key `before`, newest first. */
export function newestKeys(limit: number, before: number | null) {
  const newest = queries.selectFrom("traces").select("id").orderBy("id", "desc").limit(limit);
  return before === null ? newest : newest.where("id", "<", before);
}

/** Traces, to be narrowed by their keys. */
export const joinedTraces = queries
  .selectFrom("traces")
  .leftJoin("trace_origins", "trace_origins.id", "traces.origin")
  .selectAll("traces")
  .select("trace_origins.content as origin_content");

/** Removes the oldest rows from before a time, and gives a row for each. */
export function deleteOlder(table: "traces" | "exposures", before: number, limit: number): CompiledQuery {
  const oldest = queries.selectFrom(table).select("id").where("ts", "<", before).orderBy("ts").limit(limit);
  return queries.deleteFrom(table).where("id", "in", oldest).returning("id").compile();
}

/** Rows that are looked at while others wait to write. */
const FORGET_STRETCH_ROWS = 1_000;

/** Whether a row is of a user in a JSON array; a trace that is no JSON may be of anybody. */
const IS_OF = {
  traces: (users: string) =>
    sql`CASE WHEN json_valid(content)
      THEN CAST(content ->> '$.rest.user_id' AS TEXT) IN (SELECT value FROM json_each(${users})) ELSE 1 END`,
  exposures: (users: string) => sql`user_id IN (SELECT value FROM json_each(${users}))`,
} as const;

/** Removes rows of some users, a stretch of the table after the other. @returns how many went */
export async function forgetIn(
  table: "traces" | "exposures",
  userIds: readonly string[],
  run: (query: CompiledQuery) => Promise<readonly unknown[]>,
): Promise<number> {
  const users = JSON.stringify(userIds);
  let gone = 0;
  for (let after = 0; ; ) {
    const stretch = sql`SELECT id FROM ${sql.table(table)} WHERE id > ${after} ORDER BY id LIMIT ${FORGET_STRETCH_ROWS}`;
    const [row] = await run(sql`SELECT max(id) AS last FROM (${stretch})`.compile(queries));
    const { last } = row as { readonly last: number | null };
    if (last === null) return gone;
    const ended = await run(
      sql`DELETE FROM ${sql.table(table)} WHERE id > ${after} AND id <= ${last} AND ${IS_OF[table](users)}
        RETURNING id`.compile(queries),
    );
    gone += ended.length;
    after = last;
  }
}

/** Where the newest slice of a stretch begins, whatever revisions its exposures are of; no row: with the stretch. */
export function sliceStart({ from, to }: ExposureStretch): CompiledQuery<{ readonly ts: number }> {
  return sql<{ ts: number }>`SELECT ts FROM exposures WHERE ts >= ${from} AND ts < ${to}
    ORDER BY ts DESC LIMIT 1 OFFSET ${sql.lit(MAX_SLICE_EXPOSURES - 1)}`.compile(queries);
}

/** What users of each arm did from `start` until the end of a stretch. */
export function userCounts(
  start: number,
  { to, revision }: ExposureStretch,
): CompiledQuery<ExposureSlice["users"][number]> {
  return sql<ExposureSlice["users"][number]>`SELECT variant, user_id, count(*) AS requests,
      sum(status = 'ok') AS successes
    FROM exposures WHERE ts >= ${start} AND ts < ${to} AND rollout_revision = ${revision}
    GROUP BY variant, user_id`.compile(queries);
}

/** Knuth's multiplicative hash of a row's key, which gives consecutive keys lots that are far apart. */
const LOT = sql`((id & 4294967295) * 2654435761 & 4294967295)`;

/** Latencies whose lot is low enough, from `start` until the end of a stretch. */
export function sampledLatencies(
  start: number,
  { to, revision, lotsBelow }: ExposureStretch,
): CompiledQuery<ExposureSlice["latencies"][number]> {
  return sql<ExposureSlice["latencies"][number]>`SELECT variant, user_id, latency_ms, ${LOT} AS lot
    FROM exposures WHERE ts >= ${start} AND ts < ${to} AND rollout_revision = ${revision}
      AND latency_ms IS NOT NULL AND ${LOT} < coalesce(${JSON.stringify(lotsBelow)} ->> variant, 4294967296)
    ORDER BY id`.compile(queries);
}

/** Queries that are run again and again with other values: to write one anew costs more than to run it. */
export const repeated = {
  traceAt: joinedTraces.where("traces.id", "=", 0).compile(),
  /** Its key is a digest of its content, so that this changes an origin only where that was spoiled. */
  putOrigin: queries.replaceInto("trace_origins").values({ id: 0, content: "" }).compile(),
  insertTrace: queries
    .insertInto("traces")
    .values({ request_id: "", ts: 0, origin: 0, content: "", checksum: 0 })
    .compile(),
  insertExposure: queries
    .insertInto("exposures")
    .values({
      request_id: "",
      ts: 0,
      user_id: "",
      variant: "",
      model_version: "",
      rollout_revision: 0,
      status: "ok",
      latency_ms: null,
    })
    .compile(),
} as const;

/** The values of these queries, in their order. */
export const valuesOf = {
  origin: ({ id, content }: OriginRow) => [id, content],
  trace: ({ request_id, ts, origin, content, checksum }: TraceRow) => [request_id, ts, origin, content, checksum],
  exposure: (exposure: Exposure) => [
    exposure.request_id,
    exposure.ts,
    exposure.user_id,
    exposure.variant,
    exposure.model_version,
    exposure.rollout_revision,
    exposure.status,
    exposure.latency_ms,
  ],
} as const;
