import type { Hyperparameters } from "../../src/artifact/manifest.ts";
import type { Solver } from "../../src/base/solver.ts";
import { newestTime } from "../../src/history/history.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import { solverParametersOf } from "../../src/kernel/hyperparameters.ts";
import { parseWeightRule } from "../../src/kernel/weight-rule.ts";
import { weightsOf } from "../../src/kernel/weights.ts";
import { fitFactors } from "../../src/training/fit.ts";
import { callingThreadSweeper, type Sweeper, type SweepProblem, sweepProblem } from "../../src/training/sweeps.ts";
import { checkSameFactors } from "../agreement.ts";
import type { Case } from "../case.ts";
import { type Lab, THREADS } from "../lab.ts";
import { twinSolver } from "../twin/twin-solver.ts";

const COMMON = {
  peer: "plain JavaScript, 1 thread",
  unit: "s per pair of half-sweeps",
  isRate: false,
  isLong: true,
} as const;

/** Seconds of the two half-sweeps of one iteration. */
interface PairSeconds {
  readonly user: number;
  readonly item: number;
}

/** A whole training on worker threads. */
export const training: Case = {
  ...COMMON,
  id: "training",
  prepare: async (lab) => {
    const { set, fitTools } = lab;
    const hyperparameters: Hyperparameters = { ...lab.hyperparameters, solver: "cholesky" };
    const { twin } = await bothSweeps(lab);
    const { iterations } = hyperparameters;
    // A training ends with one more half-sweep over users.
    const perPair = (seconds: number) => seconds / (iterations + 0.5);
    return {
      reprise: async () => {
        const start = performance.now();
        await fitFactors(set, hyperparameters, "training", fitTools);
        return perPair((performance.now() - start) / 1000);
      },
      peer: async () => {
        const { user, item } = await twin();
        return perPair(iterations * (user + item) + user);
      },
      note:
        `Reprise: ${iterations} iterations (${2 * iterations + 1} half-sweeps) on ${THREADS} threads, their start ` +
        "included, divided; peer: one pair, scaled by the same count; factors within 1e-4",
    };
  },
};

/** One pair of half-sweeps without threads on either side. */
export const trainingOneThread: Case = {
  ...COMMON,
  id: "training-one-thread",
  prepare: async (lab) => {
    const { ours, twin } = await bothSweeps(lab);
    const sumOf = ({ user, item }: PairSeconds) => user + item;
    return {
      reprise: async () => sumOf(await ours()),
      peer: async () => sumOf(await twin()),
      note: "one pair each on the calling thread, from the same item factors; factors within 1e-4",
    };
  },
};

/** The same with rows solved by two steps of conjugate gradients. */
export const trainingByGradients: Case = {
  ...COMMON,
  id: "training-gradients",
  prepare: async (lab) => {
    const { ours, twin } = await bothSweeps(lab, "pcg:2");
    const sumOf = ({ user, item }: PairSeconds) => user + item;
    return {
      reprise: async () => sumOf(await ours()),
      peer: async () => sumOf(await twin()),
      note: "one pair each on the calling thread by two steps of conjugate gradients; factors within 1e-4",
    };
  },
};

/** The first pair of half-sweeps, by Reprise on the calling thread and by the peer, compared once. */
async function bothSweeps(
  lab: Lab,
  solver: Solver = "cholesky",
): Promise<{ ours(): Promise<PairSeconds>; twin(): Promise<PairSeconds> }> {
  const { engine, set } = lab;
  const hyperparameters = { ...lab.hyperparameters, solver };
  const parameters = solverParametersOf(hyperparameters);
  const core = engine.newCore();
  const { indptr, item: index, time } = set.histories;
  const weight = weightsOf(core, parseWeightRule(hyperparameters.weight_rule), set.histories, newestTime(time));
  const items = set.items.length;
  const problem = sweepProblem(set.users.length, items, { indptr, index, weight }, parameters);
  const deviation = hyperparameters.init_scale / Math.sqrt(parameters.factors);
  const start = normalRows(core, hyperparameters.seed, "item", items, parameters.factors, deviation);

  const sweeper = await callingThreadSweeper(engine.newCore)(problem);
  const twin = twinSweeper(problem);
  const ours = await sweepPair(sweeper, start);
  const theirs = await sweepPair(twin, start);
  checkSameFactors("user factors", ours.userFactors, theirs.userFactors);
  checkSameFactors("item factors", ours.itemFactors, theirs.itemFactors);
  return {
    ours: async () => (await sweepPair(sweeper, start)).seconds,
    twin: async () => (await sweepPair(twin, start)).seconds,
  };
}

function twinSweeper({ parameters, byUser, byItem }: SweepProblem): Pick<Sweeper, "solve"> {
  const solver = twinSolver(parameters);
  return {
    solve: async (side, fixed) => {
      solver.hold(fixed);
      return solver.solveRows(side === "user" ? byUser : byItem);
    },
  };
}

async function sweepPair(sweeper: Pick<Sweeper, "solve">, start: Float32Array) {
  const times = [performance.now()];
  const userFactors = await sweeper.solve("user", start, () => {});
  times.push(performance.now());
  const itemFactors = await sweeper.solve("item", userFactors, () => {});
  times.push(performance.now());
  const seconds: PairSeconds = { user: (times[1] - times[0]) / 1000, item: (times[2] - times[1]) / 1000 };
  return { userFactors, itemFactors, seconds };
}
