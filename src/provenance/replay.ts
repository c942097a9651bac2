/** What replaying one answer came to. `unavailable` is never a match: nothing was compared. */
export interface ReplayResult {
  readonly status: "match" | "mismatch" | "unavailable";
  /** Why it is unavailable: `erased`, `expired`, `artifact_missing` or `engine_missing`; else null. */
  readonly reason: string | null;
  readonly expected: {
    readonly result_digest: string;
    readonly items: readonly unknown[];
    readonly scores: readonly number[];
  } | null;
  readonly actual: {
    readonly result_digest: string;
    readonly items: readonly unknown[];
    readonly scores: readonly number[];
  } | null;
  /** In words, where expected and actual part first; null for a match. */
  readonly first_difference: string | null;
}
