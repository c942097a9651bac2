import type { Core } from "../kernel/core.ts";
import { FactorSpace, type Ranking } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { parseWeightRules } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import type { IndexedModel, KnownUser } from "./indexed-model.ts";
import { itemKnn } from "./item-knn.ts";

/** What ranks items: the model, or a baseline that learns from the same histories. */
export type SystemName = "model" | "popularity" | "item_knn";

/** The at most `depth` best item rows for a user; `excluded` holds 1 for each row that is left out. */
export type Recommend = (known: KnownUser, excluded: Uint8Array, depth: number) => Ranking;

/**
 * - `model` answers as the service does: by the factors as trained, or folded in where more is known; who has nothing of
 *   weight is shown what is popular;
 * - `popularity` ranks by the number of users;
 * - `item_knn` as in `item-knn.ts`; who is not known at all is shown what is popular.
 *
 * Equal scores rank by row. @param core keeps the model's factors as long as it lives
 */
export function openRecommender(system: SystemName, { artifact }: IndexedModel, core: Core): Recommend {
  const { itemFactors, itemGramian, popularity, settings, userFactors } = artifact.factors;
  const space = new FactorSpace(core, itemFactors, artifact.items.length, solverParametersOf(settings), itemGramian);
  const popular: Recommend = (_, excluded, depth) => space.topOf(popularity, depth, excluded);
  if (system === "popularity") return popular;

  if (system === "item_knn") {
    const score = itemKnn(artifact.histories.table, artifact.items.length);
    return (known, excluded, depth) =>
      known.history.item.length === 0
        ? popular(known, excluded, depth)
        : space.topOf(score(known.history.item), depth, excluded);
  }

  const { weightRule, referenceTime } = artifact.histories;
  const rule = parseWeightRules(weightRule).foldIn;
  const rowOf = ({ history, row }: KnownUser) =>
    row === null
      ? space.solveRow(history.item, weightsOf(core, rule, history, referenceTime))
      : userFactors.subarray(row * settings.factors, (row + 1) * settings.factors);
  return (known, excluded, depth) => {
    const own = rowOf(known);
    return own.every((value) => value === 0) ? popular(known, excluded, depth) : space.top(own, depth, excluded);
  };
}
