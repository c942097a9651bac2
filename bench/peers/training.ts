import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Factors } from "../../src/artifact/artifact.ts";
import { IntegrityError } from "../../src/base/errors.ts";
import { noProgress } from "../../src/base/progress.ts";
import { workerThreadSweeper } from "../../src/drivers/worker-threads.ts";
import type { Engine } from "../../src/kernel/engine.ts";
import { fitFactors } from "../../src/training/fit.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { callingThreadSweeper } from "../../src/training/sweeps.ts";
import type { TrainingSet } from "../../src/training/training-set.ts";
import { PYTHON } from "../../test/integration/python.ts";
import type { Case } from "../case.ts";
import type { Lab } from "../lab.ts";
import { largeSet } from "../large-set.ts";

const PEER_ITERATIONS = 8;
const MOST_ITERATIONS = 16;
const SEARCH_THREADS = 2;

/**
 * implicit with confidence c minimises Σ_S c(1−x·y)² + Σ_not S (x·y)² + λ(Σ|x|² + Σ|y|²), which is, but for a constant,
 * Σ_S (c−1)(s−x·y)² + Σ_all (x·y)² + λ(…) with s = c/(c−1). With x and y divided by √s that is s² times what Reprise
 * minimises with weight c−1, α0 = 1, penalty λ/s and ν = 0. Here c = 2 (training.py), so the weight is 1 and s = 2.
 */
const SCALE = 2;
const OBJECTIVE = { unobserved_weight: 1, regularization: 0.01 / SCALE, regularization_exponent: 0 };

/** Sets to train on: those of the rows' ids. */
const SETS: Readonly<Record<string, { readonly about: string; readonly set: (lab: Lab) => TrainingSet }>> = {
  "training-implicit": { about: "the data", set: (lab) => lab.set },
  "training-20m-implicit": { about: "138,493 simulated users, 20,000 items, 19.9 million interactions", set: largeSet },
};

interface Fitted {
  readonly seconds: number;
  readonly loss: number;
}

/** One Python process that trains with implicit. */
export interface TrainingPeer {
  readonly cases: readonly Case[];
  /** On the large set, where a row takes many minutes. */
  readonly apart: readonly Case[];
  close(): void;
}

/** Training by Reprise to the loss that implicit comes to in 8 iterations, for some dimensions and numbers of threads. */
export function openTrainingPeer(): TrainingPeer {
  const script = fileURLToPath(new URL("training.py", import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(PYTHON, [script], { stdio: ["pipe", "pipe", "inherit"], env });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error("the Python process ended");
    return JSON.parse(value);
  };
  let held: { readonly id: string; readonly set: TrainingSet } | null = null;
  const setOf = async (id: string, lab: Lab) => {
    if (held?.id === id) return held.set;
    const set = SETS[id].set(lab);
    await inFolder({ "indptr.i32": set.histories.indptr, "index.i32": set.histories.item }, set, (folder) =>
      ask({ load: folder }),
    );
    held = { id, set };
    return set;
  };
  /** What the fewest iterations are and come to, for any number of threads, by set and dimensions. */
  const searches = new Map<string, { readonly iterations: number; readonly loss: number }>();
  const casesOn = (id: string) =>
    [64, 128].flatMap((factors) =>
      [1, 2].map(
        (threads): Case => ({
          id: `${id}-d${factors}-${threads}t`,
          peer: `implicit, ${threads} ${threads === 1 ? "thread" : "threads"}`,
          unit: "s",
          isRate: false,
          isLong: true,
          prepare: async (lab) => {
            const set = await setOf(id, lab);
            const peer = (): Promise<Fitted> => ask({ fit: factors, threads, iterations: PEER_ITERATIONS });
            const wanted = (await peer()).loss;
            const lossOf = async (fitted: Factors): Promise<number> =>
              (await inFolder(scaled(fitted), set, (folder) => ask({ loss: folder }))).loss;
            const search = `${id} ${factors}`;
            let found = searches.get(search);
            if (!found || found.loss > wanted) found = await fewestIterations(lab.engine, set, factors, wanted, lossOf);
            searches.set(search, found);
            const { iterations, loss } = found;
            return {
              reprise: async () => {
                const start = performance.now();
                await trainOurs(lab.engine, set, factors, threads, iterations);
                return (performance.now() - start) / 1000;
              },
              peer: async () => (await peer()).seconds,
              note:
                `${SETS[id].about}: Reprise in ${iterations} iterations and the last half-sweep to the loss ${loss.toFixed(6)}, ` +
                `the peer in ${PEER_ITERATIONS} to ${wanted.toFixed(6)}, by the peer's function; whole trainings`,
            };
          },
        }),
      ),
    );
  return {
    cases: casesOn("training-implicit"),
    apart: casesOn("training-20m-implicit"),
    close: () => child.stdin.end(),
  };
}

/** How many iterations it takes to come to the loss. Throws IntegrityError when too many do not. */
async function fewestIterations(
  engine: Engine,
  set: TrainingSet,
  factors: number,
  wanted: number,
  lossOf: (fitted: Factors) => Promise<number>,
) {
  for (let iterations = 1; iterations <= MOST_ITERATIONS; iterations++) {
    const loss = await lossOf(await trainOurs(engine, set, factors, SEARCH_THREADS, iterations));
    if (loss <= wanted) return { iterations, loss };
  }
  throw new IntegrityError("training", `does not come to the loss ${wanted} in ${MOST_ITERATIONS} iterations`);
}

function trainOurs(engine: Engine, set: TrainingSet, factors: number, threads: number, iterations: number) {
  const hyperparameters = checkHyperparameters({ ...OBJECTIVE, solver: "pcg:2", factors, iterations });
  const openSweeper =
    threads === 1 ? callingThreadSweeper(engine.newCore) : workerThreadSweeper(engine.module, threads);
  return fitFactors(set, hyperparameters, "training", { newCore: engine.newCore, openSweeper, progress: noProgress });
}

/** The factors as implicit would have them. */
function scaled({ userFactors, itemFactors }: Factors) {
  const root = Math.sqrt(SCALE);
  return {
    "users.f32": userFactors.map((value) => value * root),
    "items.f32": itemFactors.map((value) => value * root),
  };
}

async function inFolder<T>(
  files: Readonly<Record<string, Float32Array | Int32Array>>,
  { users, items }: TrainingSet,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "peers-"));
  try {
    writeFileSync(join(folder, "shape.json"), JSON.stringify({ users: users.length, items: items.length }));
    for (const [name, values] of Object.entries(files)) writeFileSync(join(folder, name), values);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
