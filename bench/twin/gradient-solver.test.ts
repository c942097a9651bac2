import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { checkSameFactors } from "../agreement.ts";
import { GradientSolver } from "./gradient-solver.ts";

const core = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));

test.each([1, 2, 3])(
  "the twin takes the %i steps of the core, in dimensions that are no multiple of 4 too",
  (steps) => {
    const random = seededRandom(steps);
    for (const factors of [1, 3, 8, 13]) {
      const rows = 40;
      const fixed = Float32Array.from({ length: rows * factors }, () => random.fraction() - 0.5);
      const indptr = Int32Array.of(0, 0, 7, 32);
      const index = Int32Array.from({ length: 32 }, (_, at) => (at < 7 ? 3 * at : at));
      const weight = Float32Array.from(index, () => random.below(3));
      const parameters = { factors, unobservedWeight: 0.3, regularization: 0.05, regularizationExponent: 0.7 };
      const space = new FactorSpace(instantiateCore(core), fixed, rows, { ...parameters, solver: `pcg:${steps}` });
      const twin = new GradientSolver(parameters, steps);
      twin.hold(fixed);
      const found = twin.solveRows({ indptr, index, weight });
      checkSameFactors(`${factors} factors`, space.solveRows(indptr, index, weight, 0, 3), found);
      expect([...found.subarray(0, factors)]).toEqual(Array(factors).fill(0));
    }
  },
);
