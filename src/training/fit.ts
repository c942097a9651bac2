import type { Factors } from "../artifact/artifact.ts";
import type { Hyperparameters } from "../artifact/manifest.ts";
import type { Progress } from "../base/progress.ts";
import { release } from "../base/release.ts";
import { newestTime } from "../history/history.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import { normalRows } from "../kernel/generate.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { formatWeightRule, parseWeightRules, type WeightRule } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import { type OpenSweeper, sweepProblem, sweepProgress } from "./sweeps.ts";
import { popularityOf, type TrainingSet } from "./training-set.ts";

export interface FitTools {
  /** A core with memory of its own, which is freed with it. */
  readonly newCore: () => Core;
  readonly openSweeper: OpenSweeper;
  readonly progress: Progress;
}

/**
 * Alternating least squares for implicit feedback: minimises
 * Σ_S w(1−x·y)² + α0 Σ_all (x·y)² + Σ_u λ(n_u+α0·|I|)^ν |x_u|² + Σ_i λ(n_i+α0·|U|)^ν |y_i|²
 * (Rendle, Krichene, Zhang, Koren 2021, arXiv 2110.14037), item factors starting from N(0, (σ/√d)²).
 * The last half-sweep solves all users against the final items, by the weights of fold-ins, so that a stored user row is
 * what a fold-in gives.
 */
export async function fitFactors(
  set: TrainingSet,
  hyperparameters: Hyperparameters,
  stage: string,
  tools: FitTools,
): Promise<Factors> {
  const { openSweeper, progress } = tools;
  const core = tools.newCore();
  const parameters = solverParametersOf(hyperparameters);
  const { factors } = parameters;
  const [users, items] = [set.users.length, set.items.length];
  const { indptr, item: index, time } = set.histories;
  const rules = parseWeightRules(hyperparameters.weight_rule);
  const weightsBy = (rule: WeightRule) => weightsOf(core, rule, set.histories, newestTime(time));
  const weight = weightsBy(rules.training);
  const problem = sweepProblem(users, items, { indptr, index, weight }, parameters);
  const onRows = sweepProgress(problem, hyperparameters.iterations, stage, progress);

  let sweeper = await openSweeper(problem);
  try {
    const deviation = hyperparameters.init_scale / Math.sqrt(factors);
    let itemFactors = normalRows(core, hyperparameters.seed, "item", items, factors, deviation);
    for (let iteration = 0; iteration < hyperparameters.iterations; iteration++) {
      const userFactors = await sweeper.solve("user", itemFactors, onRows);
      itemFactors = await sweeper.solve("item", userFactors, onRows);
    }
    if (formatWeightRule(rules.training) !== formatWeightRule(rules.foldIn)) {
      await sweeper.close();
      const byUser = { indptr, index, weight: weightsBy(rules.foldIn) };
      sweeper = await openSweeper({ ...problem, byUser });
    }
    const userFactors = await sweeper.solve("user", itemFactors, onRows);
    return {
      settings: {
        solver: hyperparameters.solver,
        factors,
        unobserved_weight: hyperparameters.unobserved_weight,
        regularization: hyperparameters.regularization,
        regularization_exponent: hyperparameters.regularization_exponent,
      },
      userFactors,
      itemFactors,
      itemGramian: new FactorSpace(core, itemFactors, items, parameters).gramian(),
      popularity: popularityOf(set.histories, items),
    };
  } finally {
    await sweeper.close();
    for (const column of [weight, problem.byItem.index, problem.byItem.weight]) release(column);
  }
}
