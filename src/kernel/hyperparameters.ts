import type { Solver } from "../base/solver.ts";

/** What a solve needs to know besides the factors; the names are those of the command line and the manifest. */
export interface SolverParameters {
  /** Number of dimensions, 1 .. 256. */
  readonly factors: number;
  /** Weight α0 of every pair of user and item, observed or not. */
  readonly unobservedWeight: number;
  /** λ of the L2 penalty. */
  readonly regularization: number;
  /** ν: the penalty of a row is λ·(n + α0·N)^ν, with n its entries and N the rows of the fixed side. */
  readonly regularizationExponent: number;
  /** How rows are solved, `cholesky` where it is left out. */
  readonly solver?: Solver;
  /**
   * How many fixed rows conjugate gradients hold side by side while they solve a row, a multiple of 1,024, which it is where
   * it is left out. More take memory, and time off rows of more entries; they change no bit.
   */
  readonly rowRoom?: number;
}

/** The same under the names of artifacts and of the command line. */
export function solverParametersOf(settings: {
  readonly solver: Solver;
  readonly factors: number;
  readonly unobserved_weight: number;
  readonly regularization: number;
  readonly regularization_exponent: number;
}): SolverParameters {
  return {
    factors: settings.factors,
    unobservedWeight: settings.unobserved_weight,
    regularization: settings.regularization,
    regularizationExponent: settings.regularization_exponent,
    solver: settings.solver,
  };
}
