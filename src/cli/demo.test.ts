import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { candidateOf, train } from "../../test/builders.ts";
import { reprise } from "../../test/command-line.ts";
import golden from "../../test/golden/embedded.json" with { type: "json" };
import { modelFolder } from "../drivers/model-folder.ts";
import { embeddedSnapshot } from "../embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../embedded/versions.ts";
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
  test("publishes the embedded versions that are missing, and keeps their snapshot", async () => {
    const first = await train(embeddedSnapshot(), EMBEDDED_VERSIONS.get("v0.1"));
    const publisher = openPublisher(modelFolder(join(cwd, "models")), Date.now);
    await publisher.submit(candidateOf(first, { data_snapshot_id: golden.snapshot }));
    const { code, out, err } = await reprise({ cwd }, "demo", "--no-serve");
    expect([code, out]).toEqual([0, ""]);
    expect(err).not.toContain("Training v0.1");
    expect(err).toMatch(/Training v0\.2 on \d+ threads …\nPublished v0\.2 after /);
    expect(await digestsOf("models")).toEqual(golden.artifacts);
    const kept = (await readdir(join(cwd, "snapshots"))).filter((name) => !name.startsWith("."));
    expect(kept).toEqual([golden.snapshot]);
  });

  test("finds them the next time, and says nothing", async () => {
    const before = await catalogOf("models");
    expect(before.versions).toHaveLength(2);
    expect(await reprise({ cwd }, "demo", "--no-serve")).toEqual({ code: 0, signal: null, out: "", err: "" });
    expect(await catalogOf("models")).toEqual(before);
  });

  test("leaves alone a registry of other data", async () => {
    await openPublisher(modelFolder(join(cwd, "mine")), Date.now).submit(candidateOf(await train()));
    const before = await catalogOf("mine");
    expect(await reprise({ cwd }, "demo", "--no-serve", "--models", "mine")).toMatchObject({ code: 0, err: "" });
    expect(await catalogOf("mine")).toEqual(before);
  });
});
