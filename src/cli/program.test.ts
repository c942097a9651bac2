import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { CliDependencies } from "./dependencies.ts";
import { program } from "./program.ts";
import { runCli } from "./run.ts";

const printed = { out: "", err: "" };
const deps = {
  out: { write: (text: string) => (printed.out += text) },
  err: { write: (text: string) => (printed.err += text), isTTY: false },
  env: {},
} as unknown as CliDependencies;

async function run(argv: readonly string[]) {
  Object.assign(printed, { out: "", err: "" });
  return { code: await runCli(await program(deps, argv[0]), argv, deps), ...printed };
}

/** The words that lead to each verb. */
function pathsOf(command: Command, path: readonly string[] = []): (readonly string[])[] {
  return command.commands.flatMap((verb) => [[...path, verb.name()], ...pathsOf(verb, [...path, verb.name()])]);
}

const paths = pathsOf(await program(deps));

test("--version prints the version of the program, and exits 0", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test("there are verbs, and some have verbs of their own", () => {
  for (const path of ["demo", "import", "train", "serve", "models verify", "snapshots list"]) {
    expect(paths.map((words) => words.join(" "))).toContain(path);
  }
});

describe.each(paths.map((path) => [path.join(" "), path] as const))("%s", (name, path) => {
  test("has help that says what it does and which options there are, and exits 0", async () => {
    const { code, out, err } = await run([...path, "--help"]);
    expect([code, err]).toEqual([0, ""]);
    const [usage, , description] = out.split("\n");
    expect(usage).toMatch(new RegExp(`^Usage: reprise ${name}( |$)`));
    expect(description).not.toBe("");
    expect(out).toContain("--help");
  });

  test("refuses an option that it does not know", async () => {
    const { code, out, err } = await run([...path, "--nonsense"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: [^\n]+\n$/);
  });
});

test("folders are taken from the environment where it names them", async () => {
  const elsewhere = { ...deps, env: { MODEL_REGISTRY: "registry", SNAPSHOT_DIR: "data" } };
  const help = async (...argv: string[]) => {
    printed.out = "";
    await runCli(await program(elsewhere), [...argv, "--help"], elsewhere);
    return printed.out;
  };
  expect(await help("train")).toMatch(/\(default:\s+"registry"\)/);
  expect(await help("train")).toMatch(/\(default:\s+"data"\)/);
  expect(await help("models", "list")).toMatch(/\(default:\s+"registry"\)/);
});
