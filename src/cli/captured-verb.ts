import { Command } from "commander";
import { type ExitCode, runCli } from "./run.ts";

/** Runs a verb within another one, and gives what it would have printed. */
export async function captured<Deps extends { out: unknown; err: unknown }>(
  verb: (deps: Deps) => Command,
  argv: readonly string[],
  deps: Deps,
): Promise<{ readonly code: ExitCode; readonly out: string; readonly err: string }> {
  const printed = { out: "", err: "" };
  const quiet = {
    ...deps,
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
  };
  const code = await runCli(new Command("reprise").addCommand(verb(quiet)), argv, quiet);
  return { code, ...printed };
}
