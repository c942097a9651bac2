import type { Comparison, Evaluation, Hyperparameters } from "../../artifact/manifest.ts";
import { NEIGHBOURS } from "../../evaluation/item-knn.ts";
import { HEAD_SHARE } from "../../evaluation/list-content.ts";
import { RANKING_DEPTH } from "../../evaluation/rank.ts";
import type { Segmentation } from "../../evaluation/segments.ts";
import { metricNames } from "../../evaluation/summary.ts";

/** What `evaluate` finds: its JSON output, but for `exposure`. */
export interface EvaluationReport extends Evaluation {
  readonly model: string;
  /** The artifact itself, or its hyperparameters trained on the earlier part of its snapshot. */
  readonly scored: "artifact" | "hyperparameters";
  readonly test_share: number | null;
  readonly seed: number;
  readonly data_snapshot_id: string;
  readonly artifact_digest: string;
  readonly hyperparameters: Hyperparameters;
  /** With the champion; null where there is none or the model is it. */
  readonly comparison: Comparison | null;
  readonly segments: readonly Segmentation[];
  /** Attributes of users that have too many values to make segments of. */
  readonly attributes_left_out: readonly string[];
  /** The lists of each system, for plots. */
  readonly exposure: readonly SystemExposure[];
}

export interface SystemExposure {
  readonly system: string;
  readonly lists: readonly Int32Array[];
  /** How many items there are to be shown. */
  readonly items: number;
}

export const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  model: "model",
  popularity: "popularity",
  item_knn: "item-kNN",
};

/** What was tested, in words. */
export function describeSplit({ split, instant, test_share: share, scored, protocol }: EvaluationReport): string {
  if (scored === "artifact") {
    return protocol === "sampled"
      ? "The artifact itself ranks each user's tested item among the candidates that a file gives. Ties count against the tested item; an item that the model does not hold has score 0."
      : "The artifact itself is scored on a file's interactions, without those that it was trained on. Users it does not know are shown what is popular.";
  }
  const part = share === null ? "" : ` (${(100 * share).toFixed(0)} % of the interactions)`;
  const how = {
    "global-time": `What happened from ${instantText(instant)} on tests${part}, what happened before trains. Of users who came later, the earlier half of their interactions is known and folded in, and the later half tests.`,
    "per-user-order": `The newest interactions of each user test${part}, the others train, because times are not all known.`,
    "last-of-each-user": "The last interaction of each user tests, all others train.",
    "test-file": "",
  }[split];
  return `The model's hyperparameters, trained anew on the earlier part of its snapshot. ${how}`;
}

/** What stands for what. */
export function definitions(k: number): Readonly<Record<string, string>> {
  const names = metricNames(k);
  const mean = "mean over users";
  return {
    [names.hr]: `${mean} of 1 where the first ${k} hold a tested item, else 0`,
    [names.ndcg]: `${mean} of the discounted cumulative gain of the first ${k}, gains of 1 and discount log2(rank + 1), over the best possible`,
    [names.recall]: `${mean} of the tested items among the first ${k}, over min(${k}, tested items)`,
    [names.map]: `${mean} of the precisions at the ranks of hits among the first ${k}, summed, over min(${k}, tested items)`,
    [names.mrr]: `${mean} of 1 over the rank of the first tested item, 0 beyond rank ${Math.max(k, RANKING_DEPTH)}`,
    [names.coverage]: `share of the items that stand in the list of ${k} of at least one user`,
    [names.novelty]: `${mean} of the mean self-information of the list, −log2 of the share of users who have the item, in bits`,
    [names.longTail]: `${mean} of the share of the list outside of the most popular items that hold ${100 * HEAD_SHARE} % of the interactions`,
    [names.gini]:
      "Gini coefficient of how often items stand in lists: 0 where all do equally often, near 1 where a few always do",
    [names.diversity]: `${mean} of 1 minus the mean Jaccard similarity of genres over the pairs of a list`,
    popularity: "baseline: the items that most users have, without what is known of the user",
    item_knn: `baseline: cosine of the sets of users of two items, each known item speaking for its ${NEIGHBOURS} nearest`,
    intervals:
      "95 %: percentile bootstrap over users, paired for differences; delete-a-group jackknife for coverage and Gini",
  };
}

function instantText(instant: number | null): string {
  const date = new Date(instant ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? `${instant}` : date.toISOString();
}
