import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { projectFolder } from "./project-folder.ts";

let root: string;
const at = (...path: string[]) => join(root, ...path);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "reprise-project-"));
  await mkdir(at("bin"));
  vi.stubEnv("PATH", at("bin"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

/** Puts a program on PATH. */
async function program(name: string, script: string): Promise<void> {
  await writeFile(at("bin", name), `#!/bin/sh\n${script}\n`);
  await chmod(at("bin", name), 0o755);
}

test("files are read and listed below the project; what is not there is not", async () => {
  await mkdir(at("src", "deep"), { recursive: true });
  await writeFile(at("src", "b.ts"), "b");
  await writeFile(at("src", "deep", "a.ts"), "a");
  const project = projectFolder(root);
  expect(await project.read("src/b.ts")).toBe("b");
  expect(await project.read("src/c.ts")).toBeNull();
  expect(await project.list("src")).toEqual(["src/b.ts", "src/deep/a.ts"]);
  expect(await project.list("elsewhere")).toEqual([]);
});

describe("Docker", () => {
  test("without the program is no engine", async () => {
    expect(await projectFolder(root).docker(["images"])).toEqual({
      ok: false,
      reason: "no Docker engine: there is no docker",
      noEngine: true,
    });
  });

  test("without its daemon is no engine, whatever it says of the question", async () => {
    await program(
      "docker",
      '[ "$1" = version ] && echo "Cannot connect to the daemon" >&2 || echo "unknown flag" >&2; exit 1',
    );
    expect(await projectFolder(root).docker(["compose", "ps"])).toEqual({
      ok: false,
      reason: "no Docker engine: Cannot connect to the daemon",
      noEngine: true,
    });
  });

  test("that runs and refuses is told as it is", async () => {
    await program("docker", '[ "$1" = version ] && echo 29 && exit 0; echo "no such service: api" >&2; exit 1');
    expect(await projectFolder(root).docker(["compose", "logs", "api"])).toEqual({
      ok: false,
      reason: "no such service: api",
      noEngine: false,
    });
  });

  test("that answers is listened to", async () => {
    await program("docker", 'echo "asked $1 $2"');
    expect(await projectFolder(root).docker(["images", "--digests"])).toEqual({
      ok: true,
      text: "asked images --digests\n",
    });
  });
});

describe("the end of a log", () => {
  test("is as long as asked for, from the start of a line", async () => {
    await writeFile(at("log"), "first line\nsecond line\nthird\n");
    const tail = async (bytes: number) => projectFolder(root).tail(at("log"), bytes);
    expect(await tail(100)).toEqual({ ok: true, text: "first line\nsecond line\nthird\n" });
    expect(await tail(10)).toEqual({ ok: true, text: "third\n" });
  });

  test("of a file that is not there is told", async () => {
    const told = await projectFolder(root).tail(at("none"), 10);
    expect(told).toMatchObject({ ok: false, noEngine: false, reason: expect.stringContaining("ENOENT") });
  });
});
