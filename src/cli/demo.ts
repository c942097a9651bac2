import { Command } from "commander";
import { DataError } from "../base/errors.ts";
import { embeddedSnapshot } from "../embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../embedded/versions.ts";
import { serveEnvironment } from "../environment.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { action } from "./run.ts";
import { serve } from "./serve.ts";
import { snapshotDirectoryOption } from "./snapshot-options.ts";
import { train } from "./train.ts";

interface DemoOptions {
  readonly models: string;
  readonly snapshotDir: string;
  readonly serve: boolean;
}

export function demoCommand(deps: CliDependencies): Command {
  return new Command("demo")
    .description("train two versions on the embedded films and simulated viewers, where none is published, and serve")
    .addOption(registryOption(deps.env))
    .addOption(snapshotDirectoryOption(deps.env))
    .option("--no-serve", "only train and publish")
    .action(
      action(async (options: DemoOptions) => {
        if (options.serve) await assertAddressIsFree(deps);
        await publishEmbeddedVersions(options, deps);
        if (options.serve) await serve(options.models, deps);
      }),
    );
}

/** Says before a minute of work, and not after it, that the port cannot be had. */
async function assertAddressIsFree(deps: CliDependencies): Promise<void> {
  const probe = await deps.listen(() => new Response(), serveEnvironment(deps.env));
  await probe.close();
}

/** Trains what is missing, unless the registry holds models of other data: those are the user's, and enough to serve. */
async function publishEmbeddedVersions(options: Omit<DemoOptions, "serve">, deps: CliDependencies): Promise<void> {
  const registry = openRegistry(deps.models(options.models));
  const published = await registry.versions();
  const missing = [...EMBEDDED_VERSIONS].filter(([version]) => !published.includes(version));
  if (missing.length === 0) return;

  const snapshot = embeddedSnapshot();
  for (const version of published) {
    if ((await registry.manifest(version)).data_snapshot_id !== snapshot.id) return;
  }
  deps.err.write(
    `Simulated ${snapshot.users.length} viewers of ${snapshot.items.length} films: snapshot ${snapshot.id.slice(0, 12)}\n`,
  );
  await deps.snapshots(options.snapshotDir).save(snapshot, {
    source: "embedded",
    format: "embedded",
    imported_at: new Date(deps.now()).toISOString(),
    lines: snapshot.interactions.length,
    duplicates: 0,
    ignored: 0,
    quarantined: 0,
  });
  for (const [version, hyperparameters] of missing) {
    deps.err.write(`Training ${version} on ${deps.cores} threads …\n`);
    const { manifest } = await train(
      snapshot,
      hyperparameters,
      { models: options.models, threads: deps.cores, version, test: null },
      deps,
    );
    if (!manifest.gate.passed) throw new DataError(version, `the gate refused it: ${manifest.gate.reasons.join("; ")}`);
    deps.err.write(
      `Published ${version} after ${manifest.training.seconds.toFixed(1)} s. ${manifest.gate.reasons.join("; ")}\n`,
    );
  }
}
