import type { Factors } from "../artifact/artifact.ts";
import type { Evaluation, Hyperparameters, Metrics } from "../artifact/manifest.ts";
import { assert } from "../base/errors.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { temporalSplit } from "../snapshot/temporal-split.ts";
import { bootstrapMean, type Interval } from "../stats/bootstrap.ts";
import { type FitTools, fitFactors } from "./fit.ts";
import { type ListQuality, listQuality } from "./metrics.ts";
import { type TrainingSet, trainingSetOf } from "./training-set.ts";

const TEST_SHARE = 0.2;
const K = 10;
const BOOTSTRAP_SEED = 20_240_601;

/**
 * How well these hyperparameters predict what came later: fits the older part of the snapshot, ranks for every user
 * who has a part in both, what they had seen left out, and compares with the most popular items.
 * Items that the older part does not hold cannot be ranked by anyone and are not counted as taken.
 * @returns null when no user has interactions on both sides of the split.
 */
export async function evaluateTemporal(
  snapshot: Snapshot,
  hyperparameters: Hyperparameters,
  tools: FitTools,
): Promise<Evaluation | null> {
  const split = temporalSplit(snapshot, TEST_SHARE);
  const set = trainingSetOf(snapshot, split.train);
  const takenBy = testItems(snapshot, split.test, set);
  if (takenBy.size === 0) return null;
  const factors = await fitFactors(set, hyperparameters, "evaluating", tools);
  const model: ListQuality[] = [];
  const popularity: ListQuality[] = [];
  const space = new FactorSpace(
    tools.newCore(),
    factors.itemFactors,
    set.items.length,
    solverParametersOf(hyperparameters),
  );
  for (const [user, taken] of takenBy) {
    const seen = seenMask(set, user);
    const popular = space.topOf(factors.popularity, K, seen).rows;
    const own = rowOf(factors, user);
    // Whose row is zero, having nothing of weight, is shown what is popular, as by the service.
    const ranked = own.every((value) => value === 0) ? popular : space.top(own, K, seen).rows;
    model.push(listQuality(ranked, taken, K));
    popularity.push(listQuality(popular, taken, K));
  }
  const gains = model.map(({ ndcg }, place) => ndcg - (popularity[place] as ListQuality).ndcg);
  return {
    protocol: "temporal",
    split: split.kind,
    k: K,
    users: takenBy.size,
    metrics: summary(model),
    baselines: { popularity: summary(popularity) },
    ndcg_gain_over_popularity: interval(gains),
  };
}

/** The known items that each user with a past took afterwards, by user row. */
function testItems({ interactions }: Snapshot, test: Uint8Array, set: TrainingSet): Map<number, Set<number>> {
  const takenBy = new Map<number, Set<number>>();
  for (let at = 0; at < interactions.length; at++) {
    const user = interactions.user[at] as number;
    const item = set.rowOfCatalogueItem[interactions.item[at] as number] as number;
    const hasPast = set.histories.indptr[user] !== set.histories.indptr[user + 1];
    if (!test[at] || item < 0 || !hasPast) continue;
    const taken = takenBy.get(user);
    if (taken) taken.add(item);
    else takenBy.set(user, new Set([item]));
  }
  return takenBy;
}

function seenMask({ histories: { indptr, item }, items }: TrainingSet, user: number): Uint8Array {
  const mask = new Uint8Array(items.length);
  for (let at = indptr[user] as number; at < (indptr[user + 1] as number); at++) mask[item[at] as number] = 1;
  return mask;
}

function rowOf({ userFactors, settings }: Factors, user: number): Float32Array {
  return userFactors.subarray(user * settings.factors, (user + 1) * settings.factors);
}

function summary(lists: readonly ListQuality[]): Metrics {
  return {
    [`hr@${K}`]: interval(lists.map(({ hr }) => hr)),
    [`ndcg@${K}`]: interval(lists.map(({ ndcg }) => ndcg)),
    [`recall@${K}`]: interval(lists.map(({ recall }) => recall)),
  };
}

function interval(values: readonly number[]): Interval {
  const result = bootstrapMean(Float64Array.from(values), BOOTSTRAP_SEED);
  assert(result !== null, "there is at least one user");
  return result;
}
