import { compareIds, compareUtf8, idKindOf } from "../base/ids.ts";
import type {
  ListOptions,
  PopularRequest,
  SessionItem,
  SessionRequest,
  SimilarRequest,
  UserRequest,
} from "../provenance/request.ts";

/** List options as the schemas leave them: checked, defaults filled in, lists in the caller's order. */
export interface GivenListOptions {
  readonly k: number;
  readonly model?: string | null | undefined;
  readonly exclude: readonly string[];
  readonly genre: readonly string[];
  readonly year_min?: number | null | undefined;
  readonly year_max?: number | null | undefined;
}

export interface GivenHistoryOptions extends GivenListOptions {
  readonly include_seen: boolean;
  readonly explain: boolean;
}

export function userRequest(user_id: string, given: GivenHistoryOptions): UserRequest {
  return { kind: "user", user_id, ...listOptions(given), ...historyOptions(given) };
}

/** The last mention of an item wins; items are ordered by id. */
export function sessionRequest(items: readonly SessionItem[], given: GivenHistoryOptions): SessionRequest {
  const weights = new Map(items.map(({ movie_id, weight }) => [movie_id, weight]));
  const sorted = sortedIds(weights.keys()).map((movie_id) => ({ movie_id, weight: weights.get(movie_id) as number }));
  return { kind: "session", items: sorted, ...listOptions(given), ...historyOptions(given) };
}

export function similarRequest(movie_id: string, given: GivenListOptions): SimilarRequest {
  return { kind: "similar", movie_id, ...listOptions(given) };
}

export function popularRequest(given: GivenListOptions): PopularRequest {
  return { kind: "popular", ...listOptions(given) };
}

function listOptions({ k, model, exclude, genre, year_min, year_max }: GivenListOptions): ListOptions {
  return {
    k,
    model: model ?? null,
    exclude: sortedIds(exclude),
    genre: genre.length === 0 ? [] : [...new Set(genre)].sort(compareUtf8),
    year_min: year_min ?? null,
    year_max: year_max ?? null,
  };
}

function historyOptions({ include_seen, explain }: GivenHistoryOptions) {
  return { include_seen, explain };
}

/** Each once; by value when all are canonical integers, otherwise by UTF-8 bytes. */
function sortedIds(ids: Iterable<string>): string[] {
  if (Array.isArray(ids) && ids.length === 0) return [];
  const unique = [...new Set(ids)];
  const kind = idKindOf(unique);
  return unique.sort((a, b) => compareIds(kind, a, b));
}
