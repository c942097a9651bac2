import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CliDependencies } from "../../src/cli/dependencies.ts";
import { program } from "../../src/cli/program.ts";
import { ROOT, SERVE, type Service, startProcess } from "../runtime/processes.ts";
import { anchors, missingOutput, relativeLinks, runningCommands } from "./markdown.ts";

/** Files as git knows them, tracked or new. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)));
const documents = files.filter((path) => path.endsWith(".md"));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Links of a document that lead nowhere. */
function brokenLinks(path: string, markdown: string): string[] {
  return relativeLinks(markdown).filter((link) => {
    const [target, anchor] = link.split("#") as [string, string?];
    const file = target === "" ? path : join(dirname(path), target);
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchors(file === path ? markdown : read(file)).includes(anchor);
  });
}

describe("links between documents", () => {
  test("are looked for in all documents", () => expect(documents.length).toBeGreaterThan(10));

  test.each(documents)("in %s lead somewhere", (path) => expect(brokenLinks(path, read(path))).toEqual([]));

  test("that lead nowhere are found", () => {
    const markdown = "# A b\n\n[](nowhere.md) [](#a-b) [](#b) [](src/cli.ts) `[](code)` [](https://example.com)\n";
    expect(brokenLinks("README.md", markdown)).toEqual(["nowhere.md", "#b"]);
  });
});

/** Written so that this file is not found itself. */
const NOWHERE = ["/wor[k]/", "/tmp/bash[_]jobs", "helper[ ]session", "issue[ ]#"];
const NOT_IN_DOCUMENTS = [
  "\\bregistry[.](?!json)[a-z0-9-]+",
  "\\bp[y]pi[.]org",
  "python[h]osted[.]org",
  "crates[.]io",
  "\\bjsr[.]io",
  "\\bghcr[.]io",
];

function forbidden(path: string, text: string): string[] {
  const patterns = path.endsWith(".md") ? [...NOWHERE, ...NOT_IN_DOCUMENTS] : NOWHERE;
  return patterns.flatMap((pattern) => text.match(new RegExp(pattern, "gi")) ?? []);
}

describe("what does not belong into documents and sources", () => {
  test("is not there", () => {
    const found = files.flatMap((path) => forbidden(path, read(path)).map((text) => `${path}: ${text}`));
    expect(found).toEqual([]);
  });

  test("would be found", () => {
    const text = ["/wor", "k/x and registry", ".example.com; see registry", ".json"].join("");
    expect(forbidden("a.md", text)).toHaveLength(2);
    expect(forbidden("a.ts", text)).toHaveLength(1);
  });
});

const reprise = await program({ env: {} } as CliDependencies);

describe("the description of the command line", () => {
  const page = read("docs/CLI.md");
  const leaves = (command: Command, path: readonly string[] = []): string[] =>
    command.commands.length === 0
      ? [path.join(" ")]
      : command.commands.flatMap((verb) => leaves(verb, [...path, verb.name()]));
  const options = (command: Command): string[] => [
    ...command.options.map(({ long }) => long ?? ""),
    ...command.commands.flatMap(options),
  ];

  test("has every verb, and no other", () => {
    const headings = Array.from(page.matchAll(/^### `([a-z -]+)`/gm), ([, verb]) => verb);
    expect(headings.sort()).toEqual(leaves(reprise).sort());
  });

  test("names only options that there are", () => {
    const named = new Set(Array.from(page.matchAll(/(?<![\w-])--[a-z][a-z-]+/g), ([option]) => option));
    expect([...named].filter((option) => ![...options(reprise), "--help"].includes(option))).toEqual([]);
  });
});

const needed = ["sh", "curl", "sed", "sha256sum"].filter(
  (tool) => spawnSync(tool, ["--help"], { stdio: "ignore" }).error,
);
if (needed.length > 0) console.warn(`the commands in documents are not run: there is no ${needed.join(", ")}`);

describe.skipIf(needed.length > 0)("documents beside the running service", () => {
  let folder: string;
  let service: Service;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "reprise-documents-"));
    await mkdir(join(folder, "bin"));
    const node = `exec "${process.execPath}" --disable-warning=ExperimentalWarning "${join(ROOT, "src/cli.ts")}"`;
    await writeFile(join(folder, "bin", "npx"), `#!/bin/sh\nshift\n${node} "$@"\n`);
    await chmod(join(folder, "bin", "npx"), 0o755);
    service = await startProcess(SERVE.node, {
      MODEL_REGISTRY: join(folder, "models"),
      SNAPSHOT_DIR: join(folder, "snapshots"),
      REPRISE_STATE_DIR: join(folder, "var"),
    });
  }, 120_000);

  afterAll(async () => {
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: object) =>
    fetch(`${service.base}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });

  const run = async (commands: string): Promise<string> => {
    const PATH = `${join(folder, "bin")}:${process.env.PATH}`;
    const env = { ...process.env, PATH, NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compiled") };
    const script = commands.replaceAll("http://127.0.0.1:8080", service.base);
    return (await promisify(execFile)("sh", ["-e", "-c", script], { cwd: folder, env, timeout: 20_000 })).stdout;
  };

  describe.each(documents.filter((path) => runningCommands(read(path)).length > 0))("%s", (path) => {
    beforeAll(async () => {
      const fixed = { strategy: "fixed", primary_version: "v0.1", canary_version: null, canary_percentage: 0 };
      expect((await post("/rollout/update", fixed)).status).toBe(200);
    });

    test.each(runningCommands(read(path)))("line $line does what it shows", async ({ commands, output }) => {
      const printed = await run(commands);
      if (output !== null) expect(missingOutput(output, printed), printed).toBeNull();
    });
  });

  test("the API reference has every route", async () => {
    const page = read("docs/API_REFERENCE.md");
    const { paths } = (await (await fetch(`${service.base}/openapi.json`)).json()) as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter((route) => !page.includes(`\`${route}\``))).toEqual([]);
  });
});

describe("output in a document", () => {
  test.each([
    ['{"a": 1, …}', '{"a":1,"b":2}'],
    ['{"a": …, "c": 3}', '{"a":1,"b":2,"c":3}'],
    ['{"request_id": "x", "d": "sha256:12…"}', '{"request_id":"y","d":"sha256:34"}'],
  ])("%s fits %s", (expected, actual) => expect(missingOutput(expected, actual)).toBeNull());

  test.each([
    ['{"a": 1}', '{"a":1,"b":2}'],
    ['{"a": 1, …}', '{"a":2,"b":2}'],
    ['…"a": 1}', '{"a":1},{"b":2}'],
    ["", "x"],
  ])("%s does not fit %s", (expected, actual) => expect(missingOutput(expected, actual)).not.toBeNull());
});
