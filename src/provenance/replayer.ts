import type { VerifiedArtifact } from "../artifact/verify.ts";
import { DataError, InputError, IntegrityError, NotFoundError } from "../base/errors.ts";
import { toJsonId } from "../base/ids.ts";
import { Model, type RankedList } from "../engine/model.ts";
import type { Recommendation } from "./answer.ts";
import { renderList } from "./render.ts";
import type { ReplayedList, ReplayResult, Unavailable } from "./replay.ts";
import { type AnswerForm, type ReadAnswer, readAnswer } from "./replay-answer.ts";
import { firstDifference } from "./replay-difference.ts";
import type { FindEngine } from "./replay-engines.ts";
import type { CanonicalRequest } from "./request.ts";
import { requestAsJson } from "./request-json.ts";
import { resultDigest } from "./result-digest.ts";
import type { StoredTrace } from "./trace.ts";
import { tracedItem } from "./trace-row.ts";

/** The event log's sequence number that every answer reaches to as long as there is no event log. */
const HISTORY_SEQ = 0;

export interface ReplayerParts {
  /** Reads and verifies a published version. @throws NotFoundError or IntegrityError */
  readonly loadArtifact: (version: string) => Promise<VerifiedArtifact>;
  readonly engine: FindEngine;
  /** How many models are held in memory at most; the last used stay. */
  readonly capacity: number;
}

/**
 * Computes answers again from their receipts and compares: items, score bits, titles, years and genres, explanations,
 * `source`, `model`, who was asked for, and what the receipt says of model, snapshot, request, history and result.
 *
 * Nothing recomputes `request_id`, `timestamp`, `latency_ms`, `git_sha`, `container_image_digest`, `runtime` and
 * `rollout_revision`, nor which arm the `variant` of an unpinned user is: no change of those is noticed in an answer
 * that was received. A change of any byte is noticed in a stored trace.
 */
export interface Replayer {
  /**
   * @param answer as it was received, parsed from JSON
   * @throws InputError naming what no answer of this service has
   */
  replay(answer: unknown): Promise<ReplayResult>;
  /** The traces under one request id: the first that does not match, a mismatch before what is unavailable; else the newest. */
  replayTraces(traces: readonly StoredTrace[]): Promise<ReplayResult>;
}

class MissingError extends Error {
  readonly reason: Unavailable;

  constructor(reason: Unavailable, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function openReplayer({ loadArtifact, engine, capacity }: ReplayerParts): Replayer {
  /** By version and engine, in the order of use, oldest first. */
  const held = new Map<string, Promise<Model>>();

  const load = async (version: string, engineDigest: string): Promise<Model> => {
    const newCore = await otherwise("engine_missing", () => engine(engineDigest));
    if (!newCore) throw new MissingError("engine_missing", `${engineDigest} is not kept`);
    const verified = await otherwise("artifact_missing", () => loadArtifact(version));
    return otherwise("engine_missing", async () => new Model(verified, newCore()));
  };

  const modelOf = async ({ provenance }: ReadAnswer): Promise<Model> => {
    const { model_version: version, artifact_digest: digest, engine_digest: engineDigest } = provenance;
    const key = `${version} ${engineDigest}`;
    const loading = held.get(key) ?? load(version, engineDigest);
    held.delete(key);
    held.set(key, loading);
    loading.catch(() => held.get(key) === loading && held.delete(key));
    for (const oldest of held.keys()) if (held.size > capacity) held.delete(oldest);
    const model = await loading;
    if (model.manifest.artifact_digest === digest) return model;
    const found = model.manifest.artifact_digest;
    throw new MissingError("artifact_missing", `${version} is ${found}, and the answer came from ${digest}`);
  };

  const replayAs = async (form: AnswerForm, json: unknown): Promise<ReplayResult> => {
    const answer = readAnswer(json, form);
    const expected = listOf(answer.recommendations, answer.provenance.result_digest);
    try {
      const model = await modelOf(answer);
      return { ...compare(form, answer, json as ReceivedJson, model), expected };
    } catch (error) {
      if (!(error instanceof MissingError)) throw error;
      return unavailable(error.reason, error.message, expected);
    }
  };

  const replayTrace = async ({ answer, fault }: StoredTrace): Promise<ReplayResult> => {
    if (answer === null) return mismatch(`the stored trace does not read: ${fault}`);
    try {
      return await replayAs("traced", answer);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return mismatch(`the stored trace is none: ${error.message}`);
    }
  };

  return {
    replay: (answer) => replayAs("received", answer),
    replayTraces: async (traces) => {
      const results: ReplayResult[] = [];
      for (const trace of traces) results.push(await replayTrace(trace));
      const first = (status: ReplayResult["status"]) => results.find((result) => result.status === status);
      return first("mismatch") ?? first("unavailable") ?? results[0] ?? unavailable("expired", "no trace is kept", null);
    },
  };
}

/** Turns what the registry says of a part that is missing or damaged into the reason that nothing can be computed. */
async function otherwise<T>(reason: Unavailable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof IntegrityError)) throw error;
    throw new MissingError(reason, error.message);
  }
}

/** An answer's JSON of which `readAnswer` has said that it is one. */
interface ReceivedJson {
  readonly variant: unknown;
  readonly provenance: { readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

function compare(form: AnswerForm, answer: ReadAnswer, json: ReceivedJson, model: Model): Omit<ReplayResult, "expected"> {
  const { request, result_digest: claimed } = answer.provenance;
  let list: RankedList;
  try {
    list = rank(model, request);
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof DataError)) throw error;
    return mismatch(`no such answer comes from ${model.version}: ${error.message}`);
  }
  const recommendations = renderList(model, list);
  const digest = resultDigest(recommendations);
  const actual = listOf(recommendations, digest);
  const difference = firstDifference(
    comparedPart(json),
    comparedPart(recomputed(form, request, model, list, recommendations, digest, json)),
  );
  if (difference === null) return { ...mismatch(null), status: "match", actual };
  const own = resultDigest(answer.recommendations) === claimed ? "gives" : "does not give";
  return { ...mismatch(`${difference}; the answer's own list ${own} its result_digest`), actual };
}

function rank(model: Model, request: CanonicalRequest): RankedList {
  switch (request.kind) {
    case "user":
      return model.recommend(request.user_id, request);
    case "session":
      return model.session(request.items, request);
    case "similar":
      return model.similar(request.movie_id, request);
    case "popular":
      return model.popular(request);
  }
}
