import { Command } from "commander";
import { type Purged, purgeErased } from "../purge.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { progressBar } from "./progress-bar.ts";
import { action } from "./run.ts";
import { formatOption, snapshotDirectoryOption } from "./snapshot-options.ts";

interface PurgeOptions {
  readonly database: string;
  readonly snapshotDir: string;
  readonly models: string;
  readonly format: "text" | "json";
}

export function purgeCommand(deps: CliDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("purge")
    .description("remove every model, snapshot and trace that still holds erased users")
    .requiredOption("--erased", "of the users that were erased (DELETE /users/{user_id})")
    .option("--database <file>", "the local database (REPRISE_DATABASE)", database)
    .addOption(snapshotDirectoryOption(env))
    .addOption(registryOption(env))
    .addOption(formatOption())
    .action(action((options: PurgeOptions) => purge(options, deps)));
}

/** 0 where nothing holds erased users any more, 1 where something had to stay. */
async function purge(options: PurgeOptions, deps: CliDependencies): Promise<0 | 1> {
  const database = deps.database(options.database, { create: false });
  const bar = progressBar(deps);
  try {
    const purged = await purgeErased({
      ...database,
      models: deps.models(options.models),
      snapshots: deps.snapshots(options.snapshotDir),
      progress: bar.progress,
      now: deps.now,
    });
    bar.clear();
    const complete = purged.kept.length === 0 && purged.unreadable_snapshots.length === 0;
    deps.out.write(
      options.format === "json" ? `${JSON.stringify({ complete, ...purged }, null, 2)}\n` : textOf(purged),
    );
    return complete ? 0 : 1;
  } finally {
    bar.clear();
    database.close();
  }
}

function textOf(purged: Purged): string {
  const { erased_users, models, refused, unfinished, snapshots, traces, exposures } = purged;
  const lines = [
    `erased users: ${erased_users}`,
    ...models.map((version) => `removed model ${version}`),
    ...refused.map((name) => `removed refused/${name}`),
    ...unfinished.map((version) => `removed what was left of model ${version}`),
    ...snapshots.map(({ id, replaced_by }) =>
      replaced_by === null ? `removed snapshot ${id}` : `removed snapshot ${id}; everybody else is in ${replaced_by}`,
    ),
    `removed ${traces} traces and ${exposures} exposures`,
    ...purged.kept.map(({ version, reason }) => `KEPT model ${version}: ${reason}`),
    ...purged.unreadable_snapshots.map(
      (id) => `KEPT snapshot ${id}: it does not read, and nobody can tell who is in it; remove its folder yourself`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
