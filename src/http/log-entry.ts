/** One answered request. It names the route and not the path: paths hold user ids. */
export interface LogEntry {
  readonly level: "info" | "error";
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
