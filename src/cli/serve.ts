import { Command, Option } from "commander";
import { type App, openApp } from "../app.ts";
import { type ServeEnvironment, serveEnvironment } from "../environment.ts";
import { isLoopback } from "../http/admin-access.ts";
import { keptEngines } from "../provenance/replay-engines.ts";
import { keepEngine } from "../registry/engines.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { trustedKeys } from "../signing/configured-keys.ts";
import { type Outbox, openOutbox } from "../stream/outbox.ts";
import { TOPICS } from "../stream/topics.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { number } from "./numbers.ts";
import { openBroker } from "./open-broker.ts";
import { openRetrainSchedule, type RetrainSchedule } from "./retrain-schedule.ts";
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
    .option("--retrain-schedule <cron>", "retrain whenever it is due, in UTC, in a process beside this one")
    .option("--retrain-base <snapshot>", "the snapshot that events are added to then (default: none)")
    .addOption(
      new Option("--retrain-rollout <strategy>", "put what was published before some users").choices(["canary"]),
    )
    .option("--retrain-percentage <n>", "of users who get it then (default: as of retrain)", number)
    .option("--retrain-threads <n>", "worker threads of a run (default: all cores but one)", number)
    .action(
      action(({ models, ...schedule }: RetrainSchedule & { readonly models: string }) =>
        serve(models, deps, () => {}, schedule),
      ),
    );
}

/**
 * Serves until the process is told to end.
 * @param schedule when to retrain beside it
 * @param extend may add routes before the first request
 */
export async function serve(
  registryFolder: string,
  deps: CliDependencies,
  extend: (http: App["http"]) => void = () => {},
  schedule: RetrainSchedule = {},
): Promise<void> {
  const environment = serveEnvironment(deps.env);
  const log = (entry: object) =>
    deps.err.write(`${JSON.stringify({ time: new Date(deps.now()).toISOString(), ...entry })}\n`);
  const warn = (message: string) => log({ level: "warning", message });
  const { resource, otlp } = environment;
  const [engine, metrics] = await Promise.all([deps.engine(), deps.metrics({ resource, otlp, now: deps.now, warn })]);
  const store = deps.models(registryFolder);
  const registry = openRegistry(store, await trustedKeys(deps.env, deps.keyFiles));
  await store
    .exclusively(() => keepEngine(store, engine))
    .catch((error) => warn(`the engine is not kept for replay: ${error.message}`));

  const database = deps.database(environment.database);
  const outbox = await openPublishing(environment.stream, database, warn, deps);
  const app = openApp({
    environment,
    gitSha: (await deps.code()).gitSha,
    runtime: deps.runtime,
    registry,
    alias: openPublisher(store, deps.now).alias,
    engine,
    keptEngines: keptEngines(registry),
    live: database.live,
    maxLiveAgeMs: MAX_LIVE_AGE_MS,
    spareModels: SPARE_MODELS,
    traces: database.traces,
    events: database.events,
    conversions: database.conversions,
    assets: deps.assets,
    onlyLoopbackReaches: isLoopback(environment.host),
    now: deps.now,
    monotonicMs: deps.monotonicMs,
    clockMoves: true,
    randomBytes: deps.randomBytes,
    sha256: deps.sha256,
    schedule: deps.schedule,
    timersOutliveRequests: true,
    log,
    metrics,
    outbox,
    retraining: database.retraining,
  });
  extend(app.http);
  const retraining = await openRetrainSchedule(
    schedule,
    registryFolder,
    (level, message) => log({ level, message }),
    deps,
  );

  const listener = await deps.listen(app.fetch, environment);
  const { version, warnings } = await app.recommender.health();
  warnings.forEach(warn);
  if (retraining !== null) {
    const due = retraining.next()?.toISOString() ?? "no time";
    log({ level: "info", message: `retraining: next due at ${due} (${schedule.retrainSchedule}, UTC)` });
  }
  deps.out.write(`${version ?? "No model"} answers at ${listener.url} (${deps.runtime}). Ctrl-C ends it.\n`);
  await deps.stopped();
  await Promise.all([listener.close(), retraining?.stop()]);
  await app.close();
  await outbox?.close();
  await metrics.close();
  database.close();
}

/** Begins to publish what is accepted and answered, where a broker is named; one that is away delays no start. */
async function openPublishing(
  { kafka, schemaRegistry }: ServeEnvironment["stream"],
  { events, answers, outbox }: Database,
  warn: (message: string) => void,
  deps: CliDependencies,
): Promise<Outbox | null> {
  if (kafka === null) return null;
  const [broker, schemas] = await Promise.all([openBroker(kafka, deps, warn), deps.schemaIds(schemaRegistry)]);
  const names = Object.values(TOPICS).map(({ name }) => name);
  const producer = async () => {
    await broker.ensureTopics(names);
    return broker.producer();
  };
  return openOutbox({ events, answers, cursors: outbox, producer, schemas, schedule: deps.schedule, log: warn });
}
