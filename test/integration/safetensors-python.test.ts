import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { Model } from "../../src/engine/model.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { engine } from "../builders.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";
import { publishEmbedded } from "./trained.ts";

interface Recomputed {
  readonly format: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly gramian_error: number;
  readonly popularity_agrees: boolean;
  readonly users: readonly { row: number; stored: readonly number[]; solved: readonly number[] }[];
}

const USER_ROWS = [0, 1, 449, 899];
const ALL = { k: 500, exclude: [], genre: [], year_min: null, year_max: null, include_seen: true, explain: false };
const given = testGiven(missingPackages(["numpy", "safetensors"], ["numpy==2.4.6", "safetensors==0.8.0"]));

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-python-"));
  await publishEmbedded(cwd);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe("Python's safetensors and NumPy", () => {
  given.each(["v0.1", "v0.2"])("read %s, and compute its users and their scores as it does", async (version) => {
    const printed = await runScript("recompute.py", join(cwd, "models", version), ...USER_ROWS.map(String));
    const found: Recomputed = JSON.parse(printed);
    const verified = await openRegistry(modelFolder(join(cwd, "models"))).load(version);
    const { users, items, hyperparameters } = verified.manifest;
    expect(found.format).toEqual(["reprise-als-1", "reprise-history-1"]);
    expect(found.shapes).toEqual({
      user_factors: [users, hyperparameters.factors],
      item_factors: [items, hyperparameters.factors],
      item_gramian: [hyperparameters.factors, hyperparameters.factors],
      popularity: [items],
    });
    expect(found.gramian_error).toBeLessThan(1e-9);
    expect(found.popularity_agrees).toBe(true);

    const model = new Model(verified, engine.newCore());
    for (const { row, stored, solved } of found.users) {
      const { ranking } = model.recommend(verified.artifact.users[row], ALL);
      expect(ranking.rows).toHaveLength(500);
      ranking.rows.forEach((item, place) => {
        expect(Math.abs(ranking.scores[place] - stored[item])).toBeLessThan(1e-5);
        expect(Math.abs(ranking.scores[place] - solved[item])).toBeLessThan(1e-5);
      });
    }
  });
});
