import { Command } from "commander";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry, type Registry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { cardCommand } from "./models-card.ts";
import { diffCommand } from "./models-diff.ts";
import { historyCommand } from "./models-history.ts";
import { keygenCommand } from "./models-keygen.ts";
import { purgeCommand } from "./models-purge.ts";
import { signCommand } from "./models-sign.ts";
import { verifyCommand } from "./models-verify.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

interface Options {
  readonly models: string;
  readonly format: "text" | "json";
}

export function modelsCommand(deps: CliDependencies): Command {
  const registryAt = (folder: string) => openRegistry(deps.models(folder));
  const verb = (name: string, description: string) =>
    new Command(name).description(description).addOption(registryOption(deps.env)).addOption(formatOption());
  const print = (options: Options, json: unknown, text: string) =>
    deps.out.write(options.format === "json" ? `${JSON.stringify(json, null, 2)}\n` : text);

  const list = verb("list", "published versions, oldest first").action(
    action(async (options: Options) => {
      const rows = await listVersions(registryAt(options.models));
      print(options, { models: rows }, rows.length === 0 ? "no version is published\n" : rows.map(listLine).join(""));
    }),
  );

  const show = verb("show", "a version's manifest")
    .argument("<version>")
    .action(
      action(async (version: string, options: Options) => {
        const manifest = await registryAt(options.models).manifest(version);
        deps.out.write(`${JSON.stringify(manifest, null, 2)}\n`);
      }),
    );

  const alias = verb("alias", "let an alias name a version; what is live does not change")
    .argument("<alias>", "for example champion or challenger")
    .argument("<version>")
    .action(
      action(async (name: string, version: string, options: Options) => {
        await openPublisher(deps.models(options.models), deps.now).alias(name, version);
        print(options, { alias: name, version }, `${name} is ${version}\n`);
      }),
    );

  const models = new Command("models").description("the registry of trained models");
  const verify = verifyCommand(deps);
  const commands = [
    list,
    show,
    cardCommand(deps),
    verify,
    diffCommand(deps),
    alias,
    historyCommand(deps),
    purgeCommand(deps),
    keygenCommand(deps),
    signCommand(deps),
  ];
  for (const command of commands) models.addCommand(command);
  return models;
}

async function listVersions(registry: Registry) {
  const { versions, aliases } = await registry.catalog();
  return versions.map((entry) => ({
    ...entry,
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === entry.version),
  }));
}

function listLine(row: Awaited<ReturnType<typeof listVersions>>[number]): string {
  const names = row.aliases.length > 0 ? `  (${row.aliases.join(", ")})` : "";
  return `${row.version.padEnd(8)} ${row.published_at}  ${row.artifact_digest.slice(0, 19)}…${names}\n`;
}
