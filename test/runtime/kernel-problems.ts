import fc from "fast-check";
import { seededRandom } from "../../src/base/random.ts";
import type { Core } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import { checkThrows, type MatrixShape, matrixOf, matrixShapes } from "./kernel-checks.ts";

export interface Entries {
  readonly items: Int32Array;
  readonly weights: Float32Array;
}

export interface Problem {
  readonly shape: MatrixShape;
  readonly matrix: Float32Array;
  readonly parameters: SolverParameters;
  readonly entries: Entries;
}

const WEIGHTS = [1, 1, 1, 0, 0.5, 3, 1e-3];

/** About `share` of the rows, ascending, with weights. */
export function entriesOf(seed: number, rows: number, share: number): Entries {
  const random = seededRandom(seed);
  const items = Int32Array.from(Array(rows).keys()).filter(() => random.fraction() < share);
  return { items, weights: Float32Array.from(items, () => WEIGHTS[random.below(WEIGHTS.length)]) };
}

export function problems(maxRows: number, maxFactors: number): fc.Arbitrary<Problem> {
  const parameters = fc.record({
    unobservedWeight: fc.constantFrom(0.3, 0, 0.01, 1),
    regularization: fc.constantFrom(0.007, 0.1, 2),
    regularizationExponent: fc.constantFrom(1, 0, 0.5),
  });
  const share = fc.constantFrom(0.5, 0, 0.1, 1);
  return fc.tuple(matrixShapes(maxRows, maxFactors), parameters, share).map(([shape, rest, part]) => ({
    shape,
    matrix: matrixOf(shape),
    parameters: { ...rest, factors: shape.factors },
    entries: entriesOf(shape.seed + 1, shape.rows, part),
  }));
}

export function spaceOf(core: Core, { matrix, shape, parameters }: Problem): FactorSpace {
  return new FactorSpace(core, matrix, shape.rows, parameters);
}

/** Rows of entries one behind the other. */
export function csrOf(rows: readonly Entries[]): { indptr: Int32Array } & Entries {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => {
    indptr[r + 1] = indptr[r] + row.items.length;
  });
  const items = new Int32Array(indptr[rows.length]);
  const weights = new Float32Array(indptr[rows.length]);
  rows.forEach((row, r) => {
    items.set(row.items, indptr[r]);
    weights.set(row.weights, indptr[r]);
  });
  return { indptr, items, weights };
}

export function smoothMatrix(rows: number, factors: number): Float32Array {
  return matrixOf({ kind: "smooth", seed: 5, rows, factors });
}

/** That a space of four rows, by any solver, takes no entries that are out of order, out of range or of a bad weight. */
export function refusesBadEntries(space: FactorSpace): void {
  const bad: [part: string, items: number[], weights: number[]][] = [
    ["items must", [2, 1], [1, 1]],
    ["items must", [1, 1], [1, 1]],
    ["items must", [0, 4], [1, 1]],
    ["items must", [-1, 0], [1, 1]],
    ["weights must", [0, 1], [1, -1]],
    ["weights must", [0, 1], [1, Number.NaN]],
    ["weights must", [0, 1], [Number.POSITIVE_INFINITY, 1]],
  ];
  for (const [part, items, weights] of bad) {
    const entries = [Int32Array.from(items), Float32Array.from(weights)] as const;
    checkThrows("DataError", () => space.solveRow(...entries), `row 0: ${part}`);
    checkThrows("DataError", () => space.contributions(...entries, Int32Array.of(0)), part);
  }
}
