import { type IdKind, type JsonId, toJsonId } from "../base/ids.ts";
import type { CanonicalRequest } from "./request.ts";

/** The canonical request as a receipt shows it: the same members, ids by the model's kinds. */
export function requestAsJson(request: CanonicalRequest, userKind: IdKind, itemKind: IdKind): Record<string, unknown> {
  const item = (id: string): JsonId => toJsonId(itemKind, id);
  const shared = { ...request, exclude: request.exclude.map(item) };
  switch (request.kind) {
    case "user":
      return { ...shared, user_id: toJsonId(userKind, request.user_id) };
    case "session":
      return { ...shared, items: request.items.map(({ movie_id, weight }) => ({ movie_id: item(movie_id), weight })) };
    case "similar":
      return { ...shared, movie_id: item(request.movie_id) };
    case "popular":
      return shared;
  }
}
