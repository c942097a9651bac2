import { z } from "zod";
import { check, checkSame } from "./http-client.ts";

const Id = z.union([z.int().min(0), z.string().min(1)]);
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const Movie = z.strictObject({
  movie_id: Id,
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
});

const Recommendation = Movie.extend({
  score: z.number(),
  because: z
    .array(z.strictObject({ movie_id: Id, title: z.string().nullable(), contribution: z.number() }))
    .min(1)
    .optional(),
  because_rest: z.strictObject({ count: z.int().min(1), contribution: z.number() }).optional(),
});
export type Recommendation = z.output<typeof Recommendation>;

const Receipt = z.strictObject({
  request_id: z.string().min(1),
  timestamp: z.int().min(1_700_000_000_000),
  model_name: z.literal("als"),
  model_version: z.string().regex(/^v\d+\.\d+$/),
  git_sha: z.string().min(1),
  data_snapshot_id: z.string().regex(/[0-9a-f]{64}$/),
  container_image_digest: z.string().nullable(),
  latency_ms: z.int().min(1).nullable(),
  artifact_digest: Digest,
  engine_digest: Digest,
  result_digest: Digest,
  request: z.record(z.string(), z.json()),
  history_seq: z.int().min(0),
  rollout_revision: z.int().min(0),
  runtime: z.string().min(1),
});

const answer = {
  model: z.string(),
  items: z.array(Id),
  recommendations: z.array(Recommendation),
  variant: z.string().nullable(),
  source: z.enum(["factors", "fold_in", "session", "popular"]),
  provenance: Receipt,
};

export const ListAnswer = z.strictObject({ user_id: Id.nullable(), ...answer });
export const SimilarAnswer = z.strictObject({ movie_id: Id, ...answer });
export const BatchAnswer = z.strictObject({ results: z.array(ListAnswer) });
export type ListAnswer = z.output<typeof ListAnswer>;
export type SimilarAnswer = z.output<typeof SimilarAnswer>;

/** What holds for every answer that carries a list: order, score format, and a receipt that is its own. */
export async function checkList(list: ListAnswer | SimilarAnswer, response: Response | null): Promise<void> {
  const { items, recommendations, provenance, model } = list;
  checkSame(
    items,
    recommendations.map(({ movie_id }) => movie_id),
    "items are the ids of the recommendations",
  );
  checkSame(new Set(items).size, items.length, "every item stands once");
  checkSame(provenance.model_version, model, "the receipt names the model that answered");
  if (response !== null) {
    checkSame(provenance.request_id, response.headers.get("X-Request-ID"), "the receipt names the request");
  }
  for (const { score } of recommendations) check(Math.fround(score) === score, `score ${score} is a float32`);
  for (const [place, { movie_id, score }] of recommendations.entries()) {
    const before = recommendations[place - 1];
    if (before === undefined) continue;
    const inOrder = before.score > score || (before.score === score && Number(before.movie_id) < Number(movie_id));
    check(inOrder, `items are ordered by score, then id: ${before.movie_id} before ${movie_id}`);
  }
  checkSame(provenance.result_digest, await resultDigest(recommendations), "result_digest");
}

/** As the contract defines it: number of items as uint32, then of each the id's length as uint32, id, float32 score. */
async function resultDigest(recommendations: readonly Recommendation[]): Promise<string> {
  const bytes: number[] = [];
  const push = (size: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(size));
    write(view);
    bytes.push(...new Uint8Array(view.buffer));
  };
  push(4, (view) => view.setUint32(0, recommendations.length, true));
  for (const { movie_id, score } of recommendations) {
    const id = new TextEncoder().encode(String(movie_id));
    push(4, (view) => view.setUint32(0, id.length, true));
    bytes.push(...id);
    push(4, (view) => view.setFloat32(0, score, true));
  }
  const hash = await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes));
  return `sha256:${Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Ids and scores, which is what two answers to the same question share. */
export function ranking({ recommendations }: { readonly recommendations: readonly Recommendation[] }) {
  return recommendations.map(({ movie_id, score }) => [movie_id, score]);
}

/** Checks that parts are ordered and sum to the score, and returns the ids of the items that carried it. */
export function checkExplained({ movie_id, score, because, because_rest }: Recommendation) {
  check(because !== undefined, `item ${movie_id} is explained`);
  const parts = because.map(({ contribution }) => contribution);
  for (const [place, part] of parts.entries()) {
    check(place === 0 || part <= parts[place - 1], `contributions to ${movie_id} stand largest first`);
  }
  const rest = because_rest?.contribution ?? 0;
  const sum = parts.reduce((total, part) => total + part, rest);
  // Where parts cancel each other, the score is small and their rounding is not.
  const largest = Math.max(...[...parts, rest].map(Math.abs));
  check(
    Math.abs(sum - score) <= Math.max(1e-4 * Math.abs(score), 1e-6 * largest),
    `contributions to ${movie_id} sum to ${sum}, its score is ${score}`,
  );
  return because.map((part) => part.movie_id);
}
