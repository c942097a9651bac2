import { readFile } from "node:fs/promises";
import type { Artifact } from "../src/artifact/artifact.ts";
import type { Hyperparameters } from "../src/artifact/manifest.ts";
import { noProgress } from "../src/base/progress.ts";
import { workerThreadSweeper } from "../src/drivers/worker-threads.ts";
import { compileEngine, type Engine } from "../src/kernel/engine.ts";
import { trainArtifact } from "../src/pipeline.ts";
import type { FitTools } from "../src/training/fit.ts";
import { checkHyperparameters } from "../src/training/hyperparameters.ts";
import { type TrainingSet, trainingSetOf } from "../src/training/training-set.ts";
import type { BenchData } from "./data.ts";

/** Worker threads that Reprise trains on. */
export const THREADS = 2;

/** What the cases measure with. */
export interface Lab {
  readonly engine: Engine;
  readonly data: BenchData;
  readonly set: TrainingSet;
  readonly hyperparameters: Hyperparameters;
  readonly fitTools: FitTools;
  /** The model of the data, trained when first asked for. */
  artifact(): Promise<Artifact>;
}

export async function openLab(data: BenchData, iterations: number): Promise<Lab> {
  const built = (name: string) => readFile(new URL(`../build/${name}`, import.meta.url));
  const engine = await compileEngine(await built("core.wasm"), await built("core-relaxed.wasm"));
  const hyperparameters = checkHyperparameters({ factors: 64, iterations });
  const fitTools: FitTools = {
    newCore: engine.newCore,
    openSweeper: workerThreadSweeper(engine.module, THREADS),
    progress: noProgress,
  };
  let artifact: Promise<Artifact> | null = null;
  return {
    engine,
    data,
    set: trainingSetOf(data.snapshot),
    hyperparameters,
    fitTools,
    artifact: () => {
      artifact ??= trainArtifact(data.snapshot, hyperparameters, fitTools);
      return artifact;
    },
  };
}
