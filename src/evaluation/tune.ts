import type { Evaluation, Hyperparameters, Metrics } from "../artifact/manifest.ts";
import { DataError } from "../base/errors.ts";
import type { FitTools } from "../training/fit.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { EVALUATION_SEED, evaluateSplit } from "./evaluate.ts";
import { metricNames } from "./summary.ts";
import type { Validation } from "./validation.ts";

/** Users that one training is judged by at most, as when a model is trained. */
const MAX_VALIDATED_USERS = 10_000;

/** How good hyperparameters are on the validation split. */
export interface Outcome {
  readonly hyperparameters: Hyperparameters;
  /** Null where they could not be fitted. */
  readonly metrics: Metrics | null;
  /** Why they could not be fitted. */
  readonly fault: string | null;
}

/** What all trials are judged on, and how good the baselines are there. */
export interface Ground extends Pick<Evaluation, "split" | "instant" | "users" | "counts" | "baselines"> {}

/** Keeps what is found, so that a search that was ended goes on where it was. */
export interface TrialJournal {
  ground(): Ground | null;
  outcome(hyperparameters: Hyperparameters): Outcome | null;
  /** Resolves when the find is sure to be kept. */
  addGround(ground: Ground): Promise<void>;
  addOutcome(outcome: Outcome): Promise<void>;
}

/** One draw of the search, and what came of it. */
export interface Trial {
  /** From 1, in the order of the draws. */
  readonly trial: number;
  /** What was found at each number of iterations that the trial came to. */
  readonly rungs: readonly Outcome[];
}

export interface TuneTools extends FitTools {
  readonly journal: TrialJournal;
}

/** @returns null when nobody is left to be judged by */
export async function groundOf(validation: Validation, k: number, tools: TuneTools): Promise<Ground | null> {
  const kept = tools.journal.ground();
  if (kept) return kept;
  // The baselines do not depend on factors: the smallest model will do.
  const smallest = checkHyperparameters({ factors: 1, iterations: 1 });
  const evaluated = await evaluate(validation, smallest, ["popularity", "item_knn"], k, tools);
  if (!evaluated) return null;
  const { split, instant, users, counts, baselines } = evaluated.evaluation;
  const ground = { split, instant, users, counts, baselines };
  await tools.journal.addGround(ground);
  return ground;
}

/** Random search: every draw is trained as it was drawn. */
export async function searchAtRandom(
  validation: Validation,
  draws: readonly Hyperparameters[],
  k: number,
  tools: TuneTools,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const [place, draw] of draws.entries()) {
    const name = `trial ${place + 1} of ${draws.length}`;
    trials.push({ trial: place + 1, rungs: [await outcomeOf(validation, draw, k, name, tools)] });
  }
  return trials;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): all draws are trained with the fewest iterations, the better half of
 * them with the next number, and so on. The iterations that were drawn do not count.
 * @param iterations ascending
 */
export async function searchByHalving(
  validation: Validation,
  draws: readonly Hyperparameters[],
  iterations: readonly number[],
  k: number,
  tools: TuneTools,
): Promise<Trial[]> {
  const trials = draws.map((draw, place) => ({ trial: place + 1, draw, rungs: [] as Outcome[] }));
  let running = trials;
  for (const [rung, each] of iterations.entries()) {
    for (const [place, { draw, rungs }] of running.entries()) {
      const name = `rung ${rung + 1} of ${iterations.length}, trial ${place + 1} of ${running.length}`;
      rungs.push(await outcomeOf(validation, { ...draw, iterations: each }, k, name, tools));
    }
    const better = running.filter(({ rungs }) => rungs[rung].metrics);
    better.sort((a, b) => scoreOf(b.rungs[rung], k) - scoreOf(a.rungs[rung], k) || a.trial - b.trial);
    running = better.slice(0, Math.ceil(running.length / 2));
  }
  return trials.map(({ trial, rungs }) => ({ trial, rungs }));
}

/** NDCG@k, by which trials are compared; below all others where there is none. */
export function scoreOf({ metrics }: Outcome, k: number): number {
  return metrics?.[metricNames(k).ndcg]?.value ?? Number.NEGATIVE_INFINITY;
}

/** The rung at which a trial was best, the earlier one of equals. */
export function bestRung({ rungs }: Trial, k: number): number {
  return rungs.reduce((best, outcome, rung) => (scoreOf(outcome, k) > scoreOf(rungs[best], k) ? rung : best), 0);
}

async function outcomeOf(
  validation: Validation,
  hyperparameters: Hyperparameters,
  k: number,
  name: string,
  tools: TuneTools,
): Promise<Outcome> {
  const kept = tools.journal.outcome(hyperparameters);
  if (kept) return kept;
  const progress: FitTools["progress"] = (stage, done, total) => tools.progress(`${name}: ${stage}`, done, total);
  const outcome = await judged(validation, hyperparameters, k, { ...tools, progress });
  await tools.journal.addOutcome(outcome);
  return outcome;
}

async function judged(validation: Validation, hyperparameters: Hyperparameters, k: number, tools: TuneTools) {
  try {
    const evaluated = await evaluate(validation, hyperparameters, [], k, tools);
    return { hyperparameters, metrics: evaluated?.evaluation.metrics ?? null, fault: null };
  } catch (error) {
    // Hyperparameters without a solution say something of themselves; the search goes on.
    if (!(error instanceof DataError)) throw error;
    return { hyperparameters, metrics: null, fault: error.message };
  }
}

function evaluate(
  { part, split }: Validation,
  hyperparameters: Hyperparameters,
  baselines: readonly ("popularity" | "item_knn")[],
  k: number,
  tools: FitTools,
) {
  const options = { k, seed: EVALUATION_SEED, maxUsers: MAX_VALIDATED_USERS, baselines };
  return evaluateSplit(part, split, hyperparameters, options, tools);
}
