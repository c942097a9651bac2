import { Command } from "commander";
import { KEY_SEED_BYTES, parsePrivateKey, privateKeyPem } from "../signing/keys.ts";
import type { CliDependencies } from "./dependencies.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";

interface KeygenOptions {
  readonly output: string;
  readonly format: "text" | "json";
}

export function keygenCommand(deps: Pick<CliDependencies, "out" | "keyFiles" | "randomBytes">): Command {
  return new Command("keygen")
    .description("make a key for signing: the private one in FILE, the public one in FILE.pub")
    .requiredOption("--output <file>", "where to put the private key, which only you can read; never written over")
    .addOption(formatOption())
    .action(
      action(async ({ output, format }: KeygenOptions) => {
        const pem = privateKeyPem(deps.randomBytes(KEY_SEED_BYTES));
        const { publicKey } = await parsePrivateKey(pem, "key");
        const publicFile = `${output}.pub`;
        await deps.keyFiles.create([
          { path: output, text: pem, secret: true },
          { path: publicFile, text: publicKey.pem, secret: false },
        ]);
        const report = {
          key_id: publicKey.id,
          public_key: publicKey.text,
          public_key_file: publicFile,
          private_key_file: output,
        };
        deps.out.write(
          format === "json"
            ? `${JSON.stringify(report, null, 2)}\n`
            : `key         ${publicKey.id}\n` +
                `public key  ${publicKey.text}, also in ${publicFile}: for REPRISE_TRUSTED_KEYS\n` +
                `private key in ${output}: for REPRISE_SIGNING_KEY; whoever reads it can sign as you\n`,
        );
      }),
    );
}
