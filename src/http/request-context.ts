import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { NoModelError, StoreError } from "../base/errors.ts";
import { MAX_REQUEST_ID_LENGTH } from "../base/limits.ts";
import type { HttpEnv } from "./env.ts";
import type { Exchange } from "./exchange.ts";
import type { LogEntry } from "./log-entry.ts";
import { traceIdOf } from "./trace-context.ts";

export interface RequestContextOptions {
  readonly newRequestId: () => string;
  readonly monotonicMs: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly measure: (exchange: Exchange) => void;
}

/** Gives every request its id, every response its common headers, and every exchange its line in the log. */
export function requestContext({
  newRequestId,
  monotonicMs,
  log,
  measure,
}: RequestContextOptions): MiddlewareHandler<HttpEnv> {
  /** By the route's path at Hono, of which there are as many as routes. */
  const templates = new Map<string, string | null>([[EVERY_ROUTE, null]]);
  const templateOf = (honoPath: string): string | null => {
    const known = templates.get(honoPath);
    if (known !== undefined) return known;
    const template = honoPath.replaceAll(/:([a-z_]+)/g, "{$1}");
    templates.set(honoPath, template);
    return template;
  };
  return async function requestContext(context, next) {
    const startedAt = monotonicMs();
    const requestId = acceptedRequestId(context.req.header("X-Request-ID")) ?? newRequestId();
    const call = { requestId, startedAt, shown: context.req.method !== "HEAD" };
    context.set("call", call);
    context.header("X-Request-ID", requestId);
    for (const [name, value] of COMMON_HEADERS) context.header(name, value);
    await next();
    const { status } = context.res;
    const { method } = context.req;
    const route = templateOf(routePath(context, -1));
    const durationMs = monotonicMs() - startedAt;
    measure({ call, method, route, status, durationMs });
    log({
      level: status >= 500 ? "error" : status >= 400 ? "warning" : "info",
      request_id: requestId,
      trace_id: traceIdOf(context.req.header("traceparent")),
      method,
      route,
      status,
      duration_ms: durationMs,
      ...(context.error !== undefined && status >= 500 && { error: wordsOf(context.error) }),
    });
  };
}

/** That no model answers, or a disk is full, is no fault of the code, and every request would repeat the same stack. */
function wordsOf(error: Error): string {
  const isOfTheState = error instanceof NoModelError || error instanceof StoreError;
  return isOfTheState ? error.message : (error.stack ?? String(error));
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
