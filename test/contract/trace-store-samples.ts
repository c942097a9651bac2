import type { ListAnswer, Provenance, Recommendation, SimilarAnswer } from "../../src/provenance/answer.ts";
import type { Exposure, Trace, TracedAnswer } from "../../src/provenance/trace.ts";
import { tracedItem } from "../../src/provenance/trace-row.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** Scores at the edges of float32: those of JSON's and SQLite's numbers that are easily lost. */
const SCORES = [3.4028234663852886e38, 1, Math.fround(0.1), 2 ** -149, 0, -0, -(2 ** -126), -1.5];

function receiptOf(request_id: string, ts: number, request: Provenance["request"]): Provenance {
  return {
    request_id,
    timestamp: ts,
    model_name: "als",
    model_version: "v0.1",
    git_sha: "unknown",
    data_snapshot_id: "d".repeat(64),
    container_image_digest: null,
    latency_ms: null,
    artifact_digest: digest("a"),
    engine_digest: digest("e"),
    result_digest: digest("0"),
    request,
    history_seq: 0,
    rollout_revision: 7,
    runtime: "node",
  };
}

function recommendationsOf(explained: boolean): Recommendation[] {
  return SCORES.map((score, place) => ({
    movie_id: place,
    title: `Film ${place}`,
    year: 1990 + place,
    genres: ["Drama"],
    score,
    ...(explained && {
      because: Array.from({ length: place }, (_, at) => ({
        movie_id: at,
        title: "Because",
        contribution: 0.1 / (at + 3),
      })),
      ...(place === 7 && { because_rest: { count: 2, contribution: 1e-7 } }),
    }),
  }));
}

/** A user's answer with explanations. */
export function listTrace(request_id: string, ts: number, overrides: Partial<ListAnswer> = {}): Trace {
  const recommendations = recommendationsOf(true);
  const answer: ListAnswer = {
    user_id: 42,
    model: "v0.1",
    items: recommendations.map(({ movie_id }) => movie_id),
    recommendations,
    variant: "variant_B",
    source: "factors",
    provenance: receiptOf(request_id, ts, { kind: "user", user_id: 42, k: 8, exclude: ["Ünïcode 🎬", 3] }),
    ...overrides,
  };
  return { request_id, ts, answer };
}

/** An answer about an item, by another version. */
export function similarTrace(request_id: string, ts: number): Trace {
  const recommendations = recommendationsOf(false);
  const answer: SimilarAnswer = {
    movie_id: "tt0042",
    model: "v12.345",
    items: recommendations.map(({ movie_id }) => movie_id),
    recommendations,
    variant: null,
    source: "factors",
    provenance: {
      ...receiptOf(request_id, ts, { kind: "similar", movie_id: "tt0042", k: 8 }),
      model_version: "v12.345",
      latency_ms: 3,
      container_image_digest: digest("c"),
    },
  };
  return { request_id, ts, answer };
}

export function exposureOf(
  { request_id, ts }: Pick<Trace, "request_id" | "ts">,
  user_id = "42",
  overrides: Partial<Exposure> = {},
): Exposure {
  const shown = { variant: "variant_B", model_version: "v0.1", rollout_revision: 7 };
  return { request_id, ts, user_id, ...shown, status: "ok", latency_ms: 0.375, ...overrides };
}

/** What a store gives back of a trace. */
export function asStored({ request_id, ts, answer }: Trace) {
  const traced: TracedAnswer = { ...answer, recommendations: answer.recommendations.map(tracedItem) };
  return { request_id, ts, answer: traced, fault: null };
}
