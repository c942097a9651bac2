import type { CompiledQuery } from "kysely";
import { MAX_TRACES_FOUND } from "../provenance/trace.ts";
import type { TraceRow } from "../provenance/trace-row.ts";
import { queries } from "./sqlite-schema.ts";

/** A trace's row beside the content of its origin, null where that is missing. */
export type JoinedTrace = TraceRow & { readonly id: number; readonly origin_content: string | null };

const traces = queries.selectFrom("traces");
const joined = traces
  .leftJoin("trace_origins", "trace_origins.id", "traces.origin")
  .selectAll("traces")
  .select("trace_origins.content as origin_content");

/** Keys of the traces under a request id, newest first. */
const keysOf = (requestId: string) =>
  traces
    .select("id")
    .where("request_id", "=", requestId)
    .orderBy("ts", "desc")
    .orderBy("id", "desc")
    .limit(MAX_TRACES_FOUND);

/** Keys of the newest traces before the key `before`, newest first. */
const newestKeys = (limit: number, before: number | null) => {
  const newest = traces.select("id").orderBy("id", "desc").limit(limit);
  return before === null ? newest : newest.where("id", "<", before);
};
