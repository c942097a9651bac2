import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Manifest } from "../../src/artifact/manifest.ts";
import { NotFoundError } from "../../src/base/errors.ts";
import { noProgress } from "../../src/base/progress.ts";
import { seededRandom } from "../../src/base/random.ts";
import { Model } from "../../src/engine/model.ts";
import { instantiateCore } from "../../src/kernel/core.ts";
import { trainArtifact } from "../../src/pipeline.ts";
import { SnapshotBuilder } from "../../src/snapshot/builder.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { callingThreadSweeper } from "../../src/training/sweeps.ts";
import { Recommender } from "./recommender.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));
const newCore = () => instantiateCore(module);

function smallSnapshot() {
  const random = seededRandom(5);
  const builder = new SnapshotBuilder();
  for (let line = 0; line < 900; line++) {
    builder.add(String(random.below(40)), String(random.below(70)), 1, null, null);
  }
  return builder.build().snapshot;
}

const artifact = await trainArtifact(smallSnapshot(), checkHyperparameters({ factors: 8, iterations: 4 }), {
  newCore,
  openSweeper: callingThreadSweeper(newCore),
  progress: noProgress,
});

test("every user gets the model's list", () => {
  const model = new Model({ manifest: { version: "v0.1" } as Manifest, artifact }, newCore());
  const filter = { exclude: [], genre: [], year_min: null, year_max: null, include_seen: false, explain: false };
  const twin = new Recommender(artifact);
  for (const user of artifact.users) {
    const { ranking } = model.recommend(user, { k: 10, ...filter });
    const list = twin.recommend(user, 10);
    expect(list.rows).toEqual(ranking.rows);
    for (const [place, score] of list.scores.entries()) expect(score).toBeCloseTo(ranking.scores[place], 5);
  }
  expect(artifact.users.length).toBe(40);
});

test("a user without a row is an error", () => {
  expect(() => new Recommender(artifact).recommend("41", 10)).toThrow(NotFoundError);
});
