import type { ReplayResult, Unavailable } from "../provenance/replay.ts";
import type { ExitCode } from "./run.ts";

/** What replaying many answers came to; `replayed` are those that could be computed again. */
export interface ReplayReport {
  readonly replayed: number;
  readonly matched: number;
  readonly mismatched: readonly { readonly request_id: string; readonly first_difference: string | null }[];
  readonly unavailable: readonly {
    readonly request_id: string;
    readonly reason: Unavailable | null;
    readonly detail: string | null;
  }[];
}
