import { NoModelError, NotFoundError } from "./base/errors.ts";
import { type JsonId, toJsonId } from "./base/ids.ts";
import { MAX_BECAUSE } from "./base/limits.ts";
import { type Contribution, Model, type RankedList } from "./engine/model.ts";
import { openShelf } from "./engine/shelf.ts";
import type { Call, Movie, Recommender } from "./http/recommender.ts";
import type { Core } from "./kernel/core.ts";
import type { ListAnswer, Provenance, Recommendation } from "./provenance/answer.ts";
import type { ServiceIdentity } from "./provenance/identity.ts";
import type { CanonicalRequest } from "./provenance/request.ts";
import { requestAsJson } from "./provenance/request-json.ts";
import { resultDigest } from "./provenance/result-digest.ts";
import { chooseLive } from "./registry/live.ts";
import type { Registry } from "./registry/registry.ts";
import { isVersion } from "./registry/version.ts";

/** Models held in memory beside the live one: the last pinned by requests. */
const PINNED_MODELS = 2;

export interface ServiceParts {
  readonly registry: Registry;
  /** A core with memory of its own for each model, which is freed with it. */
  readonly newCore: () => Core;
  readonly identity: ServiceIdentity;
  /** The version to make live; null: what the alias `champion` names. */
  readonly preferredVersion: string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since `startedAt`, or null where the platform's clock stands still. */
  readonly elapsedMs: (startedAt: number) => number | null;
}

/** The online story: a request, the model it is for, its list, and the receipt that lets anyone compute it again. */
export async function startService(parts: ServiceParts): Promise<Recommender> {
  const { registry, newCore, identity, now, elapsedMs } = parts;
  const load = async (version: string) => new Model(await registry.load(version), newCore());
  const shelf = openShelf(load, PINNED_MODELS);
  const live = await chooseLive(registry, parts.preferredVersion, load);

  const liveModel = (): Model => {
    if (!live.model) throw new NoModelError(live.warnings.join("; "));
    return live.model;
  };

  const modelFor = async (asked: string | null): Promise<Model> => {
    const current = liveModel();
    if (asked === null || asked === current.version || asked === current.manifest.model_name) return current;
    if (!isVersion(asked)) throw new NotFoundError("model", asked);
    return shelf.get(asked);
  };

  const answer = (request: CanonicalRequest, model: Model, list: RankedList, call: Call) => {
    const recommendations = render(model, list);
    const elapsed = elapsedMs(call.startedAt);
    const provenance: Provenance = {
      request_id: call.requestId,
      timestamp: now(),
      model_name: model.manifest.model_name,
      model_version: model.version,
      git_sha: identity.gitSha,
      data_snapshot_id: model.manifest.data_snapshot_id,
      container_image_digest: identity.containerImageDigest,
      latency_ms: elapsed === null ? null : Math.max(1, Math.round(elapsed)),
      artifact_digest: model.manifest.artifact_digest,
      engine_digest: identity.engineDigest,
      result_digest: resultDigest(recommendations),
      request: requestAsJson(request, model.userKind, model.itemKind),
      history_seq: 0,
      rollout_revision: 0,
      runtime: identity.runtime,
    };
    const items = recommendations.map(({ movie_id }) => movie_id);
    return { model: model.version, items, recommendations, variant: null, source: list.step, provenance };
  };

  const listAnswer = (user: JsonId | null, ...of: Parameters<typeof answer>): ListAnswer => ({
    user_id: user,
    ...answer(...of),
  });

  return {
    recommend: async (request, call) => {
      const model = await modelFor(request.model);
      const list = model.recommend(request.user_id, request);
      return listAnswer(toJsonId(model.userKind, request.user_id), request, model, list, call);
    },
    session: async (request, call) => {
      const model = await modelFor(request.model);
      return listAnswer(null, request, model, model.session(request.items, request), call);
    },
    popular: async (request, call) => {
      const model = await modelFor(request.model);
      return listAnswer(null, request, model, model.popular(request), call);
    },
    similar: async (request, call) => {
      const model = await modelFor(request.model);
      const list = model.similar(request.movie_id, request);
      return { movie_id: toJsonId(model.itemKind, request.movie_id), ...answer(request, model, list, call) };
    },
    searchMovies: async (query, limit) => {
      const model = liveModel();
      return model.search(query, limit).map((row) => movieOf(model, row));
    },
    movie: async (movieId) => {
      const model = liveModel();
      return movieOf(model, model.rowOf(movieId));
    },
    models: async () => {
      const { versions } = await registry.catalog();
      return Promise.all(versions.map(({ version }) => summaryOf(registry, version)));
    },
    model: async (version) => ({ ...(await registry.manifest(version)), ...(await summaryOf(registry, version)) }),
    health: async () => ({
      ok: live.model !== null,
      version: live.model?.version ?? null,
      rollout: { strategy: "fixed", primary_version: live.model?.version ?? null },
      warnings: live.warnings,
    }),
  };
}

function render(model: Model, { ranking, because }: RankedList): Recommendation[] {
  return Array.from(ranking.rows, (row, place) => ({
    ...movieOf(model, row),
    score: ranking.scores[place] as number,
    ...(because && explain(model, because[place] as readonly Contribution[])),
  }));
}

function explain(model: Model, parts: readonly Contribution[]): Pick<Recommendation, "because" | "because_rest"> {
  const rest = parts.slice(MAX_BECAUSE);
  return {
    because: parts.slice(0, MAX_BECAUSE).map(({ row, contribution }) => {
      const { movie_id, title } = movieOf(model, row);
      return { movie_id, title, contribution };
    }),
    ...(rest.length > 0 && {
      because_rest: { count: rest.length, contribution: rest.reduce((sum, part) => sum + part.contribution, 0) },
    }),
  };
}

function movieOf(model: Model, row: number): Movie {
  const item = model.items[row] as Model["items"][number];
  return { ...item, movie_id: toJsonId(model.itemKind, item.movie_id) };
}

/** What the list of versions says of each; a version that does not read says so instead of hiding the others. */
async function summaryOf(registry: Registry, version: string) {
  const { versions, aliases } = await registry.catalog();
  const entry = versions.find((candidate) => candidate.version === version);
  const names = Object.keys(aliases).filter((alias) => aliases[alias] === version);
  const base = {
    version,
    artifact_digest: entry?.artifact_digest ?? null,
    published_at: entry?.published_at ?? null,
    aliases: names,
  };
  try {
    const { model_name, data_snapshot_id, users, items, interactions, evaluation } = await registry.manifest(version);
    const metrics = evaluation?.metrics ?? null;
    return { ...base, model_name, data_snapshot_id, users, items, interactions, metrics, fault: null };
  } catch (error) {
    return { ...base, fault: error instanceof Error ? error.message : String(error) };
  }
}
