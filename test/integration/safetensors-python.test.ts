import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { Model } from "../../src/engine/model.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { engine } from "../builders.ts";
import { type Missing, testGiven } from "./requirement.ts";
import { publishEmbedded } from "./trained.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const VENV = at("../../build/venv");
const PYTHON = `${VENV}/bin/python`;
const IMPORT = ["-c", "import numpy, safetensors"];

/** Makes a virtual environment with what the script imports, unless that has been done, or tells why it cannot be. */
function missingPackages(): Missing {
  if (existsSync(PYTHON) && spawnSync(PYTHON, IMPORT).status === 0) return null;
  for (const [program, ...args] of [
    ["python3", "-m", "venv", "--clear", VENV],
    [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", at("requirements.txt")],
  ]) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 240_000 });
    if (status === 0) continue;
    const reason = error?.message ?? stderr.trim().split("\n").at(-1);
    return `reading models with Python: ${program} ${args.join(" ")}: ${reason}; install Python 3.9 or later with venv, and let pip reach PyPI`;
  }
  return null;
}

interface Recomputed {
  readonly format: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly gramian_error: number;
  readonly popularity_agrees: boolean;
  readonly users: readonly { row: number; stored: readonly number[]; solved: readonly number[] }[];
}

const USER_ROWS = [0, 1, 449, 899];
const ALL = { k: 500, exclude: [], genre: [], year_min: null, year_max: null, include_seen: true, explain: false };
const given = testGiven(missingPackages());

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-python-"));
  await publishEmbedded(cwd);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe("Python's safetensors and NumPy", () => {
  given.each(["v0.1", "v0.2"])("read %s, and compute its users and their scores as it does", async (version) => {
    const args = [at("recompute.py"), join(cwd, "models", version), ...USER_ROWS.map(String)];
    const found: Recomputed = JSON.parse(execFileSync(PYTHON, args, { encoding: "utf8", maxBuffer: 1 << 26 }));
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
