import type { Manifest } from "./artifact/manifest.ts";
import { InputError, IntegrityError, NoModelError, NotFoundError } from "./base/errors.ts";
import { type JsonId, toJsonId } from "./base/ids.ts";
import type { FoldIn } from "./engine/fold-ins.ts";
import { holdCompactly, Model, type RankedList } from "./engine/model.ts";
import { openResident } from "./engine/resident.ts";
import { linesOf } from "./events/lines.ts";
import type { RetrainRun } from "./events/retraining.ts";
import type { EventStore, UserState } from "./events/store.ts";
import type { Call, Recommender } from "./http/recommender.ts";
import type { Core } from "./kernel/core.ts";
import type { ListAnswer } from "./provenance/answer.ts";
import type { ServiceIdentity } from "./provenance/identity.ts";
import { receipt } from "./provenance/receipt.ts";
import { renderList, renderMovie } from "./provenance/render.ts";
import type { CanonicalRequest, UserRequest } from "./provenance/request.ts";
import type { Answer } from "./provenance/trace.ts";
import type { TraceBuffer } from "./provenance/trace-buffer.ts";
import { CHAMPION } from "./registry/catalog.ts";
import type { Registry } from "./registry/registry.ts";
import { summariesOf, summaryOf } from "./registry/summary.ts";
import { isVersion } from "./registry/version.ts";
import { assign, type Variant } from "./rollout/assignment.ts";
import { changed, type LiveRecord, type RolloutChange, versionsOf } from "./rollout/record.ts";
import type { ShadowRuns } from "./rollout/shadow.ts";
import { openSteering, type Steering } from "./rollout/steering.ts";
import type { LiveStore } from "./rollout/store.ts";

/** Users of a batch answered in one turn, before other requests get theirs. */
const BATCH_TURN = 16;

export interface ServiceParts {
  readonly registry: Registry;
  /** A core with memory of its own for each model, which is freed with it. */
  readonly newCore: () => Core;
  readonly identity: ServiceIdentity;
  readonly liveStore: LiveStore;
  /** How old a process's reading of the live record may be, in milliseconds. */
  readonly maxLiveAgeMs: number;
  /** What the environment says of the first rollout; a persisted one wins over it. */
  readonly first: RolloutChange & { readonly environment: string };
  readonly traces: TraceBuffer;
  readonly events: EventStore;
  readonly shadow: ShadowRuns;
  /** How many models are held in memory beside those that answer. */
  readonly spareModels: number;
  /** The newest run of retraining, null where there was none. */
  readonly lastRetraining: () => Promise<RetrainRun | null>;
  /** Why events and answers are not published at the moment, null where they are or need not be. */
  readonly publishingFault: () => Promise<string | null>;
  /** Resolves when other requests have had their turn. */
  readonly breathe: () => Promise<void>;
  /** SHA-256 in lower-case hex. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never going back. */
  readonly monotonicMs: () => number;
  /** Whether that clock moves while an answer is computed; on Workers it stands still. */
  readonly clockMoves: boolean;
}

export interface Service {
  readonly recommender: Recommender;
  readonly steering: Steering;
  /** The model that answers for the live primary. @throws NoModelError */
  readonly primary: () => Promise<Model>;
  /** The manifest of a version as it is in memory, where it was verified. */
  readonly manifest: (version: string) => Promise<Manifest>;
}

/** The model that answers, the record that chose it, and the arm that its user is in. */
interface Choice {
  readonly model: Model;
  readonly live: LiveRecord;
  readonly variant: Variant | null;
  /** The version to score beside the answer, for comparison only. */
  readonly shadowed: string | null;
}

/** A user's place in the event log, and the factors solved with what came after the model's training. */
interface Newer {
  readonly erased: boolean;
  readonly seq: number;
  readonly fold: FoldIn | null;
}

