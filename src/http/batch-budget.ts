import type { z } from "@hono/zod-openapi";
import { EXPLAINED_PLACE_WEIGHT, MAX_BATCH_PLACES, MAX_BATCH_REPEATS } from "../base/limits.ts";

interface Batch {
  readonly user_ids: readonly string[];
  readonly k: number;
  readonly exclude: readonly string[];
  readonly genre: readonly string[];
  readonly explain: boolean;
}

/** Adds the rules that span fields of a batch, each of which fits alone: how large all its answers may be together. */
export function withinBatchBudget<S extends z.ZodType<Batch>>(schema: S): S {
  return schema.superRefine(({ user_ids, k, exclude, genre, explain }, context) => {
    const refuse = (fields: readonly string[], message: string) => {
      for (const field of fields) context.addIssue({ code: "custom", path: [field], message });
    };
    const users = user_ids.length;
    const maxPlaces = explain ? MAX_BATCH_PLACES / EXPLAINED_PLACE_WEIGHT : MAX_BATCH_PLACES;
    if (users * k > maxPlaces) {
      const what = explain ? "user_ids times k, with explain," : "user_ids times k";
      const fields = explain ? ["user_ids", "k", "explain"] : ["user_ids", "k"];
      refuse(fields, `${what} must be at most ${maxPlaces}; it is ${users} times ${k}`);
    }
    const repeated = exclude.length + genre.length;
    if (users * repeated > MAX_BATCH_REPEATS) {
      const fields = ["user_ids", ...(exclude.length > 0 ? ["exclude"] : []), ...(genre.length > 0 ? ["genre"] : [])];
      const what = "user_ids times the entries of exclude and genre";
      refuse(fields, `${what} must be at most ${MAX_BATCH_REPEATS}; it is ${users} times ${repeated}`);
    }
  }) as S;
}
