/** Steps that `pcg` may take. */
export const MAX_GRADIENT_STEPS = 64;

/**
 * How the equations of a row are solved: `cholesky` exactly; `pcg:STEPS` by that many steps of preconditioned conjugate
 * gradients from zero, 1 .. 64.
 */
export type Solver = "cholesky" | `pcg:${number}`;

/** What a solver may be, for people. */
export const SOLVER_FORMS = `cholesky, or pcg:STEPS with 1 to ${MAX_GRADIENT_STEPS} steps`;

const GRADIENTS = /^pcg:([1-9][0-9]?)$/;

/** Steps of conjugate gradients; null for the exact solver. */
export function gradientSteps(solver: Solver): number | null {
  const [, steps] = GRADIENTS.exec(solver) ?? [];
  return steps === undefined ? null : Number(steps);
}

export function isSolver(text: string | undefined): text is Solver {
  if (text === "cholesky") return true;
  const [, steps] = GRADIENTS.exec(text ?? "") ?? [];
  return Number(steps) <= MAX_GRADIENT_STEPS;
}
