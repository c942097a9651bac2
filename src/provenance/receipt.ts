import type { Model } from "../engine/model.ts";
import type { LiveRecord } from "../rollout/record.ts";
import type { Provenance, Recommendation } from "./answer.ts";
import type { ServiceIdentity } from "./identity.ts";
import type { CanonicalRequest } from "./request.ts";
import { requestAsJson } from "./request-json.ts";
import { resultDigest } from "./result-digest.ts";

export interface ReceiptParts {
  readonly request: CanonicalRequest;
  readonly model: Model;
  readonly live: LiveRecord;
  readonly recommendations: readonly Recommendation[];
  readonly identity: ServiceIdentity;
  /** How far into the event log the answer looked. */
  readonly historySeq: number;
  readonly requestId: string;
  /** SHA-256 in lower-case hex. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long the answer took, null where no clock tells. */
  readonly elapsedMs: number | null;
}

/** The receipt of an answer. */
export function receipt(parts: ReceiptParts): Provenance {
  const { request, model, live, recommendations, identity, historySeq, requestId, sha256, now, elapsedMs } = parts;
  return {
    request_id: requestId,
    timestamp: now,
    model_name: model.manifest.model_name,
    model_version: model.version,
    git_sha: identity.gitSha,
    data_snapshot_id: model.manifest.data_snapshot_id,
    container_image_digest: identity.containerImageDigest,
    latency_ms: elapsedMs === null ? null : Math.max(1, Math.round(elapsedMs)),
    artifact_digest: model.manifest.artifact_digest,
    engine_digest: identity.engineDigest,
    result_digest: resultDigest(recommendations, sha256),
    request: requestAsJson(request, model.userKind, model.itemKind),
    history_seq: historySeq,
    rollout_revision: live.revision,
    runtime: identity.runtime,
  };
}
