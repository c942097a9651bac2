import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidateOf, train } from "../../test/builders.ts";
import { reprise, startReprise } from "../../test/command-line.ts";
import golden from "../../test/golden/embedded.json" with { type: "json" };
import { modelFolder } from "../drivers/model-folder.ts";
import { decodeCatalog } from "../registry/catalog.ts";
import { openPublisher } from "../registry/publisher.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-demo-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const catalogOf = async (folder: string) => decodeCatalog(await readFile(join(cwd, folder, "registry.json")));
const digestsOf = async (folder: string) =>
  Object.fromEntries((await catalogOf(folder)).versions.map((entry) => [entry.version, entry.artifact_digest]));

describe("demo", () => {
  test("publishes the embedded versions, keeps their snapshot, and the next time finds them", async () => {
    expect(await reprise({ cwd }, "demo", "--no-serve")).toMatchObject({ code: 0, out: "" });
    expect(await digestsOf("models")).toEqual(golden.artifacts);
    expect(await readdir(join(cwd, "snapshots"))).toEqual([golden.snapshot]);
    const before = await catalogOf("models");
    expect(await reprise({ cwd }, "demo", "--no-serve")).toEqual({ code: 0, signal: null, out: "", err: "" });
    expect(await catalogOf("models")).toEqual(before);
  });

  test("goes on where it was killed between two versions", async () => {
    const { child, ended } = startReprise({ cwd }, "demo", "--no-serve", "--models", "killed");
    child.stderr?.on("data", (chunk) => String(chunk).includes("Published v0.1") && child.kill("SIGKILL"));
    expect(await ended).toMatchObject({ signal: "SIGKILL" });
    expect(await digestsOf("killed")).toEqual({ "v0.1": golden.artifacts["v0.1"] });
    const { code, err } = await reprise({ cwd }, "demo", "--no-serve", "--models", "killed");
    expect(code).toBe(0);
    expect(err).not.toContain("Training v0.1");
    expect(await digestsOf("killed")).toEqual(golden.artifacts);
  });

  test("leaves alone a registry of other data", async () => {
    await openPublisher(modelFolder(join(cwd, "mine")), Date.now).submit(candidateOf(await train()));
    const before = await catalogOf("mine");
    expect(await reprise({ cwd }, "demo", "--no-serve", "--models", "mine")).toMatchObject({ code: 0, err: "" });
    expect(await catalogOf("mine")).toEqual(before);
  });
});
