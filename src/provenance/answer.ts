import type { JsonId } from "../base/ids.ts";

/**
 * Which step answered: factors as trained, a fold-in of a user's history and newer events, one of a visitor's items, or
 * popularity as the fallback.
 */
export type Source = "factors" | "fold_in" | "session" | "popular";

export interface Because {
  readonly movie_id: JsonId;
  readonly title: string | null;
  /** The part of the score that this interaction carried; all parts sum to the score. */
  readonly contribution: number;
}

/** One film as JSON shows it. */
export interface Movie {
  readonly movie_id: JsonId;
  readonly title: string | null;
  readonly year: number | null;
  readonly genres: readonly string[];
}

export interface Recommendation extends Movie {
  /** A float32, as a double. */
  readonly score: number;
  /** The largest parts first. */
  readonly because?: readonly Because[];
  /** The smaller parts that `because` does not show, as one sum. */
  readonly because_rest?: { readonly count: number; readonly contribution: number };
}

/** The receipt: with the artifact and the event log, enough to compute ids and score bits again. */
export interface Provenance {
  readonly request_id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly model_name: string;
  readonly model_version: string;
  readonly git_sha: string;
  readonly data_snapshot_id: string;
  readonly container_image_digest: string | null;
  /** Whole milliseconds, at least 1. */
  readonly latency_ms: number | null;
  readonly artifact_digest: string;
  readonly engine_digest: string;
  readonly result_digest: string;
  /** The request in canonical form, ids as JSON shows them. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly history_seq: number;
  readonly rollout_revision: number;
  readonly runtime: string;
}

interface AnswerBody {
  readonly model: string;
  readonly items: readonly JsonId[];
  readonly recommendations: readonly Recommendation[];
  readonly variant: string | null;
  readonly source: Source;
  readonly provenance: Provenance;
}

/** A list for a user, for a visitor without an id, or of what is popular: then `user_id` is null. */
export interface ListAnswer extends AnswerBody {
  readonly user_id: JsonId | null;
}

export interface SimilarAnswer extends AnswerBody {
  readonly movie_id: JsonId;
}
