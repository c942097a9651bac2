import { Command } from "commander";
import type { Hyperparameters, Manifest } from "../artifact/manifest.ts";
import { SOLVER_FORMS, type Solver } from "../base/solver.ts";
import type { TestUser } from "../evaluation/test-users.ts";
import { WEIGHT_RULE_FORMS } from "../kernel/weight-rule.ts";
import { trainAndPublish } from "../pipeline.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { configuredSigningKey } from "../signing/configured-keys.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { checkHyperparameters, DEFAULT_HYPERPARAMETERS as DEFAULTS } from "../training/hyperparameters.ts";
import type { CliDependencies } from "./dependencies.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { registryOption } from "./model-options.ts";
import { checkThreads, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";
import { readTestUsers } from "./test-files.ts";

interface TrainOptions {
  readonly snapshot: string;
  readonly version?: string;
  readonly test?: string;
  readonly threads?: number;
  readonly snapshotDir: string;
  readonly models: string;
  readonly format: "text" | "json";
  readonly factors: number;
  readonly iterations: number;
  readonly regularization: number;
  readonly unobservedWeight: number;
  readonly regularizationExponent: number;
  readonly initScale: number;
  readonly weightRule: string;
  readonly solver: string;
  readonly seed: number;
}

export function trainCommand(deps: CliDependencies): Command {
  return new Command("train")
    .description("train a model on a snapshot, judge it, and publish it when the gate lets it pass")
    .requiredOption("--snapshot <id>", "the snapshot, by its id or the start of it")
    .option("--factors <d>", "dimensions of the model", number, DEFAULTS.factors)
    .option("--iterations <n>", "sweeps over both sides", number, DEFAULTS.iterations)
    .option("--regularization <lambda>", "weight of the L2 penalty", number, DEFAULTS.regularization)
    .option("--unobserved-weight <alpha>", "weight of every pair, observed or not", number, DEFAULTS.unobserved_weight)
    .option(
      "--regularization-exponent <nu>",
      "how the penalty grows with a row's interactions",
      number,
      DEFAULTS.regularization_exponent,
    )
    .option("--init-scale <sigma>", "spread of the first item factors", number, DEFAULTS.init_scale)
    .option("--weight-rule <rule>", `how interactions become weights: ${WEIGHT_RULE_FORMS}`, DEFAULTS.weight_rule)
    .option("--solver <name>", `how rows are solved: ${SOLVER_FORMS}`, DEFAULTS.solver)
    .option("--seed <n>", "seed of the first item factors", number, DEFAULTS.seed)
    .option("--threads <n>", "worker threads; changes the time taken and nothing else (default: one a core)", number)
    .option("--version <vX.Y>", "the version to publish as (default: the next one)")
    .option("--test <file>", "compare with the champion on this file's interactions: CSV user,item or tab-separated")
    .addOption(snapshotDirectoryOption(deps.env))
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (options: TrainOptions) => {
        const hyperparameters = hyperparametersOf(options);
        const threads = checkThreads(options.threads ?? deps.cores);
        const snapshot = await loadSnapshot(options.snapshotDir, options.snapshot, deps);
        const test = options.test === undefined ? null : await testUsers(options.test, deps);
        const { models, version = null } = options;
        const trained = await train(snapshot, hyperparameters, { models, threads, version, test }, deps);
        deps.out.write(options.format === "json" ? `${JSON.stringify(report(trained), null, 2)}\n` : summary(trained));
        return trained.manifest.gate.passed ? 0 : 1;
      }),
    );
}

interface TrainingOptions {
  readonly models: string;
  readonly threads: number;
  readonly version: string | null;
  /** Whom to compare with the champion on; null: whom the snapshot's split leaves. */
  readonly test: readonly TestUser[] | null;
}

interface Trained {
  readonly manifest: Manifest;
  readonly path: string;
  /** The id of the key that signed it, null where it is not signed. */
  readonly signedBy: string | null;
}

/** Runs the pipeline with a progress bar; what is published is signed when REPRISE_SIGNING_KEY is set. */
export async function train(
  snapshot: Snapshot,
  hyperparameters: Hyperparameters,
  options: TrainingOptions,
  deps: CliDependencies,
): Promise<Trained> {
  const { models, threads, version, test } = options;
  const key = await configuredSigningKey(deps.env, deps.keyFiles);
  const engine = await deps.engine();
  const bar = progressBar(deps);
  try {
    const store = deps.models(models);
    const place = { registry: openRegistry(store), publisher: openPublisher(store, deps.now, key) };
    const trained = await trainAndPublish(
      { snapshot, hyperparameters, version, test, eventSequence: 0, preference: null },
      place,
      {
        newCore: engine.newCore,
        openSweeper: deps.threads(engine, threads),
        progress: bar.progress,
        engine,
        threads,
        now: deps.now,
        code: await deps.code(),
        runtime: deps.runtime,
      },
    );
    const signedBy = trained.manifest.gate.passed ? (key?.publicKey.id ?? null) : null;
    return { manifest: trained.manifest, path: `${models}/${trained.path}`, signedBy };
  } finally {
    bar.clear();
  }
}

async function testUsers(path: string, deps: CliDependencies): Promise<TestUser[]> {
  const bar = progressBar(deps);
  try {
    return await readTestUsers(path, { files: deps.files, progress: bar.progress });
  } finally {
    bar.clear();
  }
}

function hyperparametersOf(options: TrainOptions): Hyperparameters {
  return checkHyperparameters({
    solver: options.solver as Solver,
    factors: options.factors,
    iterations: options.iterations,
    regularization: options.regularization,
    regularization_exponent: options.regularizationExponent,
    unobserved_weight: options.unobservedWeight,
    init_scale: options.initScale,
    weight_rule: options.weightRule,
    seed: options.seed,
  });
}

function report({ manifest, path, signedBy }: Trained) {
  return {
    version: manifest.version,
    model_name: manifest.model_name,
    path,
    artifact_digest: manifest.artifact_digest,
    engine_digest: manifest.engine_digest,
    data_snapshot_id: manifest.data_snapshot_id,
    seconds: manifest.training.seconds,
    hyperparameters: manifest.hyperparameters,
    metrics: manifest.evaluation?.metrics ?? null,
    evaluation: manifest.evaluation,
    comparison: manifest.comparison,
    gate: manifest.gate,
    signed_by: signedBy,
  };
}

function summary({ manifest, path, signedBy }: Trained): string {
  const { users, items, interactions, evaluation, gate, training } = manifest;
  const metrics = Object.entries(evaluation?.metrics ?? {}).map(([name, { value, low, high }]) => {
    const popularity = evaluation?.baselines.popularity[name]?.value ?? Number.NaN;
    return `  ${name.padEnd(18)} ${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)}), popularity ${popularity.toFixed(4)}`;
  });
  return [
    `${manifest.version} ${gate.passed ? "published" : "REFUSED"} in ${path}`,
    `  ${users} users, ${items} items, ${interactions} interactions; ${training.seconds.toFixed(1)} s on ${training.threads} threads`,
    `  ${manifest.artifact_digest}`,
    ...(signedBy === null ? [] : [`  signed by key ${signedBy}`]),
    ...metrics,
    ...gate.checks.map(({ outcome, detail }) => `  gate ${outcome.replace("_", " ").padEnd(14)} ${detail}`),
    "",
  ].join("\n");
}
