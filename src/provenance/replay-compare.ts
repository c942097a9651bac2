import { DataError, NotFoundError } from "../base/errors.ts";
import { toJsonId } from "../base/ids.ts";
import type { Model, RankedList } from "../engine/model.ts";
import type { LoggedEvent } from "../events/event.ts";
import { linesOf } from "../events/lines.ts";
import type { Provenance, Recommendation } from "./answer.ts";
import { renderList } from "./render.ts";
import type { ReplayedList, ReplayResult } from "./replay.ts";
import type { AnswerForm, ReadAnswer } from "./replay-answer.ts";
import { firstDifference } from "./replay-difference.ts";
import type { CanonicalRequest } from "./request.ts";
import { requestAsJson } from "./request-json.ts";
import { resultDigest } from "./result-digest.ts";
import type { TracedAnswer } from "./trace.ts";
import { tracedItem } from "./trace-row.ts";

/** Members of a receipt that say how an answer came to be given, and not what it is. */
const NOT_RECOMPUTED: readonly (keyof Provenance)[] = [
  "request_id",
  "timestamp",
  "latency_ms",
  "git_sha",
  "container_image_digest",
  "runtime",
  "rollout_revision",
];

/**
 * Computes an answer again with the model that its receipt names, and compares.
 * @param newer the user's events between those that the model was trained on and those that the receipt names
 */
export function compareWithModel(
  { answer, request }: ReadAnswer,
  form: AnswerForm,
  model: Model,
  newer: readonly LoggedEvent[],
): ReplayResult {
  const claimed = answer.provenance.result_digest;
  const outcome = (first_difference: string | null, actual: ReplayedList | null): ReplayResult => ({
    status: first_difference === null ? "match" : "mismatch",
    reason: null,
    expected: listOf(answer.recommendations, claimed),
    actual,
    first_difference,
    detail: null,
  });

  let list: RankedList;
  try {
    list = rank(model, request, newer);
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof DataError)) throw error;
    return outcome(`${model.version} cannot have given this answer: ${error.message}`, null);
  }
  const recommendations = renderList(model, list);
  const actual = listOf(recommendations, resultDigest(recommendations));
  const replay = recomputed(
    { answer, request },
    form,
    model,
    newer.at(-1)?.seq ?? model.eventSequence,
    list,
    recommendations,
    actual.result_digest,
  );
  const difference = firstDifference(recomputable(answer), replay);
  if (difference === null) return outcome(null, actual);
  const own = resultDigest(answer.recommendations) === claimed ? "gives" : "does not give";
  return outcome(`${difference}; the answer's own list ${own} its result_digest`, actual);
}

export function listOf(
  recommendations: readonly Pick<Recommendation, "movie_id" | "score">[],
  result_digest: string,
): ReplayedList {
  return {
    result_digest,
    items: recommendations.map(({ movie_id }) => movie_id),
    scores: recommendations.map(({ score }) => score),
  };
}

function rank(model: Model, request: CanonicalRequest, newer: readonly LoggedEvent[]): RankedList {
  switch (request.kind) {
    case "user": {
      const last = newer.at(-1);
      const fold = last ? model.foldIn(request.user_id, last.seq, linesOf(newer)) : null;
      return model.recommend(request.user_id, request, fold);
    }
    case "session":
      return model.session(request.items, request);
    case "similar":
      return model.similar(request.movie_id, request);
    case "popular":
      return model.popular(request);
  }
}

/** The answer without what no replay can know. */
function recomputable({ provenance, ...body }: TracedAnswer): Readonly<Record<string, unknown>> {
  const known = Object.entries(provenance).filter(([name]) => !(NOT_RECOMPUTED as readonly string[]).includes(name));
  return { ...body, provenance: Object.fromEntries(known) };
}

/** What an answer to the receipt's request says, in the order in which differences are looked for. */
function recomputed(
  { answer, request }: ReadAnswer,
  form: AnswerForm,
  model: Model,
  history_seq: number,
  { step }: RankedList,
  recommendations: readonly Recommendation[],
  result_digest: string,
): Readonly<Record<string, unknown>> {
  const { model_name, data_snapshot_id, artifact_digest } = model.manifest;
  const isPinnedRightly = request.model === null || request.model === model.version || request.model === model_name;
  const asked = isPinnedRightly ? request : { ...request, model: model.version };
  return {
    recommendations: form === "traced" ? recommendations.map(tracedItem) : recommendations,
    items: recommendations.map(({ movie_id }) => movie_id),
    source: step,
    model: model.version,
    ...askedFor(request, model),
    // The rollout that divided users into arms is not kept; nobody else is in one.
    variant: request.kind === "user" && request.model === null ? answer.variant : null,
    provenance: {
      model_name,
      model_version: model.version,
      data_snapshot_id,
      artifact_digest,
      engine_digest: answer.provenance.engine_digest,
      request: requestAsJson(asked, model.userKind, model.itemKind),
      history_seq,
      result_digest,
    },
  };
}

function askedFor(request: CanonicalRequest, { userKind, itemKind }: Model): Readonly<Record<string, unknown>> {
  if (request.kind === "similar") return { movie_id: toJsonId(itemKind, request.movie_id) };
  return { user_id: request.kind === "user" ? toJsonId(userKind, request.user_id) : null };
}
