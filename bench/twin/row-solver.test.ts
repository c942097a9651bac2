import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { noProgress } from "../../src/base/progress.ts";
import { seededRandom } from "../../src/base/random.ts";
import { instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import { SnapshotBuilder } from "../../src/snapshot/builder.ts";
import { fitFactors } from "../../src/training/fit.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";
import { callingThreadSweeper } from "../../src/training/sweeps.ts";
import { type SparseRows, trainingSetOf, transpose } from "../../src/training/training-set.ts";
import { checkSameFactors } from "../agreement.ts";
import { RowSolver } from "./row-solver.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));
const newCore = () => instantiateCore(module);

/** Rows with these numbers of entries, the entries drawn among `columns`, with weights 0, 1 and 2.5. */
function drawRows(counts: readonly number[], columns: number, seed: number): SparseRows {
  const random = seededRandom(seed);
  const index: number[] = [];
  const weight: number[] = [];
  const indptr = [0];
  for (const count of counts) {
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(random.below(columns));
    index.push(...[...drawn].sort((a, b) => a - b));
    for (let entry = 0; entry < count; entry++) weight.push([0, 1, 2.5][random.below(3)]);
    indptr.push(index.length);
  }
  return { indptr: Int32Array.from(indptr), index: Int32Array.from(index), weight: Float32Array.from(weight) };
}

test.each([1, 3, 8, 17, 64])("rows of %i dimensions are those of the core", (factors) => {
  const parameters: SolverParameters = {
    factors,
    unobservedWeight: 0.1,
    regularization: 0.02,
    regularizationExponent: 0.7,
  };
  const columns = 300;
  const fixed = normalRows(newCore(), 7, "item", columns, factors, 0.3);
  const rows = drawRows([0, 1, 2, 63, 64, 65, 200], columns, factors);
  const space = new FactorSpace(newCore(), fixed, columns, parameters);
  const twin = new RowSolver(parameters);
  twin.hold(fixed);
  const expected = space.solveRows(rows.indptr, rows.index, rows.weight, 0, 7);
  checkSameFactors("rows", expected, twin.solveRows(rows));
  expect(expected.some((value) => Math.abs(value) > 0.1)).toBe(true);
});

test("a training gives the factors of the core", async () => {
  const random = seededRandom(3);
  const builder = new SnapshotBuilder();
  for (let line = 0; line < 1500; line++) {
    const user = random.below(60);
    // Each user prefers a third of the items, so that there is something to learn.
    const item = random.below(4) === 0 ? random.below(45) : 15 * (user % 3) + random.below(15);
    builder.add(String(user), String(item), 1, null, null);
  }
  const set = trainingSetOf(builder.build().snapshot);
  const hyperparameters = checkHyperparameters({ solver: "cholesky", factors: 12, iterations: 6 });
  const { regularization, unobserved_weight, regularization_exponent, init_scale, seed } = hyperparameters;
  const fitted = await fitFactors(set, hyperparameters, "training", {
    newCore,
    openSweeper: callingThreadSweeper(newCore),
    progress: noProgress,
  });

  const { indptr, item: index } = set.histories;
  const byUser = { indptr, index, weight: new Float32Array(index.length).fill(1) };
  const byItem = transpose(byUser, set.items.length);
  const twin = new RowSolver({
    factors: 12,
    unobservedWeight: unobserved_weight,
    regularization,
    regularizationExponent: regularization_exponent,
  });
  const sweep = (rows: SparseRows, fixed: Float32Array) => {
    twin.hold(fixed);
    return twin.solveRows(rows);
  };
  let itemFactors = normalRows(newCore(), seed, "item", set.items.length, 12, init_scale / Math.sqrt(12));
  for (let iteration = 0; iteration < 6; iteration++) itemFactors = sweep(byItem, sweep(byUser, itemFactors));
  checkSameFactors("items", fitted.itemFactors, itemFactors);
  checkSameFactors("users", fitted.userFactors, sweep(byUser, itemFactors));
});
