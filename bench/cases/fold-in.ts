import { seededRandom } from "../../src/base/random.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { solverParametersOf } from "../../src/kernel/hyperparameters.ts";
import { checkSameFactors } from "../agreement.ts";
import type { Case } from "../case.ts";
import { secondsOf } from "../measure.ts";
import { twinSolver } from "../twin/twin-solver.ts";

const MOST_INTERACTIONS = 100;
/** Histories that a run folds in, one after the other. */
const HISTORIES = 40;
const SEED = 1;

/** Solving a visitor's factors from their interactions. */
export const foldIn: Case = {
  id: "fold-in",
  peer: "plain JavaScript",
  unit: "µs",
  isRate: false,
  isLong: false,
  prepare: async (lab) => {
    const { factors, items } = await lab.artifact();
    const parameters = solverParametersOf(factors.settings);
    const space = new FactorSpace(lab.engine.newCore(), factors.itemFactors, items.length, parameters);
    const twin = twinSolver(parameters);
    twin.hold(factors.itemFactors);
    const count = Math.min(MOST_INTERACTIONS, items.length);
    const weight = new Float32Array(count).fill(1);
    const indptr = Int32Array.of(0, count);
    const ours = (index: Int32Array) => space.solveRow(index, weight);
    const theirs = (index: Int32Array) => twin.solveRows({ indptr, index, weight });
    const histories = drawHistories(items.length, count);
    for (const index of histories) checkSameFactors("fold-in", ours(index), theirs(index));
    const microseconds = (solve: (index: Int32Array) => Float32Array) => () =>
      (secondsOf(() => histories.forEach(solve)) * 1e6) / HISTORIES;
    return {
      reprise: microseconds(ours),
      peer: microseconds(theirs),
      note: `${count} items drawn at random, ${parameters.factors} dimensions, by ${parameters.solver}; factors within 1e-4`,
    };
  },
};

function drawHistories(items: number, count: number): Int32Array[] {
  const random = seededRandom(SEED);
  return Array.from({ length: HISTORIES }, () => {
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(random.below(items));
    return Int32Array.from(drawn).sort();
  });
}
