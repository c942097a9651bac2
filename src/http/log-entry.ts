/** From what is always told to what is told when all is. */
export const LOG_LEVELS = ["error", "warning", "info"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One answered request. It names the route and not the path: paths hold user ids. */
export interface LogEntry {
  /** `error` where it was our fault, `warning` where it was refused. */
  readonly level: LogLevel;
  readonly request_id: string;
  /** Of the caller's `traceparent`. */
  readonly trace_id: string | null;
  readonly method: string;
  /** The route's template, null when none was found. */
  readonly route: string | null;
  readonly status: number;
  readonly duration_ms: number;
  /** What went wrong when it was our fault, with the stack of what nobody expected. */
  readonly error?: string;
}
