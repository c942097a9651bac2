import { readData } from "../../bench/data.ts";
import { noProgress } from "../../src/base/progress.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { workerThreadSweeper } from "../../src/drivers/worker-threads.ts";
import { trainArtifact } from "../../src/pipeline.ts";
import { type Candidate, openPublisher } from "../../src/registry/publisher.ts";
import { ratedItems } from "../../src/snapshot/snapshot.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { candidateOf, engine } from "../builders.ts";

/** Dimensions of v0.1 and v0.2, of v0.3 and v0.4 and so on. */
const FACTORS = [32, 64];

export interface Published {
  /** What they were trained on. */
  readonly data: string;
  readonly versions: readonly string[];
  readonly users: readonly string[];
  /** Those that the versions know: the rated ones. */
  readonly items: readonly string[];
}

/**
 * Trains two models of different dimension, of MovieLens 1M where it is there, and publishes them as v0.1 and v0.2,
 * and again under further names.
 */
export async function publishVersions(models: string, count: number, say: (text: string) => void): Promise<Published> {
  const { name, snapshot } = await readData(null, false);
  const publisher = openPublisher(modelFolder(models), Date.now);
  const candidates: Candidate[] = [];
  for (const factors of FACTORS) {
    say(`training ${factors} factors on ${name} …`);
    const artifact = await trainArtifact(snapshot, checkHyperparameters({ factors, iterations: 2 }), {
      newCore: engine.newCore,
      openSweeper: workerThreadSweeper(engine.module, 2),
      progress: noProgress,
    });
    candidates.push(candidateOf(artifact, { data_snapshot_id: snapshot.id }));
  }
  const versions: string[] = [];
  for (let place = 0; place < count; place++) {
    const { manifest } = await publisher.submit(candidates[place % candidates.length] as Candidate);
    versions.push(manifest.version);
  }
  const rated = ratedItems(snapshot);
  const items = snapshot.items.filter((_, row) => rated[row]).map(({ movie_id }) => movie_id);
  return { data: name, versions, users: snapshot.users, items };
}
