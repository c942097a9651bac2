import type { ListAnswer, SimilarAnswer } from "./answer.ts";

export type Answer = ListAnswer | SimilarAnswer;

/** One answer as it was given. */
export interface Trace {
  readonly request_id: string;
  /** Milliseconds since 1970. */
  readonly ts: number;
  readonly answer: Answer;
}

/** One list shown to one user under one variant. */
export interface Exposure {
  readonly request_id: string;
  readonly ts: number;
  readonly user_id: string;
  readonly variant: string;
  readonly model_version: string;
  readonly rollout_revision: number;
}

/** Keeps traces and exposures for the retention time. A request id may be used more than once: every trace stays. */
export interface TraceStore {
  /** Writes a batch whole or not at all. */
  append(traces: readonly Trace[], exposures: readonly Exposure[]): Promise<void>;
  /** All traces under an id, newest first. */
  find(requestId: string): Promise<readonly Trace[]>;
  /** The newest traces, newest first. */
  last(count: number): Promise<readonly Trace[]>;
  /** Removes what is older than `before` (milliseconds since 1970); gives how many traces went. */
  expire(before: number): Promise<number>;
}
