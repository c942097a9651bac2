import { Command } from "commander";
import { IntegrityError } from "../base/errors.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

/** What a card speaks of, as the manifest has it. */
const PARTS = [
  "version",
  "model_name",
  "created_at",
  "data_snapshot_id",
  "artifact_digest",
  "engine_digest",
  "git_sha",
  "git_dirty",
  "users",
  "items",
  "interactions",
  "hyperparameters",
  "evaluation",
  "comparison",
  "gate",
  "training",
] as const;

interface CardOptions {
  readonly models: string;
  readonly format: "text" | "json";
}

export function cardCommand(deps: Pick<CliDependencies, "out" | "env" | "models">): Command {
  return new Command("card")
    .description("a version's model card: what it is, how good, and what it is not for")
    .argument("<version>", "a version, or an alias")
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (name: string, { models, format }: CardOptions) => {
        const files = deps.models(models);
        const registry = openRegistry(files);
        const version = await versionNamed(registry, name);
        const manifest = await registry.manifest(version);
        const parts = Object.fromEntries(PARTS.map((part) => [part, manifest[part]]));
        const path = `${version}/model_card.md`;
        const bytes = await files.read(path);
        if (!bytes) throw new IntegrityError(path, "is missing");
        deps.out.write(format === "json" ? `${JSON.stringify(parts, null, 2)}\n` : new TextDecoder().decode(bytes));
      }),
    );
}
