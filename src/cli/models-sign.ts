import { Command } from "commander";
import { InputError } from "../base/errors.ts";
import { openPublisher } from "../registry/publisher.ts";
import { configuredSigningKey, signingKeyAt } from "../signing/configured-keys.ts";
import type { SigningKey } from "../signing/keys.ts";
import type { CliDependencies } from "./dependencies.ts";
import { registryOption } from "./model-options.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

type SignDependencies = Pick<CliDependencies, "out" | "env" | "now" | "models" | "keyFiles">;

interface SignOptions {
  readonly key?: string;
  readonly models: string;
  readonly format: "text" | "json";
}

export function signCommand(deps: SignDependencies): Command {
  return new Command("sign")
    .description("add a signature to a published version that verifies; nothing else of it changes")
    .argument("<version>")
    .option("--key <file>", "the private key (default: REPRISE_SIGNING_KEY)")
    .addOption(registryOption(deps.env))
    .addOption(formatOption())
    .action(
      action(async (version: string, { key: file, models, format }: SignOptions) => {
        const key = await keyOf(file, deps);
        await openPublisher(deps.models(models), deps.now).sign(version, key);
        const report = { version, key_id: key.publicKey.id };
        deps.out.write(
          format === "json" ? `${JSON.stringify(report, null, 2)}\n` : `${version} is signed by ${report.key_id}\n`,
        );
      }),
    );
}

async function keyOf(file: string | undefined, { env, keyFiles }: SignDependencies): Promise<SigningKey> {
  if (file !== undefined) return signingKeyAt(file, "--key", keyFiles);
  const key = await configuredSigningKey(env, keyFiles);
  if (!key) throw InputError.of("--key", null, "must name a private key's file, or REPRISE_SIGNING_KEY be set");
  return key;
}