/** The online story: a request, its user's arm, the model, the list, the receipt, and the trace it leaves. */
export function openService(parts: ServiceParts): Service {
  const { registry, newCore, identity, traces, shadow, breathe, now, monotonicMs } = parts;
  const resident = openResident({
    load: async (version) => {
      const model = new Model(await registry.load(version), newCore(), holdCompactly);
      // It may have been trained where another log is.
      if (model.eventSequence > 0) await parts.events.reserve(model.eventSequence);
      return model;
    },
    newestFirst: async () => [...(await registry.versions())].reverse(),
    spare: parts.spareModels,
    monotonicMs,
  });
  const steering = openSteering({
    store: parts.liveStore,
    prepare: resident.prepare,
    first: () => firstRollout(registry, parts.first),
    now,
    maxAgeMs: parts.maxLiveAgeMs,
  });

  let newest: LiveRecord | null = null;
  const readLive = async (): Promise<LiveRecord> => {
    const live = await steering.current().catch(orNoModel);
    if (live !== newest) resident.keep(versionsOf(live.rollout));
    newest = live;
    return live;
  };

  /** The model of a live version; of a canary that does not load, the primary's; of that, one that stands in for it. */
  const answering = async (version: string, { rollout }: LiveRecord): Promise<Model> => {
    const model = await resident.answering([...new Set([version, rollout.primary_version])]).catch(orNoModel);
    if (!model) throw new NoModelError([...resident.faults().values(), "no model verifies"].join("; "));
    return model;
  };

  /** The model that a request pins, or the one that is live for its user. */
  const choose = async (asked: string | null, userId: string | null, live: LiveRecord): Promise<Choice> => {
    const { strategy, primary_version: primary, canary_version: canary } = live.rollout;
    if (asked !== null && isVersion(asked))
      return { model: await resident.get(asked), live, variant: null, shadowed: null };
    const { version, variant } = userId === null ? { version: primary, variant: null } : assign(live.rollout, userId);
    const model = resident.atHand(version) ?? (await answering(version, live));
    if (asked !== null && asked !== model.manifest.model_name) throw new NotFoundError("model", asked);
    const pinned = asked !== null;
    // Where another version stands in for a broken one, the answer says nothing of the arm.
    const inArm = !pinned && model.version === version;
    const shadowed = inArm && strategy === "shadow" && userId !== null ? canary : null;
    return { model, live, variant: inArm ? variant : null, shadowed };
  };

  /** What is known of a user beyond what a model was trained on. */
  const newerOf = async (userId: string, model: Model, { lastSeq, erased }: UserState): Promise<Newer> => {
    if (erased || lastSeq <= model.eventSequence) return { erased, seq: model.eventSequence, fold: null };
    const held = model.heldFoldIn(userId, lastSeq);
    if (held !== undefined) return { erased, seq: lastSeq, fold: held };
    const logged = await parts.events.ofUser(userId, model.eventSequence, lastSeq);
    return { erased, seq: lastSeq, fold: model.foldIn(userId, lastSeq, linesOf(logged)) };
  };

  /** A user's list, by everything that is known of them now; an erased one is like anybody. */
  const listOf = async (
    request: UserRequest,
    model: Model,
    state: UserState,
  ): Promise<{ list: RankedList; seq: number }> => {
    const { erased, seq, fold } = await newerOf(request.user_id, model, state);
    const list = erased ? model.popular(request) : model.recommend(request.user_id, request, fold);
    return { list, seq };
  };

  const answerBody = (
    request: CanonicalRequest,
    { model, live, variant }: Choice,
    list: RankedList,
    historySeq: number,
    call: Call,
  ) => {
    const recommendations = renderList(model, list);
    const elapsedMs = parts.clockMoves ? monotonicMs() - call.startedAt : null;
    const provenance = receipt({
      request,
      model,
      live,
      recommendations,
      identity,
      historySeq,
      requestId: call.requestId,
      sha256: parts.sha256,
      now: now(),
      elapsedMs,
    });
    const items = recommendations.map(({ movie_id }) => movie_id);
    return { model: model.version, items, recommendations, variant, source: list.step, provenance };
  };

  /** Leaves the trace of an answer that is shown, and the exposure when its user is in an arm. */
  const traced = <Given extends Answer>(
    answer: Given,
    userId: string | null,
    { shown }: Call,
    begunAt: number | null = null,
  ): Given => {
    if (!shown) return answer;
    const latency_ms = begunAt === null || !parts.clockMoves ? null : toMicroseconds(monotonicMs() - begunAt);
    const { request_id, timestamp: ts, model_version, rollout_revision } = answer.provenance;
    const { variant } = answer;
    const exposure =
      userId === null || variant === null
        ? null
        : ({
            request_id,
            ts,
            user_id: userId,
            variant,
            model_version,
            rollout_revision,
            status: "ok",
            latency_ms,
          } as const);
    traces.add({ request_id, ts, answer }, exposure);
    return answer;
  };

  /**
   * Answers for a user; a fault of ours counts against the arm that the user is in.
   * @param state where the user stands in the event log; null: it is read
   */
  const recommendOne = async (
    request: UserRequest,
    live: LiveRecord,
    call: Call,
    state: UserState | null = null,
  ): Promise<ListAnswer> => {
    try {
      return await answerOne(request, live, call, state);
    } catch (error) {
      const { version: model_version, variant } = assign(live.rollout, request.user_id);
      const counts = request.model === null && call.shown && !isOfTheRequest(error);
      if (counts && variant !== null) {
        const { user_id } = request;
        const of = { request_id: call.requestId, ts: now(), user_id, variant, model_version };
        traces.add(null, { ...of, rollout_revision: live.revision, status: "failed", latency_ms: null });
      }
      throw error;
    }
  };

  const answerOne = async (
    request: UserRequest,
    live: LiveRecord,
    call: Call,
    state: UserState | null,
  ): Promise<ListAnswer> => {
    const begunAt = monotonicMs();
    const choice = await choose(request.model, request.user_id, live);
    const known = state ?? (await parts.events.userState(request.user_id));
    const { list, seq } = await listOf(request, choice.model, known);
    const userId = toJsonId(choice.model.userKind, request.user_id);
    const body = answerBody(request, choice, list, seq, call);
    const answer = traced({ user_id: userId, ...body }, request.user_id, call, begunAt);
    const { shadowed } = choice;
    if (shadowed !== null && call.shown) {
      shadow.add(answer.items, async () => {
        const model = await resident.get(shadowed);
        const { list: other } = await listOf({ ...request, explain: false }, model, known);
        return renderList(model, other).map(({ movie_id }) => movie_id);
      });
    }
    return answer;
  };

  const withoutUser = async (
    request: CanonicalRequest,
    call: Call,
    rank: (model: Model) => RankedList,
  ): Promise<ListAnswer> => {
    const choice = await choose(request.model, null, await readLive());
    const nobody: JsonId | null = null;
    const { model } = choice;
    return traced(
      { user_id: nobody, ...answerBody(request, choice, rank(model), model.eventSequence, call) },
      null,
      call,
    );
  };

  const publishingWarnings = async (): Promise<string[]> => {
    const fault = await parts.publishingFault().catch(String);
    return fault === null ? [] : [`events and answers are not published: ${fault}`];
  };

  const liveModel = async (): Promise<Model> => {
    const live = await readLive();
    return answering(live.rollout.primary_version, live);
  };

  const recommender: Recommender = {
    recommend: async (request, call) => recommendOne(request, await readLive(), call),
    batch: async (requests, call) => {
      const live = await readLive();
      const states = await parts.events.userStates(requests.map(({ user_id }) => user_id));
      const answers: ListAnswer[] = [];
      for (const [place, request] of requests.entries()) {
        if (place % BATCH_TURN === BATCH_TURN - 1) await breathe();
        answers.push(await recommendOne(request, live, call, states[place]));
      }
      return answers;
    },
    session: (request, call) => withoutUser(request, call, (model) => model.session(request.items, request)),
    popular: (request, call) => withoutUser(request, call, (model) => model.popular(request)),
    similar: async (request, call) => {
      const choice = await choose(request.model, null, await readLive());
      const movieId = toJsonId(choice.model.itemKind, request.movie_id);
      const list = choice.model.similar(request.movie_id, request);
      const { eventSequence } = choice.model;
      return traced({ movie_id: movieId, ...answerBody(request, choice, list, eventSequence, call) }, null, call);
    },
    searchMovies: async (query, limit) => {
      const model = await liveModel();
      return model.search(query, limit).map((row) => renderMovie(model, row));
    },
    movie: async (movieId) => {
      const model = await liveModel();
      return renderMovie(model, model.rowOf(movieId));
    },
    models: () => summariesOf(registry),
    model: async (version) => ({ ...(await registry.manifest(version)), ...(await summaryOf(registry, version)) }),
    health: async () => {
      const retraining = await parts.lastRetraining().catch(() => null);
      try {
        const live = await readLive();
        const { rollout } = live;
        const { version } = await answering(rollout.primary_version, live);
        const standIns: string[] = [];
        for (const named of versionsOf(rollout)) {
          const { version: answers } = await answering(named, live);
          if (answers !== named) standIns.push(`${answers} answers in place of ${named}`);
        }
        const faults = [...resident.faults()].map(([named, reason]) => `${named} does not answer: ${reason}`);
        return {
          ok: true,
          version,
          rollout,
          warnings: [...faults, ...standIns, ...traceWarnings(traces), ...(await publishingWarnings())],
          retraining,
        };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, version: null, rollout: null, warnings: [message], retraining };
      }
    },
  };
  return {
    recommender,
    steering,
    primary: liveModel,
    manifest: async (version) => (await resident.get(version)).manifest,
  };
}

