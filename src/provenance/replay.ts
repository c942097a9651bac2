import type { JsonId } from "../base/ids.ts";

/** Why an answer could not be computed again. */
export type Unavailable = "erased" | "expired" | "artifact_missing" | "engine_missing";

export interface ReplayedList {
  readonly result_digest: string;
  readonly items: readonly JsonId[];
  /** Each a float32. */
  readonly scores: readonly number[];
}

/** What replaying one answer came to. `unavailable` is never a match: nothing was compared. */
export interface ReplayResult {
  readonly status: "match" | "mismatch" | "unavailable";
  /** Null unless unavailable. */
  readonly reason: Unavailable | null;
  /** What the answer says; null where it does not read. */
  readonly expected: ReplayedList | null;
  /** What came out now; null where nothing did. */
  readonly actual: ReplayedList | null;
  /** In words, where answer and replay part first; null unless a mismatch. */
  readonly first_difference: string | null;
  /** In words, what is missing; null unless unavailable. */
  readonly detail: string | null;
}
