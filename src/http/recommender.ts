import type { RetrainRun } from "../events/retraining.ts";
import type { ListAnswer, Movie, SimilarAnswer } from "../provenance/answer.ts";
import type { PopularRequest, SessionRequest, SimilarRequest, UserRequest } from "../provenance/request.ts";
import type { Rollout } from "../rollout/record.ts";

/** What the transport knows of one call and the answer's receipt repeats. */
export interface Call {
  readonly requestId: string;
  /** The runtime's monotonic milliseconds when the request came in. */
  readonly startedAt: number;
  /** Whether the caller gets to see the answer, and not only its headers as with HEAD. */
  readonly shown: boolean;
}

export interface Health {
  readonly ok: boolean;
  /** The version that answers, null when none can. */
  readonly version: string | null;
  /** Null when none is known. */
  readonly rollout: Rollout | null;
  /** What an operator should know although the service answers. */
  readonly warnings: readonly string[];
  /** The newest run of retraining; null where there was none, or none is told of. */
  readonly retraining: RetrainRun | null;
}

/** JSON summary of one published version; the manifest's fields are added for a single one. */
export type ModelSummary = Readonly<Record<string, unknown>> & { readonly version: string };

/**
 * What the HTTP face needs of the service behind it. Unknown versions and items throw NotFoundError, bad options
 * InputError, and NoModelError is thrown when no model can answer.
 */
export interface Recommender {
  recommend(request: UserRequest, call: Call): Promise<ListAnswer>;
  /** Answers for several users, all by one reading of what is live. */
  batch(requests: readonly UserRequest[], call: Call): Promise<readonly ListAnswer[]>;
  session(request: SessionRequest, call: Call): Promise<ListAnswer>;
  similar(request: SimilarRequest, call: Call): Promise<SimilarAnswer>;
  popular(request: PopularRequest, call: Call): Promise<ListAnswer>;
  /** Films whose title holds every word of `query`, best known first. */
  searchMovies(query: string, limit: number): Promise<readonly Movie[]>;
  movie(movieId: string): Promise<Movie>;
  models(): Promise<readonly ModelSummary[]>;
  model(version: string): Promise<ModelSummary>;
  health(): Promise<Health>;
}
