import { watch } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { reprise, startReprise } from "../command-line.ts";
import { publishEmbedded, wholeVersions } from "./trained.ts";

const TIMED_KILLS = 12;
/** Changes of the folder between two such kills; publishing makes about 30. */
const CHANGES_APART = 3;
const CHANGE_KILLS = 9;

let cwd: string;
let models: string;
let training: readonly string[];
/** How long the training takes that is killed. */
let fullMs: number;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-crash-"));
  models = join(cwd, "killed");
  const snapshot = await publishEmbedded(cwd);
  training = ["train", "--snapshot", snapshot, "--models", "killed", "--factors", "16", "--iterations", "8"];
  const startedAt = performance.now();
  expect((await reprise({ cwd }, ...training)).code).toBe(0);
  fullMs = performance.now() - startedAt;
});
beforeEach(async () => {
  await rm(models, { recursive: true, force: true });
  await cp(join(cwd, "models"), models, { recursive: true });
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What must hold after a training was ended from outside, wherever it was. */
async function expectSound(): Promise<void> {
  const after = await wholeVersions(models);
  expect([
    ["v0.1", "v0.2"],
    ["v0.1", "v0.2", "v0.3"],
  ]).toContainEqual(after);

  const { code, err } = await reprise({ cwd }, "train", ...training.slice(1, 5), "--factors", "4", "--iterations", "1");
  expect([code, err]).toEqual([0, ""]);
  expect(await wholeVersions(models)).toHaveLength(after.length + 1);
  expect((await readdir(models)).filter((name) => name.startsWith(".staging"))).toEqual([]);
}

describe("a training that is killed", () => {
  // Spread over the whole run, each at a random place of its part.
  test.each(Array.from({ length: TIMED_KILLS }, (_, part) => part))(
    `after part ${"%i"} of ${TIMED_KILLS} of its time leaves a sound registry`,
    async (part) => {
      const { child, ended } = startReprise({ cwd }, ...training);
      await wait(((part + Math.random()) / TIMED_KILLS) * fullMs * 1.1);
      child.kill("SIGKILL");
      await ended;
      await expectSound();
    },
  );

  test.each(Array.from({ length: CHANGE_KILLS }, (_, kill) => kill * CHANGES_APART))(
    "at change %i of the registry's folder leaves a sound registry",
    async (change) => {
      const { child, ended } = startReprise({ cwd }, ...training);
      let seen = 0;
      const watcher = watch(models, { recursive: true }, () => {
        if (seen++ === change) child.kill("SIGKILL");
      });
      await ended;
      watcher.close();
      expect(seen).toBeGreaterThan(change);
      await expectSound();
    },
  );
});

describe("a training that is interrupted with Ctrl-C", () => {
  test.each([0.2, 0.5, 0.8, 0.95])(
    "after %f of its time ends at once, by the signal or 130, and leaves a sound registry",
    async (share) => {
      const { child, ended } = startReprise({ cwd }, ...training);
      await wait(share * fullMs);
      child.kill("SIGINT");
      const { code, signal, out } = await ended;
      // It may have been quicker than the signal; then it says so.
      const finished = code === 0 && /^v\d+\.\d+ published/.test(out);
      expect(finished || signal === "SIGINT" || code === 130).toBe(true);
      await expectSound();
    },
  );
});
