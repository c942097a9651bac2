import { type Command, CommanderError } from "commander";
import { DataError, InputError, IntegrityError, type Issue, StoreError } from "../base/errors.ts";
import type { CliDependencies } from "./dependencies.ts";

/** A longer text that is wrong is not repeated. */
const MAX_SHOWN = 100;

/** 0: done, requirement met. 1: requirement not met, or bad data. 2: could not tell. 130: stopped by the user. */
export type ExitCode = 0 | 1 | 2 | 130;

/** What verbs resolved to, by the command at the root. */
const results = new WeakMap<Command, ExitCode>();

/**
 * What a verb does, as a Commander action. A number that it resolves to is the exit code.
 *
 * ```ts
 * command.action(action(async (path: string, options: { k: number }) => (await check(path, options.k)) ? 0 : 1));
 * ```
 */
export function action<Arguments extends unknown[]>(
  verb: (...args: Arguments) => Promise<ExitCode | undefined> | Promise<void>,
): (this: Command, ...args: Arguments) => Promise<void> {
  return async function (this: Command, ...args) {
    const code = await verb(...args);
    if (typeof code === "number") results.set(rootOf(this), code);
  };
}

/**
 * Runs `command` with the user's arguments and resolves to the exit code. It never throws; an error becomes one line
 * on standard error and its class decides the code.
 */
export async function runCli(
  command: Command,
  argv: readonly string[],
  deps: Pick<CliDependencies, "out" | "err">,
): Promise<ExitCode> {
  prepare(command, deps);
  results.delete(command);
  try {
    await command.parseAsync(argv, { from: "user" });
    return results.get(command) ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has already printed the help that it throws for when a verb is missing.
    if (!(error instanceof CommanderError && error.code === "commander.help")) {
      deps.err.write(`error: ${oneLine(error)}\n`);
    }
    return exitCodeOf(error);
  }
}

/** Bad data is 1; everything else, our own faults included, leaves the question open. */
export function exitCodeOf(error: unknown): ExitCode {
  return [DataError, IntegrityError, StoreError].some((type) => error instanceof type) ? 1 : 2;
}

/** Makes a command and all below it throw instead of exiting, and print to where `deps` says. */
function prepare(command: Command, deps: Pick<CliDependencies, "out" | "err">): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => deps.out.write(text),
    writeErr: (text) => deps.err.write(text),
    outputError: () => {}, // printed by runCli, in one line
  });
  for (const verb of command.commands) prepare(verb, deps);
}

function oneLine(error: unknown): string {
  return messageOf(error)
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
}

/** A fault that says what must be also says what was. */
function messageOf(error: unknown): string {
  if (error instanceof InputError) return error.issues.map(told).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}

function told({ field, value, message }: Issue): string {
  const isShort = typeof value === "number" || (typeof value === "string" && value.length <= MAX_SHOWN);
  const is = isShort && message.startsWith("must ") && !/\bis \S/.test(message) ? `, is ${JSON.stringify(value)}` : "";
  return `${field}: ${message}${is}`;
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
