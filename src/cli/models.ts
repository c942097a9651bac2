import { Command } from "commander";
import type { Check } from "../artifact/verify.ts";
import { IntegrityError } from "../base/errors.ts";
import { consistencyChecks } from "../engine/consistency.ts";
import { compileEngine, engineDigest } from "../kernel/engine.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry, type Registry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
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

  const verify = verb("verify", "check a version's files, and compute again what they hold twice")
    .argument("<version>")
    .action(
      action(async (version: string, options: Options) => {
        const checks = await verifyVersion(registryAt(options.models), version);
        const ok = checks.every((check) => check.ok);
        print(
          options,
          { version, ok, checks },
          `${checks.map(checkLine).join("")}${version} ${ok ? "verifies" : "DOES NOT VERIFY"}\n`,
        );
        return ok ? 0 : 1;
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
  for (const command of [list, show, verify, alias]) models.addCommand(command);
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

function checkLine({ name, ok, detail }: Check): string {
  return `${ok ? "ok    " : "FAILED"} ${name.padEnd(20)} ${detail}\n`;
}

/** All that can be checked without training again: digests, contents, the kept engine, and what it computes. */
async function verifyVersion(registry: Registry, version: string): Promise<Check[]> {
  const checks = [...(await registry.inspect(version))];
  if (checks.some(({ ok }) => !ok)) return checks;
  const verified = await registry.load(version);
  const { engine_digest: expected } = verified.manifest;
  const bytes = await registry.engine(expected);
  const kept = bytes !== null && engineDigest(bytes) === expected;
  checks.push({ name: "engine", ok: kept, detail: bytes === null ? `${expected} is not kept` : expected });
  if (!bytes || !kept) return checks;
  try {
    return [...checks, ...consistencyChecks(verified, (await compileEngine(bytes)).newCore())];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    return [...checks, { name: "engine runs", ok: false, detail: error.message }];
  }
}
