import { Command } from "commander";
import { IntegrityError } from "../base/errors.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption, versionNamed } from "./model-options.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

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
        const { files: _, drift_profile, format: __, ...parts } = await registry.manifest(version);
        const path = `${version}/model_card.md`;
        const bytes = await files.read(path);
        if (!bytes) throw new IntegrityError(path, "is missing");
        deps.out.write(format === "json" ? `${JSON.stringify(parts, null, 2)}\n` : new TextDecoder().decode(bytes));
      }),
    );
}
