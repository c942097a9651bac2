import type { VerifiedArtifact } from "../src/artifact/verify.ts";
import { sha256Hex } from "../src/base/hash.ts";
import { toJsonId } from "../src/base/ids.ts";
import { Model } from "../src/engine/model.ts";
import type { LoggedEvent } from "../src/events/event.ts";
import { linesOf } from "../src/events/lines.ts";
import type { Engine } from "../src/kernel/engine.ts";
import { receipt } from "../src/provenance/receipt.ts";
import { renderList } from "../src/provenance/render.ts";
import type { CanonicalRequest } from "../src/provenance/request.ts";
import type { Answer } from "../src/provenance/trace.ts";

/** Answers of one version computed by one engine, as the service gives them, one a millisecond. */
export function answering(
  verified: VerifiedArtifact,
  engine: Engine,
): (request: CanonicalRequest, newer?: readonly LoggedEvent[]) => Answer {
  const model = new Model(verified, engine.newCore());
  let given = 0;
  return (request, newer = []) => {
    const { step, ...list } = rank(model, request, newer);
    const recommendations = renderList(model, { step, ...list });
    const now = 1_763_596_800_000 + given++;
    const provenance = receipt({
      request,
      model,
      live: {
        rollout: {
          strategy: "fixed",
          primary_version: model.version,
          canary_version: null,
          canary_percentage: 0,
          environment: "test",
        },
        revision: 7,
      },
      recommendations,
      identity: { gitSha: "0".repeat(40), containerImageDigest: null, engineDigest: engine.digest, runtime: "node" },
      historySeq: newer.at(-1)?.seq ?? model.eventSequence,
      requestId: `request-${now}`,
      sha256: sha256Hex,
      now,
      elapsedMs: 1.4,
    });
    const items = recommendations.map(({ movie_id }) => movie_id);
    const body = { model: model.version, items, recommendations, variant: null, source: step, provenance };
    if (request.kind === "similar") return { movie_id: toJsonId(model.itemKind, request.movie_id), ...body };
    return { user_id: request.kind === "user" ? toJsonId(model.userKind, request.user_id) : null, ...body };
  };
}

function rank(model: Model, request: CanonicalRequest, newer: readonly LoggedEvent[]) {
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
