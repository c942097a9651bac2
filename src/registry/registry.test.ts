import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, train, twoTastes } from "../../test/builders.ts";
import { ARTIFACT_FILES } from "../artifact/codec.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { historyOfRow } from "../history/history.ts";
import { openPublisher } from "./publisher.ts";
import { openRegistry, type Registry } from "./registry.ts";

const artifact = await train();
const other = await train(twoTastes(22));

let files: Map<string, Uint8Array>;
let registry: Registry;

beforeEach(async () => {
  files = new Map();
  const store = memoryRegistry(files);
  const publisher = openPublisher(store, () => 0);
  for (const candidate of [candidateOf(artifact), candidateOf(other)]) await publisher.submit(candidate);
  registry = openRegistry(store);
});

const failed = async (version: string) => (await registry.inspect(version)).filter(({ ok }) => !ok);

/** The one line with which a version is refused. */
async function refusalOf(version: string): Promise<string> {
  const error = await registry.load(version).then(
    () => expect.unreachable(`${version} was loaded`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(IntegrityError);
  expect((error as IntegrityError).message).toMatch(/^.{1,300}$/);
  return (error as IntegrityError).message;
}

test("a published version reads as it was submitted", async () => {
  expect(await registry.versions()).toEqual(["v0.1", "v0.2"]);
  const { manifest, artifact: loaded } = await registry.load("v0.1");
  expect(loaded).toEqual(artifact);
  expect(manifest).toEqual(await registry.manifest("v0.1"));
  expect(await failed("v0.1")).toEqual([]);
  expect(await registry.engine(manifest.engine_digest)).toEqual(Uint8Array.from(engine.bytes));
});

test("what is not published is not found, whatever its name", async () => {
  files.set("v0.3/manifest.json", files.get("v0.2/manifest.json") as Uint8Array);
  for (const version of ["v0.3", "", "../v0.1", "v0.1/", "constructor"]) {
    for (const ask of [registry.manifest, registry.inspect, registry.load]) {
      await expect(ask(version)).rejects.toThrow(NotFoundError);
    }
  }
  expect(await registry.engine("sha256:0")).toBeNull();
});

test("an empty place is a registry without versions", async () => {
  const empty = openRegistry(memoryRegistry());
  expect(await empty.versions()).toEqual([]);
  expect((await empty.catalog()).aliases).toEqual({});
});

const parts = [...ARTIFACT_FILES, "manifest.json"] as const;

test("any byte changed in any file of a version is reported by name, and the version refused", async () => {
  const change = fc.record({
    name: fc.constantFrom(...parts),
    at: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ name, at, flip }) => {
      const path = `v0.1/${name}`;
      const whole = files.get(path) as Uint8Array;
      const place = at % whole.length;
      files.set(
        path,
        whole.map((byte, index) => (index === place ? byte ^ flip : byte)),
      );
      expect((await failed("v0.1"))[0]?.name).toBe(name);
      expect(await refusalOf("v0.1")).toContain(name);
      expect(await failed("v0.2")).toEqual([]);
      files.set(path, whole);
      expect(await failed("v0.1")).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

describe.each(parts)("a %s", (name) => {
  const path = `v0.1/${name}`;

  test.each([
    ["missing", () => null],
    ["empty", () => new Uint8Array(0)],
    ["a PNG", () => Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    ["cut by a byte", (whole: Uint8Array) => whole.subarray(0, -1)],
    ["longer by a byte", (whole: Uint8Array) => Buffer.concat([whole, Buffer.from("\n")])],
  ])("that is %s is reported and refused in one line", async (_, spoil) => {
    const bytes = spoil(files.get(path) as Uint8Array);
    if (bytes) files.set(path, bytes);
    else files.delete(path);
    expect((await failed("v0.1"))[0]?.name).toBe(name);
    expect(await refusalOf("v0.1")).toContain(name);
  });
});

test.each(parts.filter((name) => name !== "items.json"))("the %s of another version is refused", async (name) => {
  files.set(`v0.1/${name}`, files.get(`v0.2/${name}`) as Uint8Array);
  expect((await failed("v0.1"))[0]?.name).toBe(name);
  expect(await refusalOf("v0.1")).toContain(name);
});

test("a version put whole in the place of another is refused", async () => {
  for (const name of parts) files.set(`v0.1/${name}`, files.get(`v0.2/${name}`) as Uint8Array);
  expect(await refusalOf("v0.1")).toMatch(/^v0\.1\/manifest\.json: expected sha256:/);
});

test("a catalog that does not read hides no fault", async () => {
  files.set("registry.json", Buffer.from("{}"));
  for (const ask of [registry.versions(), registry.load("v0.1"), registry.inspect("v0.1")]) {
    await expect(ask).rejects.toThrow(/^registry\.json: /);
  }
});

describe("one user's history", () => {
  test("is what the artifact holds, every column of it", async () => {
    for (const row of [0, 5, artifact.users.length - 1]) {
      expect(await registry.history("v0.1", row)).toEqual(historyOfRow(artifact.histories.table, row));
    }
  });

  test("is not given from a file that was altered or is gone, nor of a version that is not published", async () => {
    const path = "v0.1/history.safetensors";
    const bytes = Uint8Array.from(files.get(path) as Uint8Array);
    bytes[bytes.length - 1] ^= 1;
    files.set(path, bytes);
    await expect(registry.history("v0.1", 0)).rejects.toThrow(IntegrityError);
    files.delete(path);
    await expect(registry.history("v0.1", 0)).rejects.toThrow(new IntegrityError(path, "is missing"));
    await expect(registry.history("v0.9", 0)).rejects.toThrow(NotFoundError);
  });

  test("is not given of a row that there is not", async () => {
    for (const row of [artifact.users.length, -1, 1e9]) {
      await expect(registry.history("v0.1", row)).rejects.toThrow(IntegrityError);
    }
  });
});
