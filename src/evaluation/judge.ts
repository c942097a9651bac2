import type { Progress } from "../base/progress.ts";
import type { Core } from "../kernel/core.ts";
import type { IndexedModel } from "./indexed-model.ts";
import { itemTraits } from "./list-content.ts";
import { RANKING_DEPTH, rankAll } from "./rank.ts";
import { openRecommender, type SystemName } from "./recommenders.ts";
import { rankSampled, type SampledCase } from "./sampled.ts";
import type { SystemResult } from "./summary.ts";
import type { TestCase } from "./test-cases.ts";
import { accuracyOf, contentOf } from "./user-metrics.ts";

export type Baseline = Exclude<SystemName, "model">;

export interface JudgeOptions {
  readonly k: number;
  readonly baselines: readonly Baseline[];
}

export interface JudgeTools {
  readonly newCore: () => Core;
  readonly progress: Progress;
}

/** What one system answered for each case. */
export interface JudgedSystem extends SystemResult {
  /** What accuracy was judged by: the lists to a greater depth, or the tested item's rank among its candidates. */
  readonly rankings: readonly Int32Array[];
}

/** The systems that were judged on the same cases: the model, and each baseline. */
export type JudgedSystems = { readonly model: JudgedSystem } & Partial<Readonly<Record<Baseline, JudgedSystem>>>;

/** Ranks the whole catalogue for each case. */
export function judgeFull(
  model: IndexedModel,
  cases: readonly TestCase[],
  options: JudgeOptions,
  tools: JudgeTools,
): JudgedSystems {
  return judgeEach(model, cases, options, tools, (_, list) => list);
}

/**
 * Ranks the candidates of each case for its accuracy. What lists are made of is judged by those that the users would
 * get of the whole catalogue: candidates drawn by chance say nothing about that.
 */
export function judgeSampled(
  model: IndexedModel,
  cases: readonly SampledCase[],
  options: JudgeOptions,
  tools: JudgeTools,
): JudgedSystems {
  return judgeEach(model, cases, options, tools, (recommend, _, place) =>
    rankSampled(cases[place], recommend, model.itemCount),
  );
}

function judgeEach(
  model: IndexedModel,
  cases: readonly TestCase[],
  { k, baselines }: JudgeOptions,
  { newCore, progress }: JudgeTools,
  rank: (recommend: ReturnType<typeof openRecommender>, list: Int32Array, place: number) => Int32Array,
): JudgedSystems {
  const { items, factors, histories } = model.artifact;
  const traits = itemTraits(items, factors.popularity, usersWithHistory(histories.table.indptr));
  const taken = cases.map((test) => test.taken);
  const judge = (system: SystemName): JudgedSystem => {
    const recommend = openRecommender(system, model, newCore());
    const depth = Math.max(k, RANKING_DEPTH);
    const stage = system === "model" ? "ranking" : `ranking by ${system.replace("_", "-")}`;
    const full = rankAll(cases, recommend, items.length, depth, (done) => progress(stage, done, cases.length));
    const lists = full.map((list) => list.subarray(0, k));
    const rankings = full.map((list, place) => rank(recommend, list, place));
    return { rankings, lists, accuracy: accuracyOf(rankings, taken, k), content: contentOf(lists, traits) };
  };
  const judged = ["model" as const, ...baselines].map((system) => [system, judge(system)] as const);
  return Object.fromEntries(judged) as unknown as JudgedSystems;
}

function usersWithHistory(indptr: Int32Array): number {
  let users = 0;
  for (let row = 0; row + 1 < indptr.length; row++) if (indptr[row + 1] > indptr[row]) users++;
  return users;
}
