import type { Artifact } from "./artifact/artifact.ts";
import { artifactDigest, encodeArtifact, fileDigests } from "./artifact/codec.ts";
import type { Comparison, Hyperparameters, Manifest, Preference } from "./artifact/manifest.ts";
import { DataError, IntegrityError } from "./base/errors.ts";
import { artifactProfile } from "./drift/profile.ts";
import { varietyOfAnswers } from "./evaluation/answers.ts";
import { compareOnSplit } from "./evaluation/champion.ts";
import { type Champion, compareWithChampion, notComparable } from "./evaluation/compare.ts";
import {
  EVALUATION_K,
  EVALUATION_SEED,
  type Evaluated,
  evaluateSplit,
  type Split,
  splitOf,
  TEST_SHARE,
} from "./evaluation/evaluate.ts";
import { gate, hasFiniteFactors } from "./evaluation/gate.ts";
import { sampledScores } from "./evaluation/sampled-lists.ts";
import type { TestUser } from "./evaluation/test-users.ts";
import { CHAMPION } from "./registry/catalog.ts";
import type { Candidate, Publisher } from "./registry/publisher.ts";
import type { Registry } from "./registry/registry.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { FitTools } from "./training/fit.ts";
import { fitArtifact } from "./training/fit-artifact.ts";

/** Users that training evaluates at most, so that its cost grows with the data and not faster. */
const MAX_EVALUATED_USERS = 10_000;
const MEASURED = { k: EVALUATION_K, seed: EVALUATION_SEED, maxUsers: MAX_EVALUATED_USERS };

export interface TrainingRequest {
  readonly snapshot: Snapshot;
  readonly hyperparameters: Hyperparameters;
  /** The version to publish as; null: the one after the newest. */
  readonly version: string | null;
  /** How far the event log had come when the snapshot was made of it; 0 for one without events. */
  readonly eventSequence: number;
  /** What to compare with the champion by, the artifacts being scored as they are; null: a split of the snapshot. */
  readonly test: readonly TestUser[] | null;
  /** What was found of the events since the champion; null where there are none, or no champion. */
  readonly preference: Preference | null;
}

/** Where versions are published, and what stands there already. */
export interface PublishingPlace {
  readonly registry: Registry;
  readonly publisher: Publisher;
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
  { registry, publisher }: PublishingPlace,
  tools: PipelineTools,
): Promise<{ manifest: Manifest; path: string }> {
  if (request.version !== null) await publisher.checkVersion(request.version);
  return publisher.submit(await trainCandidate(request, registry, tools));
}

/** Everything up to publishing. */
export async function trainCandidate(
  request: TrainingRequest,
  registry: Registry,
  tools: PipelineTools,
): Promise<Candidate> {
  const { snapshot, hyperparameters, version } = request;
  if (snapshot.interactions.length === 0) throw new DataError(`snapshot ${snapshot.id}`, "holds no interactions");
  const startedAt = tools.now();
  const split = splitOf("temporal", snapshot, TEST_SHARE);
  const options = { ...MEASURED, baselines: ["popularity"] as const };
  const evaluated = await evaluateSplit(snapshot, split, hyperparameters, options, tools);
  const artifact = await trainArtifact(snapshot, hyperparameters, tools, request.eventSequence);
  const usable = hasFiniteFactors(artifact) && artifact.users.length > 0 && artifact.items.length > 0;
  const variety = usable ? varietyOfAnswers(artifact, tools.newCore()) : null;
  const comparison = usable ? await compare(artifact, request, split, evaluated, registry, tools) : null;
  const evaluation = evaluated?.evaluation ?? null;

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
    users: artifact.users.length,
    items: artifact.items.length,
    interactions: artifact.histories.table.item.length,
    evaluation,
    comparison,
    preference: request.preference,
    gate: gate({ artifact, variety, evaluation, comparison, preference: request.preference }),
    drift_profile: usable ? artifactProfile(artifact, sampledScores(artifact, tools.newCore())) : null,
    files: Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, `sha256:${digest}`])),
    training: { seconds: (tools.now() - startedAt) / 1000, threads: tools.threads, runtime: tools.runtime },
  };
  return { files, engine: tools.engine, version, manifest: (given) => ({ version: given, ...manifest }) };
}

/** Compares with the champion on the request's test interactions, or else on the later part of the split. */
function compare(
  artifact: Artifact,
  { snapshot, hyperparameters, test }: TrainingRequest,
  split: Split,
  evaluated: Evaluated | null,
  registry: Registry,
  tools: FitTools,
): Promise<Comparison | null> {
  return againstChampion(registry, test ? "test-file" : "split", (champion) => {
    if (test) return compareWithChampion(artifact, champion, test, "test-file", MEASURED, tools);
    if (!evaluated) return notComparable(champion, "split", "no user could be evaluated on the split");
    return compareOnSplit(snapshot, split, evaluated.model.artifact, champion, hyperparameters, MEASURED, tools);
  });
}

/**
 * Loads the champion and compares with it. One that does not verify cannot be compared with.
 * @returns null where there is none
 */
export async function againstChampion(
  registry: Registry,
  source: Comparison["source"],
  compareWith: (champion: Champion & { readonly artifact: Artifact }) => Comparison | Promise<Comparison>,
): Promise<Comparison | null> {
  const { aliases, versions } = await registry.catalog();
  const entry = versions.find(({ version }) => version === aliases[CHAMPION]);
  if (!entry) return null;
  let artifact: Artifact;
  try {
    artifact = (await registry.load(entry.version)).artifact;
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return notComparable(entry, source, `it does not verify (${error.message})`);
  }
  return compareWith({ ...entry, artifact });
}

/** Fits the whole snapshot: the same snapshot and hyperparameters give the same artifact on any machine. */
export async function trainArtifact(
  snapshot: Snapshot,
  hyperparameters: Hyperparameters,
  tools: FitTools,
  eventSequence = 0,
): Promise<Artifact> {
  const artifact = await fitArtifact(snapshot, null, hyperparameters, "training", tools);
  return { ...artifact, histories: { ...artifact.histories, eventSequence } };
}
