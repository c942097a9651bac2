import type { Hyperparameters } from "../artifact/manifest.ts";
import { InputError, type Issue } from "../base/errors.ts";
import { MAX_FACTORS, MAX_ITERATIONS } from "../base/limits.ts";
import { isSolver, SOLVER_FORMS } from "../base/solver.ts";
import { formatWeightRules, parseWeightRules } from "../kernel/weight-rule.ts";

/** Sensible for a few hundred to a few thousand items; larger catalogues gain from more factors. */
export const DEFAULT_HYPERPARAMETERS: Hyperparameters = {
  solver: "pcg:2",
  factors: 64,
  iterations: 16,
  regularization: 0.01,
  regularization_exponent: 1,
  unobserved_weight: 0.3,
  init_scale: 0.1,
  weight_rule: "binary",
  seed: 42,
};

interface Range {
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
}

const RANGES: Readonly<Partial<Record<keyof Hyperparameters, Range>>> = {
  factors: { low: 1, high: MAX_FACTORS, whole: true },
  iterations: { low: 1, high: MAX_ITERATIONS, whole: true },
  regularization: { low: 0, high: 1e6 },
  regularization_exponent: { low: 0, high: 4 },
  unobserved_weight: { low: 0, high: 1e3 },
  init_scale: { low: 1e-6, high: 1e3 },
  seed: { low: 0, high: Number.MAX_SAFE_INTEGER, whole: true },
};

/**
 * Fills in defaults and checks every value.
 * @throws InputError naming each hyperparameter that is out of range, and the range.
 */
export function checkHyperparameters(given: Partial<Hyperparameters>): Hyperparameters {
  const result = { ...DEFAULT_HYPERPARAMETERS, ...given };
  const issues: Issue[] = [];
  for (const [field, range] of Object.entries(RANGES) as [keyof Hyperparameters, Range][]) {
    const value = result[field] as number;
    if (value >= range.low && value <= range.high && (!range.whole || Number.isSafeInteger(value))) continue;
    const kind = range.whole ? "a whole number" : "a number";
    issues.push({ field, value, message: `must be ${kind} from ${range.low} to ${range.high}` });
  }
  if (result.regularization === 0 && result.unobserved_weight === 0) {
    issues.push({ field: "regularization", value: 0, message: "must not be 0 together with unobserved_weight" });
  }
  if (!isSolver(result.solver)) {
    issues.push({ field: "solver", value: result.solver, message: `must be ${SOLVER_FORMS}` });
  }
  const weight_rule = inOneSpelling(result.weight_rule, issues);
  if (issues.length > 0) throw new InputError(issues);
  return { ...result, weight_rule };
}

function inOneSpelling(weightRule: string, issues: Issue[]): string {
  try {
    return formatWeightRules(parseWeightRules(weightRule));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    issues.push(...error.issues);
    return weightRule;
  }
}
