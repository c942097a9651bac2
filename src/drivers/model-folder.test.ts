import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidateOf, train } from "../../test/builders.ts";
import { registryStoreContract } from "../../test/contract/registry-store.ts";
import { DataError, IntegrityError } from "../base/errors.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { modelFolder } from "./model-folder.ts";

const PROCESS = fileURLToPath(new URL("../../test/contract/registry-process.ts", import.meta.url));

let parent: string;
let root: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "reprise-models-"));
  root = join(parent, "models");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(parent, { recursive: true, force: true });
});

const publisher = () => openPublisher(modelFolder(root), Date.now);
const candidate = candidateOf(await train());

function startProcess(work: string): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROCESS, root, work], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

describe("a model folder", () => {
  registryStoreContract(
    () => modelFolder(root),
    async () => {
      const child = startProcess("try");
      const [answer] = await once(child.stdout as NodeJS.ReadableStream, "data");
      return String(answer) === "held\n";
    },
  );

  test("is not made by reading it", async () => {
    expect(await openRegistry(modelFolder(root)).versions()).toEqual([]);
    expect(await readdir(parent)).toEqual([]);
  });

  test("holds the files of a version under their names, and what belongs to all beside them", async () => {
    await publisher().submit(candidate);
    expect((await readdir(root)).sort()).toEqual([".lock.sqlite", "engines", "registry.json", "v0.1"]);
    expect((await readdir(join(root, "v0.1"))).sort()).toEqual([
      "history.safetensors",
      "items.json",
      "manifest.json",
      "model.safetensors",
      "model_card.md",
      "users.json",
    ]);
    expect(await readdir(join(root, "engines"))).toEqual([`${candidate.engine.digest.slice(7)}.wasm`]);
  });

  test("says so where something else stands in the place of a file", async () => {
    await mkdir(join(root, "registry.json"), { recursive: true });
    await expect(modelFolder(root).read("registry.json")).rejects.toThrow(
      new IntegrityError("registry.json", "cannot be read (EISDIR)"),
    );
  });

  test("has a stamp that differs after one byte was written in place, whatever its times are set to", async () => {
    await writeFile(join(parent, "file"), "content");
    const { atime, mtime } = await stat(join(parent, "file"));
    const before = await modelFolder(parent).stamp("file");
    const handle = await open(join(parent, "file"), "r+");
    await handle.write("C", 0);
    await handle.close();
    await utimes(join(parent, "file"), atime, mtime);
    expect(await modelFolder(parent).stamp("file")).not.toBe(before);
  });

  test("that cannot be made is named in the error", async () => {
    await writeFile(root, "");
    await expect(publisher().submit(candidate)).rejects.toThrow(root);
  });

  test("whose lock is spoiled is named in the error", async () => {
    await mkdir(root);
    await writeFile(join(root, ".lock.sqlite"), "not a database at all, but text");
    await expect(publisher().submit(candidate)).rejects.toThrow(
      new DataError(root, "cannot write: its lock says file is not a database"),
    );
  });
});

describe("what a killed writer left", () => {
  test("is cleared away by the next one, and nothing else is", async () => {
    await mkdir(join(root, ".staging-1"), { recursive: true });
    await writeFile(join(root, ".staging-1", "model.safetensors"), "half");
    await writeFile(join(root, ".staging-2"), "half");
    await writeFile(join(root, "notes.txt"), "mine");
    await publisher().submit(candidate);
    const names = await readdir(root);
    expect(names.filter((name) => name.startsWith(".staging"))).toEqual([]);
    expect(names).toContain("notes.txt");
  });

  test("in the place of the next version is replaced by it", async () => {
    await mkdir(join(root, "v0.1"), { recursive: true });
    await writeFile(join(root, "v0.1", "users.json"), "half");
    await writeFile(join(root, "v0.1", "leftover"), "");
    const registry = openRegistry(modelFolder(root));
    expect(await registry.versions()).toEqual([]);
    await publisher().submit(candidate);
    await registry.load("v0.1");
    expect(await readdir(join(root, "v0.1"))).not.toContain("leftover");
  });
});

describe("several processes", () => {
  test("that publish at once each get versions of their own, and none is lost", async () => {
    const [processes, times] = [3, 3];
    const ended = Array.from({ length: processes }, () => once(startProcess(String(times)), "exit"));
    expect(await Promise.all(ended)).toEqual(Array.from({ length: processes }, () => [0, null]));
    const registry = openRegistry(modelFolder(root));
    const expected = Array.from({ length: processes * times }, (_, place) => `v0.${place + 1}`);
    expect(await registry.versions()).toEqual(expected);
    const { history, aliases } = await registry.catalog();
    expect(history.filter(({ action }) => action === "publish").map(({ version }) => version)).toEqual(expected);
    expect(aliases).toEqual({ champion: "v0.1" });
    for (const version of expected) expect((await registry.load(version)).manifest.version).toBe(version);
    expect((await readdir(root)).filter((name) => name.startsWith(".staging"))).toEqual([]);
  });

  test("wait for each other, and no longer than the one that holds the lock lives", async () => {
    const holder = startProcess("hold");
    await once(holder.stdout as NodeJS.ReadableStream, "data");
    let killed = false;
    const waiting = modelFolder(root).exclusively(async () => killed);
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, "waits"))]);
    expect(first).toBe("waits");
    killed = true;
    holder.kill("SIGKILL");
    expect(await waiting).toBe(true);
  });
});
