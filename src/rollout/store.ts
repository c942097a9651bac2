import type { LiveRecord, Rollout } from "./record.ts";

/** One attempt to change what is live, done or not. */
export interface Change {
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly action: "start" | "switch" | "update" | "promote";
  /** Primary versions before and asked for. */
  readonly from: string | null;
  readonly to: string | null;
  readonly strategy: string;
  /** Who asked: `token`, `loopback`, `open` or `service`. */
  readonly actor: string;
  readonly outcome: "done" | "refused" | "conflict";
  /** Why it was not done. */
  readonly reason: string | null;
  /** The revision that it made, null when it made none. */
  readonly revision: number | null;
}

/** Where the live record and its history are kept, one place for a deployment. */
export interface LiveStore {
  /** Null before the first start. */
  read(): Promise<LiveRecord | null>;
  /**
   * Replaces the record, in one step with its entry in the history, if its revision still is `expected` (null: if
   * there is none yet).
   * @returns the record with its new revision, or null when another change came first
   */
  change(expected: number | null, rollout: Rollout, entry: Omit<Change, "revision">): Promise<LiveRecord | null>;
  /** Adds an entry for what was not done. */
  note(entry: Omit<Change, "revision">): Promise<void>;
  /** Newest first, at most `limit` of those older than `before`; `next` is where to go on, null at the end. */
  history(limit: number, before: number | null): Promise<{ entries: readonly Change[]; next: number | null }>;
}
