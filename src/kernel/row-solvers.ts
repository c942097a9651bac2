import { DataError, IntegrityError } from "../base/errors.ts";
import { gradientSteps } from "../base/solver.ts";
import type { Core, GradientExports } from "./core.ts";
import type { SolverParameters } from "./hyperparameters.ts";

/** Where a fixed side lies in the core's memory. */
export interface FixedSide {
  readonly matrix: number;
  readonly rows: number;
  readonly gramian: number;
}

/** Solves rows against one fixed side. All arguments but `count` and `target` are addresses; statuses are those of the core. */
export interface RowSolver {
  /** To be called when the fixed side has other values. */
  reset(): void;
  /** To be called before the next two, since it may grow memory. Throws DataError where the fixed side makes it impossible. */
  ready(): void;
  /** Writes the padded row of these entries to `out`. */
  solve(items: number, weights: number, count: number, out: number): number;
  /** Makes ready for the contributions of these entries, which must stay where they are. */
  open(items: number, weights: number, count: number): number;
  /** Writes a float64 for each of the entries. */
  contributions(items: number, weights: number, count: number, target: number, out: number): number;
}

/** Room for rows is a multiple of it. */
const ROOM_STEP = 1_024;

/** @throws IntegrityError when the core is from before the solver; DataError when memory does not suffice */
export function rowSolver(core: Core, side: FixedSide, parameters: SolverParameters): RowSolver {
  const steps = gradientSteps(parameters.solver ?? "cholesky");
  if (steps === null) return exactSolver(core, side, parameters);
  if (!core.gradients) throw new IntegrityError("core", `is from before there was the solver ${parameters.solver}`);
  return gradientSolver(core, core.gradients, side, parameters, steps);
}

function exactSolver(core: Core, { matrix, rows, gramian }: FixedSide, parameters: SolverParameters): RowSolver {
  const { exports } = core;
  const { factors, unobservedWeight, regularization, regularizationExponent } = parameters;
  const workspace = core.alloc(exports.solve_workspace_bytes(factors));
  return {
    reset: () => {},
    ready: () => {},
    solve: (items, weights, count, out) =>
      exports.solve_row(
        items,
        weights,
        count,
        matrix,
        rows,
        factors,
        gramian,
        unobservedWeight,
        regularization,
        regularizationExponent,
        workspace,
        out,
      ),
    open: (items, weights, count) =>
      exports.prepare(
        items,
        weights,
        count,
        matrix,
        rows,
        factors,
        gramian,
        unobservedWeight,
        regularization,
        regularizationExponent,
        workspace,
      ),
    contributions: (items, weights, count, target, out) =>
      exports.contributions(items, weights, count, target, matrix, rows, factors, workspace, out),
  };
}

function gradientSolver(
  core: Core,
  exports: GradientExports,
  { matrix, rows, gramian }: FixedSide,
  parameters: SolverParameters,
  steps: number,
): RowSolver {
  const { factors, unobservedWeight, regularization, regularizationExponent } = parameters;
  const preconditioner = core.alloc(exports.preconditioner_bytes(factors));
  // No row has more entries than there are rows on the fixed side.
  const room = Math.min(parameters.rowRoom ?? ROOM_STEP, Math.max(1, Math.ceil(rows / ROOM_STEP)) * ROOM_STEP);
  const workspace = core.alloc(exports.gradient_workspace_bytes(factors, room));
  const explained = core.alloc(core.stride(factors) * 4);
  let isReady = false;

  /** A side that is only ranked needs no inverse. */
  const ready = () => {
    if (isReady) return;
    core.scratch(() => {
      const inversion = core.alloc(exports.preconditioner_workspace_bytes(factors));
      const status = exports.precondition(
        rows,
        factors,
        gramian,
        unobservedWeight,
        regularization,
        regularizationExponent,
        inversion,
        preconditioner,
      );
      if (status !== 0)
        throw new DataError("solver", "α0·YᵀY + λI has no finite inverse; a larger regularization gives it one");
    });
    isReady = true;
  };
  const solve = (items: number, weights: number, count: number, out: number) =>
    exports.solve_row_by_gradients(
      items,
      weights,
      count,
      matrix,
      rows,
      factors,
      preconditioner,
      unobservedWeight,
      regularization,
      regularizationExponent,
      steps,
      room,
      workspace,
      out,
    );
  return {
    reset: () => {
      isReady = false;
    },
    ready,
    solve,
    open: (items, weights, count) => solve(items, weights, count, explained),
    contributions: (_items, _weights, _count, target, out) =>
      exports.contributions_by_gradients(target, workspace, out),
  };
}
