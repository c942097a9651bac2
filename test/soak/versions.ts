import { readData } from "../../bench/data.ts";
import { noProgress } from "../../src/base/progress.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { workerThreadSweeper } from "../../src/drivers/worker-threads.ts";
import { trainArtifact } from "../../src/pipeline.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { ratedItems } from "../../src/snapshot/snapshot.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { candidateOf, engine } from "../builders.ts";

/** Dimensions of v0.1 and v0.2. */
const FACTORS = [32, 64];

export interface Published {
  /** What they were trained on. */
  readonly data: string;
  readonly users: readonly string[];
  /** Those that the versions know: the rated ones. */
  readonly items: readonly string[];
}

/** Trains v0.1 and v0.2, of different dimension, and publishes them: of MovieLens 1M where it is there. */
export async function publishVersions(models: string, say: (text: string) => void): Promise<Published> {
  const { name, snapshot } = await readData(null, false);
  const publisher = openPublisher(modelFolder(models), Date.now);
  for (const factors of FACTORS) {
    say(`training ${factors} factors on ${name} …`);
    const artifact = await trainArtifact(snapshot, checkHyperparameters({ factors, iterations: 2 }), {
      newCore: engine.newCore,
      openSweeper: workerThreadSweeper(engine.bytes, 2),
      progress: noProgress,
    });
    await publisher.submit(candidateOf(artifact, { data_snapshot_id: snapshot.id }));
  }
  const rated = ratedItems(snapshot);
  const items = snapshot.items.filter((_, row) => rated[row]).map(({ movie_id }) => movie_id);
  return { data: name, users: snapshot.users, items };
}
