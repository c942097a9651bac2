import { Command, Option } from "commander";
import { serveEnvironment } from "../environment.ts";
import type { RetrainLog } from "../events/retraining.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { DEAD_AFTER_MS, type Retrained, type RetrainParts, retrainOnce } from "../retrain.ts";
import { canaryStart } from "../rollout/canary-start.ts";
import { configuredSigningKey, trustedKeys } from "../signing/configured-keys.ts";
import { DEFAULT_HYPERPARAMETERS } from "../training/hyperparameters.ts";
import type { CliDependencies, Database } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { checkPercentage, checkThreads, number } from "./numbers.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

/** Users who get a retrained version at first, in percent. */
const DEFAULT_PERCENTAGE = 10;
const TOLD_TO_END = "the run was told to end";
/** As who changes of the rollout stand in its history. */
const ACTOR = "retrain";

interface RetrainOptions {
  readonly base?: string;
  readonly rollout?: "canary";
  readonly percentage: number;
  readonly schedule?: string;
  readonly threads?: number;
  readonly trustEvents: boolean;
  readonly database: string;
  readonly snapshotDir: string;
  readonly models: string;
  readonly format: "text" | "json";
}

export function retrainCommand(deps: CliDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("retrain")
    .description("train on a base and the events held, with the champion's hyperparameters, and publish what passes")
    .option("--base <snapshot>", "the snapshot that events are added to, by its id or the start of it (default: none)")
    .addOption(new Option("--rollout <strategy>", "put what was published before some users").choices(["canary"]))
    .option("--percentage <n>", "of users who get it then", number, DEFAULT_PERCENTAGE)
    .option("--schedule <cron>", "stay, and retrain whenever it is due, in UTC")
    .option(
      "--trust-events",
      "publish although the new events carry no personal preference: you answer for them",
      false,
    )
    .option("--threads <n>", "worker threads (default: one a core)", number)
    .addOption(new Option("--database <file>", "the local database (REPRISE_DATABASE)").default(database))
    .addOption(snapshotDirectoryOption(env))
    .addOption(registryOption(env))
    .addOption(formatOption())
    .action(
      action(async (options: RetrainOptions) => {
        checkPercentage("--percentage", options.percentage);
        const opened = deps.database(options.database);
        try {
          const stopped = deps.stopped();
          if (options.schedule === undefined) return exitCodeOf(await retrainAndTell(options, opened, stopped, deps));
          await retrainWhenDue(options.schedule, options, opened, stopped, deps);
          return 0;
        } finally {
          opened.close();
        }
      }),
    );
}

/** Retrains until the process is told to end; a run that fails does not keep the next one from being tried. */
async function retrainWhenDue(
  schedule: string,
  options: RetrainOptions,
  database: Database,
  stopped: Promise<void>,
  deps: CliDependencies,
): Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const told = (what: string) => deps.err.write(`${new Date(deps.now()).toISOString()} ${what}\n`);
  const retrain = () => {
    running = retrainAndTell(options, database, stopped, deps).catch((error) => {
      told(`failed: ${(error as Error).message}`);
    });
    return running;
  };
  const leftOut = () => told("left out, because the last run is still under way");
  const job = deps.cron(schedule, retrain, "--schedule", leftOut);
  deps.err.write(
    `Retraining is due at ${job.next()?.toISOString() ?? "no time"} (${schedule}, UTC). Ctrl-C ends it.\n`,
  );
  await stopped;
  job.stop();
  await running;
}

/** Told to end, a run is given up, and the next one may begin. */
async function retrainAndTell(
  options: RetrainOptions,
  database: Database,
  stopped: Promise<void>,
  deps: CliDependencies,
): Promise<Retrained | null> {
  const bar = progressBar(deps);
  const { base = null, trustEvents } = options;
  let run: number | null = null;
  const begin: RetrainLog["begin"] = async (...given) => {
    run = await database.retraining.begin(...given);
    return run;
  };
  const finish: RetrainLog["finish"] = (...given) => {
    run = null; // told to end after this, it stays as it ended
    return database.retraining.finish(...given);
  };
  const givenUp = stopped.then(async () => {
    const told = { outcome: "failed", version: null, snapshot_id: null, event_seq: null, reason: TOLD_TO_END } as const;
    if (run !== null) await database.retraining.finish(run, told, deps.now());
    throw new Error(TOLD_TO_END);
  });
  let retrained: Retrained | null;
  try {
    const request = { base, hyperparameters: null, trustEvents };
    const running = partsOf(options, database, bar.progress, deps).then((parts) =>
      retrainOnce(request, { ...parts, runs: { ...parts.runs, begin, finish } }),
    );
    // From here on, so that being told to end before the run begins is noticed too.
    retrained = await Promise.race([running, givenUp]);
  } finally {
    bar.clear();
  }
  deps.out.write(options.format === "json" ? `${JSON.stringify(report(retrained))}\n` : `${summary(retrained)}\n`);
  return retrained;
}

async function partsOf(
  { models, snapshotDir, threads: asked, rollout, percentage }: RetrainOptions,
  { events, retraining, live }: Database,
  progress: RetrainParts["tools"]["progress"],
  deps: CliDependencies,
): Promise<RetrainParts> {
  const key = await configuredSigningKey(deps.env, deps.keyFiles);
  const engine = await deps.engine();
  const threads = checkThreads(asked ?? deps.cores);
  const store = deps.models(models);
  const registry = openRegistry(store);
  const { environment } = serveEnvironment(deps.env).first;
  // What no service would load must not be put before users.
  const trusting = openRegistry(store, await trustedKeys(deps.env, deps.keyFiles));
  const startCanary = canaryStart({ live, registry: trusting, environment, percentage, actor: ACTOR, now: deps.now });
  return {
    events,
    runs: retraining,
    snapshots: deps.snapshots(snapshotDir),
    place: { registry, publisher: openPublisher(store, deps.now, key) },
    tools: {
      newCore: engine.newCore,
      openSweeper: deps.threads(engine, threads),
      progress,
      engine,
      threads,
      now: deps.now,
      code: await deps.code(),
      runtime: deps.runtime,
    },
    defaults: DEFAULT_HYPERPARAMETERS,
    limits: null,
    deadAfterMs: DEAD_AFTER_MS,
    rollOut: async (version) => (rollout !== undefined ? startCanary(version) : null),
  };
}

/** 0 where nothing stands against what is live, 1 where the gate does, 2 where another process is at it. */
function exitCodeOf(retrained: Retrained | null): 0 | 1 | 2 {
  if (retrained === null) return 2;
  return retrained.outcome === "refused" ? 1 : 0;
}

function report(retrained: Retrained | null) {
  if (retrained === null) return { outcome: "busy" };
  const { manifest, ...result } = retrained;
  return { ...result, artifact_digest: manifest?.artifact_digest ?? null, gate: manifest?.gate ?? null };
}

function summary(retrained: Retrained | null): string {
  if (retrained === null) return "Another process is retraining on this database; nothing was done.";
  const { outcome, version, snapshot_id, event_seq, reason } = retrained;
  return `${version} ${outcome === "unchanged" ? "stays" : outcome}: snapshot ${snapshot_id?.slice(0, 12)}, events to ${event_seq}. ${reason}`;
}
