/**
 * The canonical form of a request: every option present, defaults filled in, lists sorted and without repeats. Two
 * requests that must have the same answer have the same canonical form, and a receipt carries it whole.
 */
export type CanonicalRequest = UserRequest | SessionRequest | SimilarRequest | PopularRequest;

/** Options shared by every list. Ids are strings inside and shown by the model's id kind. */
export interface ListOptions {
  readonly k: number;
  /** A version, or an algorithm's name, asked for by this request alone; null: what is live. */
  readonly model: string | null;
  readonly exclude: readonly string[];
  /** Any of these; empty: all. */
  readonly genre: readonly string[];
  readonly year_min: number | null;
  readonly year_max: number | null;
}

export interface UserRequest extends ListOptions {
  readonly kind: "user";
  readonly user_id: string;
  readonly include_seen: boolean;
  readonly explain: boolean;
}

export interface SessionItem {
  readonly movie_id: string;
  /** Positive float32. */
  readonly weight: number;
}

export interface SessionRequest extends ListOptions {
  readonly kind: "session";
  readonly items: readonly SessionItem[];
  readonly include_seen: boolean;
  readonly explain: boolean;
}

export interface SimilarRequest extends ListOptions {
  readonly kind: "similar";
  readonly movie_id: string;
}

export interface PopularRequest extends ListOptions {
  readonly kind: "popular";
}
