import { Command } from "commander";
import { artifactDigest, encodeArtifact, fileDigests } from "../artifact/codec.ts";
import { driftProfileSchema } from "../artifact/drift-profile.ts";
import type { Manifest } from "../artifact/manifest.ts";
import type { Check, VerifiedArtifact } from "../artifact/verify.ts";
import { IntegrityError } from "../base/errors.ts";
import { artifactProfile } from "../drift/profile.ts";
import { consistencyChecks } from "../engine/consistency.ts";
import { sampledScores } from "../evaluation/sampled-lists.ts";
import type { Core } from "../kernel/core.ts";
import { compileEngine, engineDigest, semanticsOf } from "../kernel/engine.ts";
import { trainArtifact } from "../pipeline.ts";
import { openRegistry, type Registry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { CliDependencies } from "./dependencies.ts";
import { loadSnapshot } from "./load-snapshot.ts";
import { registryOption } from "./model-options.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

interface VerifyOptions {
  readonly retrain: boolean;
  readonly models: string;
  readonly snapshotDir: string;
  readonly format: "text" | "json";
}

export function verifyCommand(deps: CliDependencies): Command {
  return new Command("verify")
    .description("check a version's files and signature, and compute again what they hold twice")
    .argument("<version>")
    .option("--retrain", "also train again from the snapshot and compare the artifacts", false)
    .addOption(registryOption(deps.env))
    .addOption(snapshotDirectoryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (version: string, { retrain, models, snapshotDir, format }: VerifyOptions) => {
        const registry = openRegistry(deps.models(models), await trustedKeys(deps.env, deps.keyFiles));
        const checks = await verifyVersion(registry, version);
        if (retrain && checks.some((check) => !check.ok)) {
          checks.push({ name: "retrain", ok: false, detail: "not done, because another check failed" });
        } else if (retrain) {
          const manifest = await registry.manifest(version);
          const snapshot = await loadSnapshot(snapshotDir, manifest.data_snapshot_id, deps);
          const { artifact } = await registry.load(version);
          checks.push(await retrainCheck(manifest, snapshot, artifact.histories.eventSequence, deps));
        }
        const ok = checks.every((check) => check.ok);
        deps.out.write(
          format === "json"
            ? `${JSON.stringify({ version, ok, checks }, null, 2)}\n`
            : `${checks.map(checkLine).join("")}${version} ${ok ? "verifies" : "DOES NOT VERIFY"}\n`,
        );
        return ok ? 0 : 1;
      }),
    );
}

/** All that can be checked without training again: digests, contents, the kept engine, and what it computes. */
async function verifyVersion(registry: Registry, version: string): Promise<Check[]> {
  const checks = [...(await registry.inspect(version))];
  if (checks.some(({ ok }) => !ok)) return checks;
  const verified = await registry.load(version);
  const { engine_digest: expected } = verified.manifest;
  const bytes = await registry.engine(expected);
  const kept = bytes !== null && semanticsOf(bytes, expected) !== null;
  const fault = bytes === null ? `${expected} is not kept` : `what is kept as ${expected} is ${engineDigest(bytes)}`;
  checks.push({ name: "engine", ok: kept, detail: kept ? expected : fault });
  if (!bytes || !kept) return checks;
  try {
    const { newCore } = await compileEngine(bytes);
    return [...checks, ...consistencyChecks(verified, newCore()), profileCheck(verified, newCore())];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return [...checks, { name: "engine runs", ok: false, detail: error.message }];
  }
}

/** Computes the drift profile again from the artifact. */
function profileCheck({ manifest, artifact }: VerifiedArtifact, core: Core): Check {
  const name = "drift profile";
  if (manifest.drift_profile === null) return { name, ok: true, detail: "there is none" };
  const again = driftProfileSchema.nullable().parse(artifactProfile(artifact, sampledScores(artifact, core)));
  const ok = JSON.stringify(again) === JSON.stringify(manifest.drift_profile);
  return { name, ok, detail: "computed from the histories and the lists of sampled users" };
}

/** Trains again on the manifest's snapshot, with its hyperparameters and the running engine: the bytes must be equal. */
async function retrainCheck(
  manifest: Manifest,
  snapshot: Snapshot,
  eventSequence: number,
  deps: CliDependencies,
): Promise<Check> {
  const engine = await deps.engine();
  const bar = progressBar(deps);
  try {
    const tools = {
      newCore: engine.newCore,
      openSweeper: deps.threads(engine, deps.cores),
      progress: bar.progress,
    };
    const artifact = await trainArtifact(snapshot, manifest.hyperparameters, tools, eventSequence);
    const digest = artifactDigest(fileDigests(encodeArtifact(artifact)));
    const sameEngine = engine.digest === manifest.engine_digest;
    const by = sameEngine ? "" : `, with engine ${engine.digest} and not the manifest's ${manifest.engine_digest}`;
    return { name: "retrain", ok: digest === manifest.artifact_digest, detail: `training again gives ${digest}${by}` };
  } finally {
    bar.clear();
  }
}

function checkLine({ name, ok, detail }: Check): string {
  return `${ok ? "ok    " : "FAILED"} ${name.padEnd(20)} ${detail}\n`;
}
