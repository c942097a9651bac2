import type { Artifact } from "./artifact/artifact.ts";
import { artifactDigest, encodeArtifact, fileDigests } from "./artifact/codec.ts";
import type { Hyperparameters, Manifest } from "./artifact/manifest.ts";
import { DataError } from "./base/errors.ts";
import type { Candidate, Publisher } from "./registry/publisher.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { evaluateTemporal } from "./training/evaluate.ts";
import { type FitTools, fitFactors } from "./training/fit.ts";
import { gate } from "./training/gate.ts";
import { trainingSetOf } from "./training/training-set.ts";

export interface TrainingRequest {
  readonly snapshot: Snapshot;
  readonly hyperparameters: Hyperparameters;
  /** The version to publish as; null: the one after the newest. */
  readonly version: string | null;
}

export interface PipelineTools extends FitTools {
  readonly engine: Candidate["engine"];
  readonly threads: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The commit of this code, where it is known, and whether there are changes beyond it. */
  readonly code: { readonly gitSha: string | null; readonly dirty: boolean | null };
  readonly runtime: string;
}

/** The offline story: a snapshot is trained on, judged on what came later, gated, and published or kept aside. */
export async function trainAndPublish(
  request: TrainingRequest,
  publisher: Publisher,
  tools: PipelineTools,
): Promise<{ manifest: Manifest; path: string }> {
  if (request.version !== null) await publisher.checkVersion(request.version);
  return publisher.submit(await trainCandidate(request, tools));
}

/** Everything up to publishing, which needs no place to publish to. */
export async function trainCandidate(request: TrainingRequest, tools: PipelineTools): Promise<Candidate> {
  const { snapshot, hyperparameters, version } = request;
  if (snapshot.interactions.length === 0) throw new DataError(`snapshot ${snapshot.id}`, "holds no interactions");
  const startedAt = tools.now();
  const evaluation = await evaluateTemporal(snapshot, hyperparameters, tools);
  const artifact = await trainArtifact(snapshot, hyperparameters, tools);
  const { users, items, factors, histories } = artifact;
  const files = encodeArtifact(artifact);
  const digests = fileDigests(files);
  const manifest: Omit<Manifest, "version"> = {
    format: "reprise-manifest-1",
    model_name: "als",
    created_at: new Date(startedAt).toISOString(),
    artifact_digest: artifactDigest(digests),
    engine_digest: tools.engine.digest,
    data_snapshot_id: snapshot.id,
    git_sha: tools.code.gitSha,
    git_dirty: tools.code.dirty,
    hyperparameters,
    users: users.length,
    items: items.length,
    interactions: histories.table.item.length,
    evaluation,
    gate: gate(users.length, items.length, factors, evaluation),
    drift_profile: null,
    files: Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, `sha256:${digest}`])),
    training: { seconds: (tools.now() - startedAt) / 1000, threads: tools.threads, runtime: tools.runtime },
  };
  return { files, engine: tools.engine, version, manifest: (given) => ({ version: given, ...manifest }) };
}

/** Fits the whole snapshot: the same snapshot and hyperparameters give the same artifact on any machine. */
export async function trainArtifact(
  snapshot: Snapshot,
  hyperparameters: Hyperparameters,
  tools: FitTools,
): Promise<Artifact> {
  const set = trainingSetOf(snapshot);
  return {
    userKind: snapshot.userKind,
    itemKind: snapshot.itemKind,
    users: set.users,
    items: set.items,
    factors: await fitFactors(set, hyperparameters, "training", tools),
    histories: {
      table: set.histories,
      weightRule: hyperparameters.weight_rule,
      referenceTime: newest(set.histories.time),
      eventSequence: 0,
    },
  };
}

function newest(times: Float64Array): number | null {
  const latest = times.filter((time) => !Number.isNaN(time)).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return Number.isFinite(latest) ? latest : null;
}
