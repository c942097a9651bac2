import { z } from "@hono/zod-openapi";
import { DEFAULT_K, MAX_EXCLUDED_ITEMS, MAX_GENRES_PER_REQUEST, MAX_ID_BYTES, MAX_K } from "../base/limits.ts";
import { flag, Id, integer, list, text } from "./fields.ts";
import type { QueryForm } from "./raw-url.ts";

const MAX_MODEL_LENGTH = 128;
const MAX_YEAR = 9999;

const k = integer(1, MAX_K).default(DEFAULT_K).openapi({ description: "How many items." });
const model = text(MAX_MODEL_LENGTH).openapi({
  description: "A version, or the algorithm's name, for this request alone; without it what is live answers.",
});
const exclude = list(Id, 0, MAX_EXCLUDED_ITEMS).openapi({ description: "Items that must not be in the list." });
const genre = list(text(MAX_ID_BYTES), 0, MAX_GENRES_PER_REQUEST).openapi({ description: "Any of these genres." });
const year = (which: string) =>
  integer(0, MAX_YEAR).openapi({ description: `The ${which} year; an item without a year is then left out.` });
const include_seen = flag().default(false).openapi({ description: "Whether items of the history may be in the list." });
const explain = flag().default(false).openapi({ description: "Whether to say which interactions carried each score." });

/** Options of every list, as a query gives them. */
export const listQuery = {
  k,
  model: model.optional(),
  exclude: exclude.default([]).openapi({ param: { style: "form", explode: false } }),
  genre: genre.default([]).openapi({ param: { style: "form", explode: true } }),
  year_min: year("first").optional(),
  year_max: year("last").optional(),
};

/** Options of lists that have a history, as a query gives them. */
export const historyQuery = { ...listQuery, include_seen, explain };

/** The same in a JSON body, where null stands for an option's absence and one genre need not be an array. */
export const historyBody = {
  k,
  model: model.nullish(),
  exclude: exclude.default([]),
  genre: z
    .unknown()
    .optional()
    .transform((value) => (typeof value === "string" ? [value] : value))
    .pipe(genre.default([]))
    .openapi({
      description: "Any of these genres.",
      oneOf: [{ type: "string" }, { type: "array", items: { type: "string" }, maxItems: MAX_GENRES_PER_REQUEST }],
    }),
  year_min: year("first").nullish(),
  year_max: year("last").nullish(),
  include_seen,
  explain,
};

export const QUERY_FORMS: Readonly<Record<string, QueryForm>> = {
  k: "integer",
  exclude: "comma-separated",
  genre: "repeated",
  year_min: "integer",
  year_max: "integer",
  include_seen: "boolean",
  explain: "boolean",
  canary_percentage: "number",
  revision: "integer",
  before: "integer",
  limit: "integer",
  time_window_minutes: "integer",
  dry_run: "boolean",
  max_latency_regression_pct: "number",
};

/** Adds the rule that spans two fields. It runs beside other faults, so that all are told at once. */
export function withYearOrder<S extends z.ZodObject>(schema: S): S {
  return schema.refine((value: unknown) => yearsInOrder(value), {
    path: ["year_min"],
    error: "must not be above year_max",
    when: () => true,
  });
}

function yearsInOrder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const { year_min, year_max } = value as { year_min?: unknown; year_max?: unknown };
  return typeof year_min !== "number" || typeof year_max !== "number" || year_min <= year_max;
}
