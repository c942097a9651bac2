import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, importTwoTastes, reprise, SMALL_TRAINING } from "../../test/command-line.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { openRegistry } from "../registry/registry.ts";

let cwd: string;
let snapshot: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-train-"));
  snapshot = await importTwoTastes(cwd);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const train = (models: string, ...args: string[]) =>
  reprise({ cwd }, "train", "--snapshot", snapshot.slice(0, 8), ...SMALL_TRAINING, "--models", models, ...args);

/** What a process said that did nothing: one line on standard error, and nothing else. */
function oneLine({ code, out, err }: Ended): string {
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  return err.slice("error: ".length, -1);
}

describe("train", () => {
  test("publishes a model, and tells what a program wants to know", async () => {
    const { code, out, err } = await train("models", "--format", "json");
    expect([code, err]).toEqual([0, ""]);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      version: "v0.1",
      model_name: "als",
      path: "models/v0.1",
      data_snapshot_id: snapshot,
      gate: {
        passed: true,
        reasons: [expect.stringMatching(/^NDCG@10 over popularity on a temporal split, 24 users: /)],
      },
      metrics: { "hr@10": { value: 1 } },
    });
    expect(report.seconds).toBeGreaterThan(0);
    for (const estimate of Object.values(report.metrics)) {
      expect(Object.keys(estimate as object)).toEqual(["value", "low", "high"]);
    }
    const { manifest } = await openRegistry(modelFolder(join(cwd, "models"))).load("v0.1");
    expect(manifest.artifact_digest).toBe(report.artifact_digest);
    expect(manifest.hyperparameters).toMatchObject({ factors: 6, iterations: 4 });
  });

  test("gives the next version, and the same artifact on any number of threads", async () => {
    const digests = [];
    for (const [threads, version] of [
      ["1", "v0.1"],
      ["3", "v0.2"],
    ]) {
      const { code, out } = await train("again", "--threads", threads);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^${version} published in again/${version}\n`));
      digests.push(/sha256:[0-9a-f]{64}/.exec(out)?.[0]);
    }
    expect(digests[1]).toBe(digests[0]);
  });

  test("exits 1 when the gate refuses, and says where the model is kept aside", async () => {
    const { code, out } = await train("worse", "--weight-rule", "rating>=6", "--format", "json");
    expect(code).toBe(1);
    const { path, gate } = JSON.parse(out);
    expect(path).toMatch(/^worse\/refused\/v0\.1-[0-9a-f]{12}$/);
    expect(gate).toMatchObject({
      passed: false,
      reasons: [
        expect.stringMatching(/^all of 24 users looked at are given the same list/),
        expect.stringMatching(/^not shown to be better than popularity: /),
      ],
    });
    expect(await readdir(join(cwd, "worse", "refused"))).toHaveLength(1);
  });

  test("publishes under the version asked for, once", async () => {
    expect((await train("named", "--version", "v2.0")).code).toBe(0);
    expect(oneLine(await train("named", "--version", "v2.0"))).toBe(
      "version: is published already, and a published version never changes",
    );
    expect(oneLine(await train("named", "--version", "two"))).toBe('version: must look like v0.3, is "two"');
  });
});

describe("train refuses", () => {
  test("a snapshot that there is not", async () => {
    expect(oneLine(await train("none", "--snapshot", "ffff"))).toBe('unknown snapshot "ffff"');
  });

  test.each([
    [
      ["--factors", "0", "--seed", "-1"],
      "factors: must be a whole number from 1 to 256, is 0; seed: must be a whole number from 0 to 9007199254740991, is -1",
    ],
    [["--threads", "65"], "--threads: must be a whole number from 1 to 64, is 65"],
    [["--iterations", "many"], "option '--iterations <n>' argument 'many' is invalid. must be a number."],
    [["--solver", "cg"], 'solver: must be cholesky, or pcg:STEPS with 1 to 64 steps, is "cg"'],
  ])("%j, naming it and what is allowed", async (args, message) => {
    expect(oneLine(await train("none", ...args))).toBe(message);
    expect(await readdir(cwd)).not.toContain("none");
  });

  test("to begin without a snapshot", async () => {
    expect(oneLine(await reprise({ cwd }, "train"))).toBe("required option '--snapshot <id>' not specified");
  });
});
