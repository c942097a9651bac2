import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { NoModelError } from "../base/errors.ts";
import { MAX_REQUEST_ID_LENGTH } from "../base/limits.ts";
import type { HttpEnv } from "./env.ts";
import type { LogEntry } from "./log-entry.ts";
import { traceIdOf } from "./trace-context.ts";

export interface RequestContextOptions {
  readonly newRequestId: () => string;
  readonly monotonicMs: () => number;
  readonly log: (entry: LogEntry) => void;
}

/** Gives every request its id, every response its common headers, and every exchange its line in the log. */
export function requestContext({ newRequestId, monotonicMs, log }: RequestContextOptions): MiddlewareHandler<HttpEnv> {
  return async function requestContext(context, next) {
    const startedAt = monotonicMs();
    const requestId = acceptedRequestId(context.req.header("X-Request-ID")) ?? newRequestId();
    context.set("call", { requestId, startedAt, shown: context.req.method !== "HEAD" });
    context.header("X-Request-ID", requestId);
    for (const [name, value] of COMMON_HEADERS) context.header(name, value);
    await next();
    const { status } = context.res;
    const route = routePath(context, -1).replaceAll(/:([a-z_]+)/g, "{$1}");
    log({
      level: status >= 500 ? "error" : "info",
      request_id: requestId,
      trace_id: traceIdOf(context.req.header("traceparent")),
      method: context.req.method,
      route: route === EVERY_ROUTE ? null : route,
      status,
      duration_ms: monotonicMs() - startedAt,
      ...(context.error !== undefined && status >= 500 && { error: wordsOf(context.error) }),
    });
  };
}

/** That no model answers is no fault of the code, and every request would repeat the same stack. */
function wordsOf(error: Error): string {
  return error instanceof NoModelError ? error.message : (error.stack ?? String(error));
}

/** How Hono names the route of a middleware that is there for all. */
const EVERY_ROUTE = "/*";

/** Answers are for one caller at one time, and are no pages; a route that serves something else overrides these. */
const COMMON_HEADERS = [
  ["Cache-Control", "no-store"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Content-Type-Options", "nosniff"],
] as const;

const REQUEST_ID = new RegExp(`^[A-Za-z0-9._:-]{1,${MAX_REQUEST_ID_LENGTH}}$`);

function acceptedRequestId(header: string | undefined): string | null {
  return header !== undefined && REQUEST_ID.test(header) ? header : null;
}
