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
}

/** The same under the names of artifacts and of the command line. */
export function solverParametersOf(settings: {
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
  };
}
