import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/artifact/artifact.ts";
import { InputError, NotFoundError } from "../../src/base/errors.ts";
import { openPublisher, type Publisher } from "../../src/registry/publisher.ts";
import { openRegistry, type Registry } from "../../src/registry/registry.ts";
import type { RegistryStore } from "../../src/registry/store.ts";
import { candidateOf, train } from "../builders.ts";

/** Opens the store of a test's own registry, which is empty when the test starts; each call gives another handle on it. */
export type OpenStore = () => RegistryStore;

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = (content: Record<string, string>) =>
  new Map(Object.entries(content).map(([name, text]) => [name, bytes(text)]));

/** Whether another process can do exclusive work on that registry at this moment. */
export type TryElsewhere = () => Promise<boolean>;

/**
 * What any place for a model registry does; to be called within `describe`.
 * @param tryElsewhere for a place that processes share; null for one that ends with its process
 */
export function registryStoreContract(open: OpenStore, tryElsewhere: TryElsewhere | null): void {
  const read = async (path: string) => {
    const content = await open().read(path);
    return content && new TextDecoder().decode(content);
  };

  describe("its files", () => {
    test("are null where there is none", async () => {
      await open().putFile("a", bytes("1"));
      for (const path of ["b", "v0.1/a", "a/b"]) expect(await read(path)).toBeNull();
    });

    test("are read as they were written last, also in a folder that was not there", async () => {
      const content = bytes("first");
      await open().putFile("engines/a.wasm", content);
      content.fill(0);
      expect(await read("engines/a.wasm")).toBe("first");
      await open().putFile("engines/a.wasm", bytes("2"));
      expect(await read("engines/a.wasm")).toBe("2");
    });

    test("have a stamp that stays while they do, and differs after every change", async () => {
      expect(await open().stamp("v0.1/a")).toBeNull();
      await open().putFolder("v0.1", folder({ a: "1" }));
      await open().putFile("file", bytes("1"));
      const stamps = async () => [await open().stamp("v0.1/a"), await open().stamp("file")];
      const before = await stamps();
      await read("v0.1/a");
      expect(await stamps()).toEqual(before);
      await open().putFolder("v0.1", folder({ a: "2" }));
      await open().putFile("file", bytes("2"));
      for (const [place, stamp] of (await stamps()).entries()) expect(stamp).not.toBe(before[place]);
    });

    test("are whole, old or new, for who reads while they are replaced", async () => {
      const versions = ["x", "y"].map((letter) => letter.repeat(200_000));
      await open().putFile("file", bytes(versions[0]));
      let writing = true;
      const writer = (async () => {
        for (let turn = 0; turn < 10; turn++) await open().putFile("file", bytes(versions[turn % 2]));
        writing = false;
      })();
      while (writing) expect(versions).toContain(await read("file"));
      await writer;
    });

    test("of a folder take the place of all that was there", async () => {
      await open().putFolder("v0.1", folder({ a: "1", b: "2" }));
      await open().putFolder("v0.10", folder({ a: "3" }));
      await open().putFolder("v0.1", folder({ b: "4" }));
      await open().putFolder("refused/v0.1", folder({ a: "5" }));
      const paths = ["v0.1/a", "v0.1/b", "v0.10/a", "refused/v0.1/a"];
      expect(await Promise.all(paths.map(read))).toEqual([null, "4", "3", "5"]);
    });
  });

  describe("its folders", () => {
    test("are listed by name, at each level", async () => {
      expect(await open().folders("")).toEqual([]);
      for (const path of ["v0.2", "v0.1", "refused/x"]) await open().putFolder(path, folder({ a: "1" }));
      await open().putFile("file", bytes("1"));
      const listed = await open().folders("");
      expect(listed).toEqual(["refused", "v0.1", "v0.2"]);
      expect(await open().folders("refused")).toEqual(["x"]);
      expect(await open().folders("none")).toEqual([]);
    });

    test("are removed with all that is in them, and again", async () => {
      for (const path of ["v0.1", "v0.10"]) await open().putFolder(path, folder({ a: "1", b: "2" }));
      for (let turn = 0; turn < 2; turn++) {
        await open().removeFolder("v0.1");
        expect([await read("v0.1/a"), await read("v0.1/b"), await read("v0.10/a")]).toEqual([null, null, "1"]);
        expect(await open().folders("")).toEqual(["v0.10"]);
      }
    });
  });

  describe("exclusive work", () => {
    test("gives its result, and its fault", async () => {
      expect(await open().exclusively(async () => 7)).toBe(7);
      const fault = new Error("fault");
      await expect(open().exclusively(() => Promise.reject(fault))).rejects.toBe(fault);
      expect(await open().exclusively(async () => 8)).toBe(8);
    });

    test("never overlaps", async () => {
      let inside = 0;
      const work = async () => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside--;
      };
      await Promise.all(Array.from({ length: 4 }, () => open().exclusively(work)));
    });

    if (tryElsewhere) {
      test("keeps other processes out, also while more of this one wait", async () => {
        let second: Promise<string> | null = null;
        await open().exclusively(async () => {
          second = open().exclusively(async () => "second");
          expect(await tryElsewhere()).toBe(false);
        });
        expect(await second).toBe("second");
        expect(await tryElsewhere()).toBe(true);
      });
    }
  });

  describe("publishing", () => {
    let artifact: Artifact;
    let publisher: Publisher;
    let registry: Registry;
    let clock: number;

    beforeAll(async () => {
      artifact = await train();
    });
    beforeEach(() => {
      clock = Date.UTC(2024, 0, 1);
      publisher = openPublisher(open(), () => clock++);
      registry = openRegistry(open());
    });

    const submit = (version: string | null = null) => publisher.submit({ ...candidateOf(artifact), version });
    const refused = { gate: { passed: false, reasons: ["worse"], checks: [] } };

    test("makes the first version the champion, and later ones not", async () => {
      expect((await submit()).path).toBe("v0.1");
      expect((await submit()).manifest.version).toBe("v0.2");
      expect((await registry.catalog()).aliases).toEqual({ champion: "v0.1" });
      expect(await registry.versions()).toEqual(["v0.1", "v0.2"]);
      for (const version of ["v0.1", "v0.2"]) expect((await registry.load(version)).artifact).toEqual(artifact);
    });

    test("keeps the engine and a model card with the version", async () => {
      const { manifest } = await submit();
      expect(await registry.engine(manifest.engine_digest)).not.toBeNull();
      expect(await read("v0.1/model_card.md")).toMatch(/^# Model v0\.1\n/);
    });

    test("takes the version asked for, and goes on behind the newest", async () => {
      await submit("v1.4");
      await submit("v0.9");
      expect((await submit()).manifest.version).toBe("v1.5");
      expect(await registry.versions()).toEqual(["v0.9", "v1.4", "v1.5"]);
    });

    test("refuses a version that is taken, and leaves it as it is", async () => {
      await submit("v0.1");
      const before = await read("v0.1/manifest.json");
      const taken = InputError.of("version", "v0.1", "is published already, and a published version never changes");
      await expect(submit("v0.1")).rejects.toThrow(taken);
      await expect(publisher.checkVersion("v0.1")).rejects.toThrow(taken);
      expect(await read("v0.1/manifest.json")).toBe(before);
    });

    test.each(["0.1", "v1", "v0.01", "../v0.1", "refused"])("refuses %j as a version", async (version) => {
      await expect(submit(version)).rejects.toThrow(InputError);
      await expect(publisher.checkVersion(version)).rejects.toThrow("version: must look like v0.3");
      expect(await registry.versions()).toEqual([]);
    });

    test("keeps aside what the gate refused, and uses up no version", async () => {
      const { path, manifest } = await publisher.submit(candidateOf(artifact, refused));
      expect(path).toBe(`refused/v0.1-${manifest.artifact_digest.slice(7, 19)}`);
      expect(await read(`${path}/model_card.md`)).toContain("Refused.\n\n- worse");
      expect(await registry.versions()).toEqual([]);
      expect((await registry.catalog()).aliases).toEqual({});
      expect((await submit()).manifest.version).toBe("v0.1");
      expect(await read(`${path}/manifest.json`)).not.toBeNull();
    });

    test("moves aliases, and writes down when and from where", async () => {
      await submit();
      await submit();
      await publisher.alias("champion", "v0.2");
      await publisher.alias("challenger", "v0.1");
      const { aliases, history } = await registry.catalog();
      expect(aliases).toEqual({ champion: "v0.2", challenger: "v0.1" });
      expect(history.slice(-2)).toEqual([
        { time: "2024-01-01T00:00:00.002Z", action: "alias", alias: "champion", version: "v0.2", previous: "v0.1" },
        { time: "2024-01-01T00:00:00.003Z", action: "alias", alias: "challenger", version: "v0.1", previous: null },
      ]);
    });

    test("refuses an alias that is malformed or for an unknown version", async () => {
      await submit();
      await expect(publisher.alias("Champion!", "v0.1")).rejects.toThrow(InputError);
      await expect(publisher.alias("champion", "v0.2")).rejects.toThrow(NotFoundError);
      expect((await registry.catalog()).aliases).toEqual({ champion: "v0.1" });
    });

    test("gives each of several at once a version of its own", async () => {
      const handles = Array.from({ length: 5 }, () => openPublisher(open(), () => clock++));
      const submitted = await Promise.all(handles.map((handle) => handle.submit(candidateOf(artifact))));
      const expected = ["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"];
      expect(submitted.map(({ manifest }) => manifest.version).sort()).toEqual(expected);
      expect(await registry.versions()).toEqual(expected);
      for (const version of expected) expect((await registry.load(version)).manifest.version).toBe(version);
    });

    test("puts right a kept engine that was spoiled", async () => {
      const { manifest } = await submit();
      const path = `engines/${manifest.engine_digest.slice(7)}.wasm`;
      const whole = await read(path);
      await open().putFile(path, bytes("spoiled"));
      await submit();
      expect(await read(path)).toBe(whole);
    });

    // The first version writes the engine, its folder and the catalog; the second finds the engine there.
    test.each([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
    ])("beside %i versions, dying after %i writes, leaves nothing that is in the way", async (published, writes) => {
      const before = Array.from({ length: published }, (_, place) => `v0.${place + 1}`);
      for (const version of before) await submit(version);
      const dies = openPublisher(dying(open(), writes), () => clock++);
      await expect(dies.submit(candidateOf(artifact))).rejects.toThrow("killed");
      expect(await registry.versions()).toEqual(before);
      for (const version of before) await registry.load(version);
      const next = `v0.${published + 1}`;
      expect((await submit()).manifest.version).toBe(next);
      expect((await registry.load(next)).artifact).toEqual(artifact);
    });
  });
}

/** A store whose process is killed when it is about to write once more than `writes` times. */
function dying(store: RegistryStore, writes: number): RegistryStore {
  let left = writes;
  const orDie = async (write: () => Promise<void>) => {
    if (left-- === 0) throw new Error("killed");
    await write();
  };
  return {
    ...store,
    putFile: (path, content) => orDie(() => store.putFile(path, content)),
    putFolder: (path, content) => orDie(() => store.putFolder(path, content)),
  };
}
