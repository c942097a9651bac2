import { z } from "zod";
import { compareIds, compareUtf8, type IdKind, idFault, idKindOf, type JsonId, toJsonId } from "../base/ids.ts";
import { MAX_EXCLUDED_ITEMS, MAX_GENRES_PER_REQUEST, MAX_ID_BYTES, MAX_K, MAX_SESSION_ITEMS } from "../base/limits.ts";
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

/** An id as JSON shows it. */
export const JsonIdSchema = z.union(
  [z.int().nonnegative(), z.string().refine((text) => idFault(text) === null)],
  "must be an id: a string, or an integer of at least 0",
);

const id = JsonIdSchema.transform(String);
const year = z.int().min(0).max(9999).nullable();

const weighted = z.strictObject({
  movie_id: id,
  weight: z.number().refine((weight) => weight > 0 && Math.fround(weight) === weight, "must be a float32 above 0"),
});

const options = {
  k: z.int().min(1).max(MAX_K),
  model: z.string().min(1).nullable(),
  exclude: z.array(id).max(MAX_EXCLUDED_ITEMS).refine(idsAscend, "must ascend, each id once"),
  genre: z
    .array(z.string().min(1).max(MAX_ID_BYTES))
    .max(MAX_GENRES_PER_REQUEST)
    .refine((names) => ascend(names, compareUtf8), "must ascend, each name once"),
  year_min: year,
  year_max: year,
};

const historyOptions = { ...options, include_seen: z.boolean(), explain: z.boolean() };

/** Reads what `requestAsJson` wrote: only what is in canonical form, with ids as strings again. */
export const CanonicalRequestSchema: z.ZodType<CanonicalRequest> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("user"), user_id: id, ...historyOptions }),
  z.strictObject({
    kind: z.literal("session"),
    items: z
      .array(weighted)
      .min(1)
      .max(MAX_SESSION_ITEMS)
      .refine((items) => idsAscend(items.map(({ movie_id }) => movie_id)), "must ascend by id, each once"),
    ...historyOptions,
  }),
  z.strictObject({ kind: z.literal("similar"), movie_id: id, ...options }),
  z.strictObject({ kind: z.literal("popular"), ...options }),
]);

function idsAscend(ids: readonly string[]): boolean {
  const kind = idKindOf(ids);
  return ascend(ids, (a, b) => compareIds(kind, a, b));
}

function ascend<T>(list: readonly T[], compare: (a: T, b: T) => number): boolean {
  return list.every((entry, place) => place === 0 || compare(list[place - 1] as T, entry) < 0);
}
