import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { DataError, InputError, IntegrityError, NotFoundError, StoreError } from "../base/errors.ts";
import { action, type ExitCode, runCli } from "./run.ts";

/** Runs a small program: `reprise do VALUE [--times N]`, whose verb does as told. */
async function run(argv: readonly string[], verb: () => Promise<ExitCode | undefined> = async () => undefined) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
  };
  const program = new Command("reprise").addCommand(
    new Command("do").argument("<value>").option("--times <n>").action(action(verb)),
  );
  return { code: await runCli(program, argv, deps), ...printed };
}

const fail = (error: unknown) => async (): Promise<undefined> => {
  throw error;
};

describe("runCli", () => {
  test("is 0 for a verb that is done, and what the verb says otherwise", async () => {
    expect(await run(["do", "it"])).toEqual({ code: 0, out: "", err: "" });
    for (const code of [0, 1, 2] as const) expect((await run(["do", "it"], async () => code)).code).toBe(code);
  });

  test.each([
    [
      new InputError([{ field: "k", value: 0, message: "must be at least 1" }]),
      2,
      "error: k: must be at least 1, is 0\n",
    ],
    [InputError.of("--k", 0, "must be at least 1, is 0"), 2, "error: --k: must be at least 1, is 0\n"],
    [InputError.of("name", "a b", "must hold no spaces"), 2, 'error: name: must hold no spaces, is "a b"\n'],
    [InputError.of("key", null, "must be a key"), 2, "error: key: must be a key\n"],
    [new NotFoundError("snapshot", "ab"), 2, 'error: unknown snapshot "ab"\n'],
    [new DataError("ratings.csv", "is empty"), 1, "error: ratings.csv: is empty\n"],
    [new StoreError("reprise.sqlite", "disk is full"), 1, "error: reprise.sqlite: disk is full\n"],
    [new IntegrityError("snapshot ab", "was altered"), 1, "error: snapshot ab: was altered\n"],
    [new TypeError("x is not a function\n    at nowhere"), 2, "error: x is not a function at nowhere\n"],
    ["a string", 2, "error: a string\n"],
  ])("turns %s into exit code %i and one line", async (error, code, err) => {
    expect(await run(["do", "it"], fail(error))).toEqual({ code, out: "", err });
  });

  test.each([
    [["do"], "error: missing required argument 'value'\n"],
    [["do", "it", "--time", "3"], "error: unknown option '--time' (Did you mean --times?)\n"],
    [["do", "it", "--times"], "error: option '--times <n>' argument missing\n"],
    [["undo"], "error: unknown command 'undo' (Did you mean do?)\n"],
  ])("refuses the arguments %j in one line, with exit code 2", async (argv, err) => {
    expect(await run(argv)).toEqual({ code: 2, out: "", err });
  });

  test("prints help on standard output when asked, and on standard error when a verb is missing", async () => {
    const help = await run(["do", "--help"]);
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toContain("--times");
    const missing = await run([]);
    expect([missing.code, missing.out]).toEqual([2, ""]);
    expect(missing.err).toContain("Usage: reprise");
  });
});
