import type { VerifiedArtifact } from "../artifact/verify.ts";
import { InputError, IntegrityError, NotFoundError } from "../base/errors.ts";
import { holdCompactly, Model } from "../engine/model.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { EventStore } from "../events/store.ts";
import type { Provenance } from "./answer.ts";
import type { ReplayedList, ReplayResult, Unavailable } from "./replay.ts";
import { type AnswerForm, type ReadAnswer, readAnswer } from "./replay-answer.ts";
import { compareWithModel, listOf } from "./replay-compare.ts";
import type { FindEngine } from "./replay-engines.ts";
import { differenceFromTraces } from "./replay-traces.ts";
import type { StoredTrace, TracedAnswer } from "./trace.ts";

export interface ReplayerParts {
  /** Reads and verifies a published version. @throws NotFoundError or IntegrityError */
  readonly loadArtifact: (version: string) => Promise<VerifiedArtifact>;
  readonly engine: FindEngine;
  /**
   * A text that differs after every change of a version or an engine where they are kept: what was altered since it
   * was verified must not go on to answer. @throws NotFoundError
   */
  readonly stamp: (version: string, engineDigest: string) => Promise<string>;
  /** The traces under a request id, which know of an answer what nobody can compute. */
  readonly traces: (requestId: string) => Promise<readonly StoredTrace[]>;
  /** Where users' newer events are read. */
  readonly events: Pick<EventStore, "userState" | "ofUser" | "lastSeq">;
  /** How many models are held in memory at most; the last used stay. */
  readonly capacity: number;
  /** Resolves when other requests have had their turn: one id may have a thousand traces. */
  readonly breathe: () => Promise<void>;
}

/**
 * Computes answers again from their receipts and compares: items, score bits, titles, years and genres, explanations,
 * `source`, `model`, who was asked for, and what the receipt says of model, snapshot, request, history and result.
 *
 * Nothing recomputes `request_id`, `timestamp`, `latency_ms`, `git_sha`, `container_image_digest`, `runtime` and
 * `rollout_revision`, nor in which arm a user was: a change of those is noticed in a stored trace, which has a
 * checksum, and in an answer that was received as long as its trace is kept. A change of the request that changes
 * nothing of the answer (an excluded item that would not have been there anyway) is not noticed.
 */
export interface Replayer {
  /**
   * @param answer as it was received, parsed from JSON
   * @throws InputError naming what no answer of this service has
   */
  replay(answer: unknown): Promise<ReplayResult>;
  /** Traces under one request id: the first that is no match, a mismatch before what is unavailable; else the first. */
  replayTraces(traces: readonly StoredTrace[]): Promise<ReplayResult>;
}

class UnavailableError extends Error {
  readonly reason: Unavailable;

  constructor(reason: Unavailable, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function openReplayer(parts: ReplayerParts): Replayer {
  const { loadArtifact, engine, stamp, traces, events, capacity, breathe } = parts;
  /** By version and engine, in the order of use, oldest first. */
  const held = new Map<string, { readonly stamp: string; readonly loading: Promise<Model> }>();

  const load = async (version: string, digest: string): Promise<Model> => {
    const newCore = await orUnavailable("engine_missing", () => engine(digest));
    if (!newCore) throw new UnavailableError("engine_missing", `no engine ${digest} is here`);
    const verified = await orUnavailable("artifact_missing", () => loadArtifact(version));
    const core = await orUnavailable("engine_missing", async () => newCore());
    return orUnavailable("artifact_missing", async () => new Model(verified, core, holdCompactly));
  };

  const modelOf = async ({ model_version, artifact_digest, engine_digest }: Provenance): Promise<Model> => {
    const key = `${model_version} ${engine_digest}`;
    const now = await orUnavailable("artifact_missing", () => stamp(model_version, engine_digest));
    const before = held.get(key);
    const entry = before?.stamp === now ? before : { stamp: now, loading: load(model_version, engine_digest) };
    held.delete(key);
    held.set(key, entry);
    entry.loading.catch(() => held.get(key) === entry && held.delete(key));
    for (const oldest of held.keys()) {
      if (held.size <= capacity) break;
      held.delete(oldest);
    }
    const model = await entry.loading;
    const found = model.manifest.artifact_digest;
    if (found === artifact_digest) return model;
    throw new UnavailableError("artifact_missing", `${model_version} is ${found}, the answer's was ${artifact_digest}`);
  };

  /** A user's events that the answer looked at and the model was not trained on. */
  const newerEvents = async ({ request, answer }: ReadAnswer, model: Model): Promise<readonly LoggedEvent[]> => {
    if (request.kind !== "user") return [];
    const { erased } = await events.userState(request.user_id);
    if (erased) throw new UnavailableError("erased", "the user was erased");
    const { history_seq } = answer.provenance;
    if (history_seq <= model.eventSequence) return [];
    if (history_seq > (await events.lastSeq())) {
      throw new UnavailableError("expired", `the event log here does not reach to ${history_seq}`);
    }
    return events.ofUser(request.user_id, model.eventSequence, history_seq);
  };

  const replayAs = async (form: AnswerForm, json: unknown): Promise<ReplayResult> => {
    const read = readAnswer(json, form);
    const { provenance, recommendations } = read.answer;
    try {
      const model = await modelOf(provenance);
      return compareWithModel(read, form, model, await newerEvents(read, model));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return unavailable(error.reason, error.message, listOf(recommendations, provenance.result_digest));
    }
  };

  const replayTrace = async ({ answer, fault }: StoredTrace): Promise<ReplayResult> => {
    if (answer === null) return unreadable(`the stored trace: ${fault}`);
    try {
      return await replayAs("traced", answer);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return unreadable(`the stored trace is no answer: ${error.message}`);
    }
  };

  /** What was computed, unless a trace of the answer says something else. */
  const replayReceived = async (json: unknown): Promise<ReplayResult> => {
    const result = await replayAs("received", json);
    if (result.status !== "match") return result;
    const answer = json as TracedAnswer;
    const first_difference = differenceFromTraces(answer, await traces(answer.provenance.request_id));
    return first_difference === null ? result : { ...result, status: "mismatch", first_difference };
  };

  return {
    replay: replayReceived,
    replayTraces: async (kept) => {
      const results: ReplayResult[] = [];
      for (const trace of kept) {
        if (results.length > 0) await breathe();
        results.push(await replayTrace(trace));
      }
      const first = (status: ReplayResult["status"]) => results.find((result) => result.status === status);
      return (
        first("mismatch") ?? first("unavailable") ?? results[0] ?? unavailable("expired", "no trace is kept", null)
      );
    },
  };
}

/** What is missing or damaged in the registry becomes the reason that nothing can be computed. */
async function orUnavailable<T>(reason: Unavailable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof IntegrityError)) throw error;
    throw new UnavailableError(reason, error.message);
  }
}

function unavailable(reason: Unavailable, detail: string, expected: ReplayedList | null): ReplayResult {
  return { status: "unavailable", reason, expected, actual: null, first_difference: null, detail };
}

/** What is kept is not what was answered, whatever that was. */
function unreadable(first_difference: string): ReplayResult {
  return { status: "mismatch", reason: null, expected: null, actual: null, first_difference, detail: null };
}
