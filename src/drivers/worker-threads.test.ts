import { describe, expect, test } from "vitest";
import { engine, fitTools, SMALL, twoTastes } from "../../test/builders.ts";
import { embeddedSnapshot } from "../embedded/snapshot.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { fitFactors } from "../training/fit.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { callingThreadSweeper, type OpenSweeper, type SweepProblem, sweepProblem } from "../training/sweeps.ts";
import { trainingSetOf } from "../training/training-set.ts";
import { workerThreadSweeper } from "./worker-threads.ts";

const threads = (count: number) => workerThreadSweeper(engine.module, count);

function problemOf(snapshot: Snapshot, factors = SMALL.factors): SweepProblem {
  const set = trainingSetOf(snapshot);
  const { indptr, item: index } = set.histories;
  const weight = new Float32Array(index.length).fill(1);
  const parameters = solverParametersOf({ ...SMALL, factors });
  return sweepProblem(set.users.length, set.items.length, { indptr, index, weight }, parameters);
}

/** Solves the users of a problem against numbers that anyone would choose. */
async function solveUsers(problem: SweepProblem, open: OpenSweeper) {
  const sweeper = await open(problem);
  let told = 0;
  try {
    const fixed = Float32Array.from({ length: problem.items * problem.parameters.factors }, (_, at) => (at % 7) / 7);
    const rows = await sweeper.solve("user", fixed, (solved) => {
      told += solved;
    });
    return { rows, told };
  } finally {
    await sweeper.close();
  }
}

describe("training on threads", () => {
  const snapshot = embeddedSnapshot();
  const set = trainingSetOf(snapshot);

  test.each(["cholesky", "pcg:2"] as const)(
    "by %s gives the bits of the calling thread, however many there are",
    async (solver) => {
      const hyperparameters = checkHyperparameters({ factors: 5, iterations: 2, solver });
      const fitted = (openSweeper: OpenSweeper) =>
        fitFactors(set, hyperparameters, "training", { ...fitTools, openSweeper });
      const expected = await fitted(callingThreadSweeper(engine.newCore));
      for (const count of [1, 2, 3]) {
        const { userFactors, itemFactors, itemGramian } = await fitted(threads(count));
        expect(Buffer.from(userFactors.buffer).equals(Buffer.from(expected.userFactors.buffer))).toBe(true);
        expect(Buffer.from(itemFactors.buffer).equals(Buffer.from(expected.itemFactors.buffer))).toBe(true);
        expect(itemGramian).toEqual(expected.itemGramian);
      }
    },
  );
});

describe("a half-sweep", () => {
  test("tells of every row once, on threads as on the calling one", async () => {
    const problem = problemOf(twoTastes());
    expect((await solveUsers(problem, threads(2))).told).toBe(24);
    expect((await solveUsers(problem, callingThreadSweeper(engine.newCore))).told).toBe(24);
  });

  test("works with more threads than rows", async () => {
    const problem = problemOf(twoTastes(2));
    const { rows, told } = await solveUsers(problem, threads(5));
    expect(told).toBe(2);
    expect(rows).toEqual((await solveUsers(problem, callingThreadSweeper(engine.newCore))).rows);
  });

  test("that a thread cannot solve fails with the solver's words", async () => {
    const problem = problemOf(twoTastes());
    const bad = { ...problem, byUser: { ...problem.byUser, weight: problem.byUser.weight.map(() => Number.NaN) } };
    await expect(solveUsers(bad, threads(2))).rejects.toThrow(/^training: solver: row \d+: weights must be finite/);
  });
});

test("threads that could not start fail the work given to them, also later", async () => {
  const problem = problemOf(twoTastes());
  const nothing = new WebAssembly.Module(Uint8Array.of(...[0x00, 0x61, 0x73, 0x6d], ...[0x01, 0x00, 0x00, 0x00]));
  const sweeper = await workerThreadSweeper(nothing, 1)(problem);
  const fixed = new Float32Array(problem.items * problem.parameters.factors);
  await expect(sweeper.solve("user", fixed, () => {})).rejects.toThrow(/^core: ABI_VERSION is undefined/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(sweeper.solve("user", fixed, () => {})).rejects.toThrow(/^core: ABI_VERSION is undefined/);
  await sweeper.close();
});
