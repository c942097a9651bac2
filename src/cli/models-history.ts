import { Command } from "commander";
import type { Catalog } from "../registry/catalog.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

interface HistoryOptions {
  readonly models: string;
  readonly format: "text" | "json";
}

export function historyCommand(deps: Pick<CliDependencies, "out" | "env" | "models">): Command {
  return new Command("history")
    .description("what was published, and what aliases came to name, oldest first")
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async ({ models, format }: HistoryOptions) => {
        const { history } = await openRegistry(deps.models(models)).catalog();
        const text = history.length === 0 ? "no version is published\n" : history.map(historyLine).join("");
        deps.out.write(format === "json" ? `${JSON.stringify({ history }, null, 2)}\n` : text);
      }),
    );
}

function historyLine(entry: Catalog["history"][number]): string {
  if (entry.action === "publish") {
    return `${entry.time}  published ${entry.version}  ${entry.artifact_digest.slice(0, 19)}…\n`;
  }
  if (entry.action === "purge") {
    const names = entry.aliases.length === 0 ? "" : `, which was ${entry.aliases.join(", ")}`;
    return `${entry.time}  purged ${entry.version}${names}  ${entry.artifact_digest.slice(0, 19)}…\n`;
  }
  const { time, alias, version, previous } = entry;
  return `${time}  ${alias} is ${version}${previous === null ? "" : `, was ${previous}`}\n`;
}
