import { Command } from "commander";
import { uuidv7 } from "../base/uuid.ts";
import { serveEnvironment } from "../environment.ts";
import { createApp } from "../http/app.ts";
import { openRegistry } from "../registry/registry.ts";
import { startService } from "../service.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { action } from "./run.ts";

export function serveCommand(deps: CliDependencies): Command {
  return new Command("serve")
    .description("answer over HTTP, at HOST and PORT, from the model that MODEL_VERSION or the champion alias names")
    .addOption(registryOption(deps.env))
    .action(action((options: { readonly models: string }) => serve(options.models, deps)));
}

/** Serves until the process is told to end. */
export async function serve(registryFolder: string, deps: CliDependencies): Promise<void> {
  const environment = serveEnvironment(deps.env);
  const engine = await deps.engine();
  const recommender = await startService({
    registry: openRegistry(deps.models(registryFolder)),
    newCore: engine.newCore,
    identity: {
      gitSha: environment.gitSha ?? (await deps.code()).gitSha ?? "unknown",
      containerImageDigest: environment.containerImageDigest,
      engineDigest: engine.digest,
      runtime: deps.runtime,
    },
    preferredVersion: environment.modelVersion,
    now: deps.now,
    elapsedMs: (startedAt) => deps.monotonicMs() - startedAt,
  });
  const log = (entry: object) =>
    deps.err.write(`${JSON.stringify({ time: new Date(deps.now()).toISOString(), ...entry })}\n`);
  const app = createApp({
    recommender,
    assets: deps.assets,
    newRequestId: () => uuidv7(deps.now(), deps.randomBytes(10)),
    monotonicMs: deps.monotonicMs,
    log: (entry) => entry.level === "error" && log(entry),
  });
  const { version, warnings } = await recommender.health();
  for (const message of warnings) log({ level: "warning", message });
  const listener = await deps.listen(app.fetch, environment);
  deps.out.write(`${version ?? "No model"} answers at ${listener.url} (${deps.runtime}). Ctrl-C ends it.\n`);
  await deps.stopped();
  await listener.close();
}
