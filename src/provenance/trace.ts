import type { Because, ListAnswer, Recommendation, SimilarAnswer } from "./answer.ts";

export type Answer = ListAnswer | SimilarAnswer;

/** One answer as it was given. */
export interface Trace {
  readonly request_id: string;
  /** Milliseconds since 1970. */
  readonly ts: number;
  readonly answer: Answer;
}

/** One list shown to one user under one variant, or one that should have been and failed. */
export interface Exposure {
  readonly request_id: string;
  readonly ts: number;
  readonly user_id: string;
  readonly variant: string;
  readonly model_version: string;
  readonly rollout_revision: number;
  /** `failed` when the service answered with a fault of its own. */
  readonly status: "ok" | "failed";
  /** How long the list took to compute; null where it failed, or no clock tells. */
  readonly latency_ms: number | null;
}

/** Which exposures are counted: those of one revision of the rollout, from one time until before another. */
export interface ExposureStretch {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly revision: number;
  /** Latencies whose lot is below it are given, by variant; all below MAX_LOT. */
  readonly lotsBelow: Readonly<Record<string, number>>;
}

/** One more than the highest lot: a number that each exposure has, spread evenly and without regard to what it is. */
export const MAX_LOT = 2 ** 32;

/** The newest part of a stretch, counted by user. */
export interface ExposureSlice {
  /** Where it begins; what is older in the stretch is counted by asking for it up to here. */
  readonly from: number;
  readonly users: readonly {
    readonly variant: string;
    readonly user_id: string;
    readonly requests: number;
    readonly successes: number;
  }[];
  readonly latencies: readonly {
    readonly variant: string;
    readonly user_id: string;
    readonly latency_ms: number;
    readonly lot: number;
  }[];
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

/** Kept answers of any request, in the order in which they were kept. */
export interface AnswerLog {
  /** The place of the newest, 0 where there is none; places may be used again once all before them have expired. */
  lastId(): Promise<number>;
  /** Answers after place `after`, oldest first, at most `limit`, fewer where they are long; null for one that does not read. */
  page(after: number, limit: number): Promise<readonly { readonly id: number; readonly answer: TracedAnswer | null }[]>;
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
  /** Counts the newest exposures of a stretch, about MAX_SLICE_EXPOSURES of them. */
  exposures(stretch: ExposureStretch): Promise<ExposureSlice>;
  /**
   * Removes traces and exposures older than `before` (milliseconds since 1970), at most `limit` of each, oldest first.
   * @returns how many traces went, or exposures where those were more
   */
  expire(before: number, limit: number): Promise<number>;
  /**
   * Removes what answers to these users left, and traces that are no JSON any more, of whom that cannot be told.
   * Others can write meanwhile.
   * @param userIds at most MAX_FORGOTTEN_USERS
   */
  forget(userIds: readonly string[]): Promise<{ readonly traces: number; readonly exposures: number }>;
}

/** Traces of one request id that are read at once; a batch of answers has one id. */
export const MAX_TRACES_FOUND = 1_000;
/** Users whose traces are removed at once. */
export const MAX_FORGOTTEN_USERS = 1_000;
/** Exposures counted at once, so that nobody waits long meanwhile; a few more where several have one time. */
export const MAX_SLICE_EXPOSURES = 5_000;
