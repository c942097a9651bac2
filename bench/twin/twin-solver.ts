import { gradientSteps } from "../../src/base/solver.ts";
import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import { GradientSolver } from "./gradient-solver.ts";
import { RowSolver } from "./row-solver.ts";

/** What solves rows in plain JavaScript as the parameters have it. */
export function twinSolver(parameters: SolverParameters): Pick<RowSolver, "hold" | "solveRows"> {
  const steps = gradientSteps(parameters.solver ?? "cholesky");
  return steps === null ? new RowSolver(parameters) : new GradientSolver(parameters, steps);
}
