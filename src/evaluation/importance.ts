import { explainedVariance } from "../stats/explained-variance.ts";
import { SEARCHED, type Searched, type SearchSpace } from "./search-space.ts";
import { type Outcome, scoreOf } from "./tune.ts";

/** How much a hyperparameter mattered in a search. */
export interface Importance {
  readonly hyperparameter: Searched;
  /** Share of the variance of NDCG@k that its values explain, 0 .. 1; null where the trials do not tell. */
  readonly explained: number | null;
}

/** The hyperparameters that were varied, those that mattered most first. @param outcomes one of each trial */
export function importanceOf(space: SearchSpace, outcomes: readonly Outcome[], k: number): Importance[] {
  const fitted = outcomes.filter(({ metrics }) => metrics);
  return SEARCHED.filter((name) => space[name].length > 1)
    .map((hyperparameter) => {
      const groups = space[hyperparameter].map((value) =>
        fitted.filter(({ hyperparameters }) => hyperparameters[hyperparameter] === value),
      );
      const scores = groups.map((group) => group.map((outcome) => scoreOf(outcome, k)));
      return { hyperparameter, explained: explainedVariance(scores) };
    })
    .sort((a, b) => (b.explained ?? -1) - (a.explained ?? -1));
}