/** Milliseconds to three places: an arm's latencies are compared below one. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function isOfTheRequest(error: unknown): boolean {
  return error instanceof InputError || error instanceof NotFoundError;
}

function traceWarnings(traces: TraceBuffer): string[] {
  const fault = traces.fault();
  const dropped = traces.dropped();
  return [
    ...(fault === null ? [] : [`traces are not written: ${fault}`]),
    ...(dropped === 0 ? [] : [`${dropped} traces were dropped since the start`]),
  ];
}

/** A registry that does not read is our fault and not that of the request, which named no version. */
function orNoModel(error: unknown): never {
  if (error instanceof IntegrityError) throw new NoModelError(error.message, { cause: error });
  throw error;
}

/**
 * What is live when nothing has been yet: what the environment says, else the champion, else the newest version.
 * @throws NoModelError for a rollout that cannot be
 */
async function firstRollout(registry: Registry, { environment, ...given }: ServiceParts["first"]) {
  const { aliases, versions } = await registry.catalog();
  const primary = given.primary_version ?? aliases[CHAMPION] ?? (await registry.versions()).at(-1);
  if (primary === undefined) return null;
  const base = { primary_version: primary, canary_version: null, canary_percentage: 0, environment } as const;
  try {
    const rollout = changed({ strategy: "fixed", ...base }, given);
    const isPublished = (version: string) => versions.some((entry) => entry.version === version);
    return { rollout, published: versionsOf(rollout).every(isPublished) };
  } catch (error) {
    // Of what the environment asks for, not of the request that happened to come first.
    if (!(error instanceof InputError)) throw error;
    throw new NoModelError(`the first rollout cannot be: ${error.message}`, { cause: error });
  }
}
