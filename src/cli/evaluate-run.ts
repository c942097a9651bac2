import type { Artifact } from "../artifact/artifact.ts";
import type { Comparison, Manifest } from "../artifact/manifest.ts";
import { InputError } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import { compareOnSplit } from "../evaluation/champion.ts";
import { type Champion, compareWithChampion, notComparable } from "../evaluation/compare.ts";
import {
  type Evaluated,
  evaluateArtifact,
  evaluateSampled,
  evaluateSplit,
  splitOf,
  TEST_SHARE,
} from "../evaluation/evaluate.ts";
import { segmentationsOf } from "../evaluation/segments.ts";
import { againstChampion } from "../pipeline.ts";
import { CHAMPION } from "../registry/catalog.ts";
import { openRegistry } from "../registry/registry.ts";
import type { FitTools } from "../training/fit.ts";
import type { CliDependencies } from "./dependencies.ts";
import type { EvaluationReport } from "./report/evaluation-report.ts";
import { readSampledUsers, readTestUsers, readUserAttributes, type TestFiles } from "./test-files.ts";

export const PROTOCOLS = ["temporal", "leave-one-out", "sampled"] as const;

export interface EvaluationRequest {
  /** A version or an alias. */
  readonly model: string;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly k: number;
  readonly seed: number;
  /** Paths of files. */
  readonly test?: string;
  readonly negatives?: string;
  readonly users?: string;
  readonly testShare?: number;
  readonly threads: number;
  readonly snapshotDir: string;
  readonly models: string;
}

/** One evaluation under way. */
interface Subject {
  readonly manifest: Manifest;
  readonly artifact: Artifact;
  readonly tools: FitTools;
  readonly files: TestFiles;
  /** Compares with the champion; null where there is none or the model itself is it. */
  readonly compare: (
    source: Comparison["source"],
    compareWith: (champion: Champion & { readonly artifact: Artifact }) => Comparison | Promise<Comparison>,
  ) => Promise<Comparison | null>;
}

interface Judged {
  readonly evaluated: Evaluated;
  readonly comparison: Comparison | null;
}

/** Evaluates a published version. @returns null when no user is left to be evaluated */
export async function evaluate(
  request: EvaluationRequest,
  progress: Progress,
  deps: CliDependencies,
): Promise<EvaluationReport | null> {
  const { k, seed, test } = request;
  const engine = await deps.engine();
  const registry = openRegistry(deps.models(request.models));
  const { aliases } = await registry.catalog();
  const version = Object.hasOwn(aliases, request.model) ? aliases[request.model] : request.model;
  const { manifest, artifact } = await registry.load(version);
  const files = { files: deps.files, progress };
  const about = request.users === undefined ? null : await readUserAttributes(request.users, files);
  const judged = await judge(request, deps, {
    manifest,
    artifact,
    tools: { newCore: engine.newCore, openSweeper: deps.threads(engine, request.threads), progress },
    files,
    compare: async (source, compareWith) =>
      version === aliases[CHAMPION] ? null : againstChampion(registry, source, compareWith),
  });
  if (!judged) return null;
  const { evaluation, cases, systems, model } = judged.evaluated;
  const popularity = systems.popularity?.rankings ?? [];
  const rankings = { cases, items: model.artifact.items, model: systems.model.rankings, popularity };
  const isSplit = test === undefined;
  return {
    model: version,
    ...evaluation,
    scored: isSplit ? "hyperparameters" : "artifact",
    test_share: isSplit && evaluation.protocol === "temporal" ? shareOf(request) : null,
    seed,
    data_snapshot_id: manifest.data_snapshot_id,
    artifact_digest: manifest.artifact_digest,
    hyperparameters: manifest.hyperparameters,
    comparison: judged.comparison,
    segments: segmentationsOf(rankings, about?.attributes ?? [], k, seed),
    attributes_left_out: about?.leftOut ?? [],
    exposure: Object.entries(systems).map(([system, { lists }]) => ({ system, lists, items: model.itemCount })),
  };
}

/** Evaluates by the protocol asked for. */
function judge(request: EvaluationRequest, deps: CliDependencies, subject: Subject): Promise<Judged | null> {
  if (request.protocol === "sampled") return judgeSampled(request, subject);
  return request.test === undefined ? judgeSplit(request, deps, subject) : judgeFile(request, request.test, subject);
}

async function judgeSampled(request: EvaluationRequest, { artifact, tools, files, compare }: Subject) {
  const { test, negatives } = request;
  if (test === undefined || negatives === undefined) {
    throw InputError.of("--protocol", request.protocol, "sampled needs --test and --negatives");
  }
  const users = await readSampledUsers(test, negatives, files);
  const evaluated = evaluateSampled(artifact, users, optionsOf(request), tools);
  const reason = "the sampled protocol ranks a few candidates of each user; the others compare";
  return (
    evaluated && {
      evaluated,
      comparison: await compare("test-file", (rival) => notComparable(rival, "test-file", reason)),
    }
  );
}

async function judgeFile(request: EvaluationRequest, test: string, { artifact, tools, files, compare }: Subject) {
  const protocol = request.protocol === "leave-one-out" ? "leave-one-out" : "temporal";
  const options = optionsOf(request);
  const users = await readTestUsers(test, files);
  const several = users.find(({ tested }) => tested.length > 1);
  if (protocol === "leave-one-out" && several) {
    const count = several.tested.length;
    throw InputError.of("--protocol", protocol, `${test} names ${count} items of the user ${several.user}, not one`);
  }
  const evaluated = evaluateArtifact(artifact, users, protocol, options, tools);
  if (!evaluated) return null;
  const comparison = await compare("test-file", (rival) =>
    compareWithChampion(artifact, rival, users, "test-file", options, tools),
  );
  return { evaluated, comparison };
}

async function judgeSplit(request: EvaluationRequest, deps: CliDependencies, { manifest, tools, compare }: Subject) {
  const protocol = request.protocol === "leave-one-out" ? "leave-one-out" : "temporal";
  const options = optionsOf(request);
  const snapshot = await deps.snapshots(request.snapshotDir).load(manifest.data_snapshot_id, tools.progress);
  const split = splitOf(protocol, snapshot, shareOf(request));
  const evaluated = await evaluateSplit(snapshot, split, manifest.hyperparameters, options, tools);
  if (!evaluated) return null;
  const { artifact } = evaluated.model;
  const comparison = await compare("split", (rival) =>
    compareOnSplit(snapshot, split, artifact, rival, manifest.hyperparameters, options, tools),
  );
  return { evaluated, comparison };
}

function optionsOf({ k, seed }: EvaluationRequest) {
  return { k, seed, baselines: ["popularity", "item_knn"] as const, maxUsers: null };
}

function shareOf({ testShare }: EvaluationRequest): number {
  return testShare ?? TEST_SHARE;
}
