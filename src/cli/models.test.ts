import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidateOf, engine, train } from "../../test/builders.ts";
import { type Ended, reprise } from "../../test/command-line.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { openPublisher } from "../registry/publisher.ts";

let cwd: string;

/** Two versions; the user rows of the second are not what its histories give. */
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-models-"));
  const artifact = await train();
  const forged = {
    ...artifact,
    factors: { ...artifact.factors, userFactors: artifact.factors.userFactors.map((value) => -value) },
  };
  const publisher = openPublisher(modelFolder(join(cwd, "models")), () => Date.UTC(2024, 0, 1));
  await publisher.submit(candidateOf(artifact));
  await publisher.submit(candidateOf(forged));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const models = (...args: string[]) => reprise({ cwd }, "models", ...args);

/** A copy of the registry, with one file changed. */
async function spoiled(name: string, path: string, change: (bytes: Buffer) => Buffer): Promise<string> {
  await cp(join(cwd, "models"), join(cwd, name), { recursive: true });
  const file = join(cwd, name, path);
  await writeFile(file, change(await readFile(file)));
  return name;
}

function failure({ code, out, err }: Ended, expected: 1 | 2): string {
  expect([code, out]).toEqual([expected, ""]);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err.slice("error: ".length, -1);
}

describe("models list", () => {
  test("names the versions and their aliases", async () => {
    const { code, out, err } = await models("list", "--format", "json");
    expect([code, err]).toEqual([0, ""]);
    const at = "2024-01-01T00:00:00.000Z";
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    const entry = { artifact_digest: digest, manifest_digest: digest, published_at: at };
    expect(JSON.parse(out)).toEqual({
      models: [
        { version: "v0.1", ...entry, aliases: ["champion"] },
        { version: "v0.2", ...entry, aliases: [] },
      ],
    });
  });

  test("is for people too", async () => {
    const { out } = await models("list");
    expect(out.split("\n")[0]).toMatch(/^v0\.1 {5}2024-01-01T00:00:00\.000Z {2}sha256:[0-9a-f]{12}… {2}\(champion\)$/);
  });

  test("tells of a registry without versions, and makes none", async () => {
    expect(await models("list", "--models", "none")).toMatchObject({ code: 0, out: "no version is published\n" });
    expect(JSON.parse((await models("list", "--models", "none", "--format", "json")).out)).toEqual({ models: [] });
    expect(await readdir(cwd)).not.toContain("none");
  });

  test("exits 1 where the registry does not read", async () => {
    const broken = await spoiled("cut", "registry.json", (bytes) => bytes.subarray(0, -10));
    expect(failure(await models("list", "--models", broken), 1)).toBe("registry.json: is not JSON in UTF-8");
  });
});

describe("models show", () => {
  test("prints the manifest", async () => {
    const { code, out } = await models("show", "v0.1");
    expect(code).toBe(0);
    expect(out).toBe(await readFile(join(cwd, "models", "v0.1", "manifest.json"), "utf8"));
  });

  test("exits 2 for a version that there is not", async () => {
    expect(failure(await models("show", "v9.9"), 2)).toBe('unknown model "v9.9"');
  });
});

describe("models verify", () => {
  const checked = (ended: Ended) => {
    const { version, ok, checks } = JSON.parse(ended.out) as {
      version: string;
      ok: boolean;
      checks: { name: string; ok: boolean; detail: string }[];
    };
    const failed = checks.filter((check) => !check.ok).map(({ name }) => name);
    return { code: ended.code, version, ok, failed, names: checks.map(({ name }) => name) };
  };
  const verify = async (version: string, ...args: string[]) =>
    checked(await models("verify", version, "--format", "json", ...args));

  test("checks digests, content, the engine, and computes again what is held twice", async () => {
    const { names, ...rest } = await verify("v0.1");
    expect(rest).toEqual({ code: 0, version: "v0.1", ok: true, failed: [] });
    for (const name of ["manifest.json", "model.safetensors", "artifact digest", "content", "engine", "fold-in"]) {
      expect(names).toContain(name);
    }
  });

  test("is for people too", async () => {
    const { code, out } = await models("verify", "v0.1");
    expect(code).toBe(0);
    expect(out).toMatch(/\nok {5}fold-in +24 of 24 user rows are their fold-in\n/);
    expect(out).toMatch(/\nv0\.1 verifies\n$/);
  });

  test("finds user rows that are not what their histories give, although every digest fits", async () => {
    expect(await verify("v0.2")).toMatchObject({ code: 1, ok: false, failed: ["fold-in"] });
    expect((await models("verify", "v0.2")).out).toMatch(/v0\.2 DOES NOT VERIFY\n$/);
  });

  test.each([
    ["v0.1/history.safetensors", "history.safetensors"],
    ["v0.1/manifest.json", "manifest.json"],
    [`engines/${engine.digest.slice(7)}.wasm`, "engine"],
  ])("exits 1 where one byte of %s was changed", async (path, name) => {
    const place = await spoiled(name, path, (bytes) => {
      bytes[bytes.length - 3] ^= 1;
      return bytes;
    });
    const { code, ok, failed } = await verify("v0.1", "--models", place);
    expect([code, ok, failed[0]]).toEqual([1, false, name]);
    const { out } = await models("verify", "v0.1", "--models", place);
    expect(out).toMatch(new RegExp(`^FAILED ${name} .*(expected|what is kept as) sha256:`, "m"));
  });

  test("exits 2 for a version that there is not", async () => {
    expect(failure(await models("verify", "v9.9"), 2)).toBe('unknown model "v9.9"');
  });
});

describe("models alias", () => {
  test("lets an alias name a version", async () => {
    await cp(join(cwd, "models"), join(cwd, "aliased"), { recursive: true });
    const { code, out } = await models("alias", "challenger", "v0.2", "--models", "aliased", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ alias: "challenger", version: "v0.2" });
    const listed = JSON.parse((await models("list", "--models", "aliased", "--format", "json")).out);
    expect(listed.models.map(({ aliases }: { aliases: string[] }) => aliases)).toEqual([["champion"], ["challenger"]]);
  });

  test("exits 2 for a version that there is not, and for a malformed alias", async () => {
    expect(failure(await models("alias", "champion", "v9.9"), 2)).toBe('unknown model "v9.9"');
    expect(failure(await models("alias", "Champion", "v0.1"), 2)).toMatch(/^alias: must be 1 to 32 lower-case letters/);
  });
});
