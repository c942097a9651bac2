import type { CompiledQuery } from "kysely";
import { type Exposure, MAX_TRACES_FOUND } from "../provenance/trace.ts";
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
    .values({ request_id: "", ts: 0, user_id: "", variant: "", model_version: "", rollout_revision: 0 })
    .compile(),
} as const;

/** The values of these queries, in their order. */
export const valuesOf = {
  origin: ({ id, content }: OriginRow) => [id, content],
  trace: ({ request_id, ts, origin, content, checksum }: TraceRow) => [request_id, ts, origin, content, checksum],
  exposure: ({ request_id, ts, user_id, variant, model_version, rollout_revision }: Exposure) => [
    request_id,
    ts,
    user_id,
    variant,
    model_version,
    rollout_revision,
  ],
} as const;
