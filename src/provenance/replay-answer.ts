import { z } from "zod";
import { InputError, type Issue } from "../base/errors.ts";
import { MAX_BECAUSE, MAX_GENRES_PER_ITEM, MAX_K, MAX_REPORTED_FAULTS } from "../base/limits.ts";
import type { CanonicalRequest } from "./request.ts";
import { CanonicalRequestSchema, JsonIdSchema } from "./request-json.ts";
import type { TracedAnswer } from "./trace.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits");
const text = z.string().max(1_000);
const count = z.int().nonnegative();

const provenance = z.strictObject({
  request_id: text,
  timestamp: z.int(),
  model_name: text,
  model_version: text,
  git_sha: text,
  data_snapshot_id: text,
  container_image_digest: text.nullable(),
  latency_ms: z.int().min(1).nullable(),
  artifact_digest: digest,
  engine_digest: digest,
  result_digest: digest,
  request: CanonicalRequestSchema,
  history_seq: count,
  rollout_revision: count,
  runtime: text,
});

const film = {
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()).max(MAX_GENRES_PER_ITEM),
};
const ranked = { movie_id: JsonIdSchema, score: z.number() };
const part = { movie_id: JsonIdSchema, contribution: z.number() };
const rest = z.strictObject({ count: z.int().min(1), contribution: z.number() }).optional();

/** An answer as it was received. */
const received = z.strictObject({
  ...ranked,
  ...film,
  because: z
    .array(z.strictObject({ ...part, title: film.title }))
    .max(MAX_BECAUSE)
    .optional(),
  because_rest: rest,
});

/** An answer as a store of traces keeps it. */
const traced = z.strictObject({
  ...ranked,
  because: z.array(z.strictObject(part)).max(MAX_BECAUSE).optional(),
  because_rest: rest,
});

function answerOf<Item extends z.ZodType>(item: Item) {
  const body = {
    model: text,
    items: z.array(JsonIdSchema).max(MAX_K),
    recommendations: z.array(item).max(MAX_K),
    variant: z.enum(["variant_A", "variant_B"]).nullable(),
    source: z.enum(["factors", "fold_in", "session", "popular"]),
    provenance,
  };
  return {
    list: z.strictObject({ user_id: JsonIdSchema.nullable(), ...body }),
    similar: z.strictObject({ movie_id: JsonIdSchema, ...body }),
  };
}

const SCHEMAS = { received: answerOf(received), traced: answerOf(traced) } as const;

/** Whether an answer came over the wire or from a store of traces, which leaves out what the artifact says of films. */
export type AnswerForm = keyof typeof SCHEMAS;

export interface ReadAnswer {
  /** As it came, and so with ids as JSON shows them. */
  readonly answer: TracedAnswer;
  readonly request: CanonicalRequest;
}

/** @throws InputError naming the members that no answer of this service has in that form, those that are reported */
export function readAnswer(json: unknown, form: AnswerForm): ReadAnswer {
  const isSimilar = typeof json === "object" && json !== null && "movie_id" in json;
  const result = SCHEMAS[form][isSimilar ? "similar" : "list"].safeParse(json, TOLD);
  if (result.success) return { answer: json as TracedAnswer, request: result.data.provenance.request };
  const issues: Issue[] = [];
  for (const issue of result.error.issues) {
    if (issues.length > MAX_REPORTED_FAULTS) break;
    issues.push(...issuesOf(issue));
  }
  throw new InputError(issues);
}

/** Faults say what stood there, and what must. */
const TOLD = {
  reportInput: true,
  error: (issue: z.core.$ZodRawIssue) =>
    issue.code === "invalid_type" ? `must be of type ${issue.expected}` : undefined,
} as const;

function issuesOf(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== "unrecognized_keys")
    return [{ field: fieldOf(issue.path), value: issue.input, message: issue.message }];
  const keys = issue.keys.slice(0, MAX_REPORTED_FAULTS + 1);
  return keys.map((key) => ({ field: fieldOf([...issue.path, key]), value: null, message: "is not known here" }));
}

/** A path as `recommendations[2].score`. */
function fieldOf(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>(
      (name, step) => (typeof step === "number" ? `${name}[${step}]` : `${name}${name && "."}${String(step)}`),
      "",
    ) || "answer"
  );
}
