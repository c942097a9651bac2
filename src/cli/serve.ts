import { Command } from "commander";
import { openApp } from "../app.ts";
import { serveEnvironment } from "../environment.ts";
import { isLoopback } from "../http/admin-access.ts";
import { keptEngines } from "../provenance/replay-engines.ts";
import { keepEngine } from "../registry/engines.ts";
import { openRegistry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { action } from "./run.ts";

/** How old a process's reading of the live record may be: another process may share the database. */
const MAX_LIVE_AGE_MS = 500;
/** The two versions switched from last are back at once. */
const SPARE_MODELS = 2;

export function serveCommand(deps: CliDependencies): Command {
  return new Command("serve")
    .description(
      "answer over HTTP, at HOST and PORT, from what is live; at first that is MODEL_VERSION or the champion",
    )
    .addOption(registryOption(deps.env))
    .action(action((options: { readonly models: string }) => serve(options.models, deps)));
}

/** Serves until the process is told to end. */
export async function serve(registryFolder: string, deps: CliDependencies): Promise<void> {
  const environment = serveEnvironment(deps.env);
  const log = (entry: object) =>
    deps.err.write(`${JSON.stringify({ time: new Date(deps.now()).toISOString(), ...entry })}\n`);
  const warn = (message: string) => log({ level: "warning", message });
  const engine = await deps.engine();
  const store = deps.models(registryFolder);
  const registry = openRegistry(store, await trustedKeys(deps.env, deps.keyFiles));
  await store
    .exclusively(() => keepEngine(store, engine))
    .catch((error) => warn(`the engine is not kept for replay: ${error.message}`));

  const database = deps.database(environment.database);
  const app = openApp({
    environment,
    gitSha: (await deps.code()).gitSha,
    runtime: deps.runtime,
    registry,
    engine,
    keptEngines: keptEngines(registry),
    live: database.live,
    maxLiveAgeMs: MAX_LIVE_AGE_MS,
    spareModels: SPARE_MODELS,
    traces: database.traces,
    assets: deps.assets,
    onlyLoopbackReaches: isLoopback(environment.host),
    now: deps.now,
    monotonicMs: deps.monotonicMs,
    clockMoves: true,
    randomBytes: deps.randomBytes,
    schedule: deps.schedule,
    timersOutliveRequests: true,
    log,
  });

  const listener = await deps.listen(app.fetch, environment);
  const { version, warnings } = await app.recommender.health();
  warnings.forEach(warn);
  deps.out.write(`${version ?? "No model"} answers at ${listener.url} (${deps.runtime}). Ctrl-C ends it.\n`);
  await deps.stopped();
  await listener.close();
  await app.close();
  database.close();
}
