import { beforeEach, describe, expect, test } from "vitest";
import { candidateOf, memoryRegistry, train, twoTastes } from "../../test/builders.ts";
import { InputError } from "../base/errors.ts";
import { openPublisher } from "./publisher.ts";
import { purgeRegistry } from "./purge.ts";
import { openRegistry, type Registry } from "./registry.ts";
import type { RegistryStore } from "./store.ts";

const AT = "2024-03-01T00:00:00.000Z";
/** Viewers 1 to 24, and 1 to 22. */
const [all, fewer] = [await train(), await train(twoTastes(22))];
const REFUSED = { gate: { passed: false, reasons: ["worse"], checks: [] } };

let files: Map<string, Uint8Array>;
let store: RegistryStore;
let registry: Registry;

/** v0.1, the champion, of few; v0.2 and v0.3 of all; one of each that was refused. */
beforeEach(async () => {
  files = new Map();
  store = memoryRegistry(files);
  registry = openRegistry(store);
  const publisher = openPublisher(store, () => 0);
  for (const artifact of [fewer, all, all]) await publisher.submit(candidateOf(artifact));
  for (const artifact of [fewer, all]) await publisher.submit(candidateOf(artifact, REFUSED));
  await publisher.alias("challenger", "v0.2");
});

const purge = (users: readonly string[], inUse: Record<string, string> = {}, from = store) =>
  purgeRegistry(from, new Set(users), new Map(Object.entries(inUse)), () => Date.parse(AT));

async function verifies(): Promise<void> {
  for (const version of await registry.versions()) await registry.load(version);
}

test("removes what was trained on a user, its aliases and what was refused, and writes it down", async () => {
  const { models, refused, unfinished, kept } = await purge(["24"]);
  expect([models, unfinished, kept]).toEqual([["v0.2", "v0.3"], [], []]);
  expect(refused).toHaveLength(1);
  expect(await registry.versions()).toEqual(["v0.1"]);
  expect([...files.keys()].filter((path) => /^v0\.[23]\//.test(path))).toEqual([]);
  expect(await store.folders("refused")).toHaveLength(1);
  const { aliases, history } = await registry.catalog();
  expect(aliases).toEqual({ champion: "v0.1" });
  const digest = expect.stringMatching(/^sha256:/);
  expect(history.slice(-2)).toEqual([
    { time: AT, action: "purge", version: "v0.2", artifact_digest: digest, aliases: ["challenger"] },
    { time: AT, action: "purge", version: "v0.3", artifact_digest: digest, aliases: [] },
  ]);
  await verifies();
});

test("leaves everything as it is where nobody erased is in it", async () => {
  const before = new Map(files);
  expect(await purge(["nobody"])).toEqual({ models: [], refused: [], unfinished: [], kept: [] });
  expect(files).toEqual(before);
});

test("keeps what is in use and the champion, and says why", async () => {
  const { models, kept } = await purge(["1"], { "v0.3": "it is live" });
  expect(models).toEqual(["v0.2"]);
  expect(kept).toEqual([
    { version: "v0.1", reason: expect.stringContaining("champion") },
    { version: "v0.3", reason: "it is live" },
  ]);
  await verifies();
});

test("does not give the name of a purged version to another", async () => {
  await purge(["24"]);
  const publisher = openPublisher(store, () => 0);
  await expect(publisher.checkVersion("v0.3")).rejects.toThrow(InputError);
  expect((await publisher.submit(candidateOf(fewer))).manifest.version).toBe("v0.4");
});

test("keeps a version whose users do not read, and removes such of the refused", async () => {
  files.set("v0.3/users.json", new Uint8Array(3));
  const [name] = await store.folders("refused");
  files.set(`refused/${name}/users.json`, new Uint8Array(3));
  const { models, refused, kept } = await purge(["24"]);
  expect([models, refused.length]).toEqual([["v0.2"], 2]);
  expect(kept).toEqual([{ version: "v0.3", reason: expect.stringContaining("cannot be told") }]);
});

test("clears away what an interrupted publishing left", async () => {
  const catalog = files.get("registry.json") as Uint8Array;
  await openPublisher(store, () => 0).submit(candidateOf(all));
  files.set("registry.json", catalog);
  expect((await purge(["24"])).unfinished).toEqual(["v0.4"]);
  expect(await store.folders("")).toEqual(["engines", "refused", "v0.1"]);
});

describe("a process that dies", () => {
  test.each([0, 1, 2, 3])(
    "after %i steps leaves a registry that verifies, and the next one finishes",
    async (steps) => {
      let left = steps;
      const orDie = async (work: () => Promise<void>) => {
        if (left-- === 0) throw new Error("killed");
        await work();
      };
      const dying: RegistryStore = {
        ...store,
        putFile: (path, bytes) => orDie(() => store.putFile(path, bytes)),
        removeFolder: (path) => orDie(() => store.removeFolder(path)),
      };
      await expect(purge(["24"], {}, dying)).rejects.toThrow("killed");
      await verifies();
      expect((await purge(["24"])).kept).toEqual([]);
      expect(await registry.versions()).toEqual(["v0.1"]);
      expect(await store.folders("")).toEqual(["engines", "refused", "v0.1"]);
      expect(await store.folders("refused")).toHaveLength(1);
      await verifies();
    },
  );
});
