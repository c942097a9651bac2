import type { Call } from "./recommender.ts";

/** One answered request. It names the route and not the path: paths hold user ids. */
export interface Exchange {
  readonly call: Call;
  readonly method: string;
  /** The route's template, null when none was found. */
  readonly route: string | null;
  readonly status: number;
  readonly durationMs: number;
}
