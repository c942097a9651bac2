import type { Because, ListAnswer, Recommendation, SimilarAnswer } from "./answer.ts";

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

/** A recommendation without what the artifact says of its film. */
export interface TracedItem extends Pick<Recommendation, "movie_id" | "score" | "because_rest"> {
  readonly because?: readonly Omit<Because, "title">[];
}

/**
 * An answer as a store keeps it: all but titles, years and genres, which the artifact holds under the digest that the
 * receipt names. It replays like the answer itself.
 */
export type TracedAnswer =
  | (Omit<ListAnswer, "recommendations"> & { readonly recommendations: readonly TracedItem[] })
  | (Omit<SimilarAnswer, "recommendations"> & { readonly recommendations: readonly TracedItem[] });

/** What a store holds of one trace. */
export interface StoredTrace {
  readonly request_id: string;
  readonly ts: number;
  /** Null where what is stored does not read, or is not what was written. */
  readonly answer: TracedAnswer | null;
  /** What is wrong with it; null where nothing is. */
  readonly fault: string | null;
}

/** Keeps traces and exposures for the retention time. A request id may be used more than once: every trace stays. */
export interface TraceStore {
  /**
   * Writes a batch whole or not at all.
   * @returns how many of the traces were left out because the store cannot hold one so large
   */
  append(traces: readonly Trace[], exposures: readonly Exposure[]): Promise<number>;
  /** The traces under an id, newest first, at most MAX_TRACES_FOUND of them. */
  find(requestId: string): Promise<readonly StoredTrace[]>;
  /** The newest traces, newest first, at most `limit` of those before `before`; `next` is where to go on, null at the end. */
  last(limit: number, before: number | null): Promise<{ traces: readonly StoredTrace[]; next: number | null }>;
  /**
   * Removes traces and exposures older than `before` (milliseconds since 1970), at most `limit` of each, oldest first.
   * @returns how many traces went, or exposures where those were more
   */
  expire(before: number, limit: number): Promise<number>;
}

/** Traces of one request id that are read at once; a batch of answers has one id. */
export const MAX_TRACES_FOUND = 1_000;
