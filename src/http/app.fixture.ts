import type { ListAnswer, Provenance, SimilarAnswer } from "../provenance/answer.ts";
import type { CanonicalRequest } from "../provenance/request.ts";
import { type AppOptions, createApp } from "./app.ts";
import type { Feedback } from "./feedback.ts";
import type { LogEntry } from "./log-entry.ts";
import type { Operator } from "./operator.ts";
import type { Call, Health, Recommender } from "./recommender.ts";

const digest = `sha256:${"0".repeat(64)}`;

function receipt(request: CanonicalRequest, { requestId }: Call): Provenance {
  return {
    request_id: requestId,
    timestamp: 0,
    model_name: "als",
    model_version: "v0.1",
    git_sha: "0",
    data_snapshot_id: digest,
    container_image_digest: null,
    latency_ms: 1,
    artifact_digest: digest,
    engine_digest: digest,
    result_digest: digest,
    request: { ...request },
    history_seq: 0,
    rollout_revision: 0,
    runtime: "test",
  };
}

function list(request: CanonicalRequest, call: Call, user_id: string | null): ListAnswer {
  const provenance = receipt(request, call);
  return { user_id, model: "v0.1", items: [], recommendations: [], variant: null, source: "popular", provenance };
}

/** Answers every request with an empty list whose receipt holds the request. */
export function fakeRecommender(overrides: Partial<Recommender> = {}): Recommender {
  const health: Health = {
    ok: true,
    version: "v0.1",
    rollout: {
      strategy: "fixed",
      primary_version: "v0.1",
      canary_version: null,
      canary_percentage: 0,
      environment: "test",
    },
    warnings: [],
    retraining: null,
  };
  return {
    recommend: async (request, call) => list(request, call, request.user_id),
    batch: async (requests, call) => requests.map((request) => list(request, call, request.user_id)),
    session: async (request, call) => list(request, call, null),
    popular: async (request, call) => list(request, call, null),
    similar: async (request, call): Promise<SimilarAnswer> => {
      const { user_id: _, ...answer } = list(request, call, null);
      return { movie_id: request.movie_id, ...answer };
    },
    searchMovies: async (query, limit) => [{ movie_id: limit, title: query, year: null, genres: [] }],
    movie: async (movie_id) => ({ movie_id, title: null, year: null, genres: [] }),
    models: async () => [{ version: "v0.1" }],
    model: async (version) => ({ version }),
    health: async () => health,
    ...overrides,
  };
}

/** The app in front of a fake recommender, with what it logged; `options` replace what else it stands on. */
export function testApp(overrides: Partial<Recommender> = {}, options: Partial<AppOptions> = {}) {
  const logged: LogEntry[] = [];
  let now = 0;
  const app = createApp({
    recommender: fakeRecommender(overrides),
    operator: {} as Operator,
    feedback: {} as Feedback,
    ingest: { token: null, admitRate: () => {}, now: () => 1_000_000_000_000 },
    access: { token: null, listensOnLoopback: true, open: false, allowedHosts: [] },
    assets: { read: async () => null },
    newRequestId: () => "new-id",
    monotonicMs: () => now++,
    log: (entry) => logged.push(entry),
    measure: () => {},
    metrics: { text: async () => "", openMetrics: async () => "" },
    ...options,
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { app, post, logged };
}

/** The JSON of a response, of the type that the test expects. */
export async function json<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
