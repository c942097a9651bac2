import { describe, expect, test } from "vitest";
import { fitTools, twoTastes } from "../../test/builders.ts";
import type { Hyperparameters } from "../artifact/manifest.ts";
import { DataError } from "../base/errors.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { EVALUATION_SEED, evaluateSplit } from "./evaluate.ts";
import { importanceOf } from "./importance.ts";
import { parseSearchSpace } from "./search-space.ts";
import { drawTrials } from "./trial-draws.ts";
import {
  bestRung,
  groundOf,
  type Outcome,
  scoreOf,
  searchAtRandom,
  searchByHalving,
  type TrialJournal,
} from "./tune.ts";
import { validationOf } from "./validation.ts";

const K = 3;
const SPACE = parseSearchSpace([
  "factors=1,2,4",
  "iterations=1,2,4",
  "regularization=0.01,0.1,1",
  "unobserved_weight=0.1,1",
  "weight_rule=binary",
]);
const validation = validationOf(twoTastes(), "temporal", 0.2);

/** What was trained, in order; `known` is found at once. */
function journal(known: readonly Outcome[] = []) {
  const trained: Outcome[] = [];
  const journal: TrialJournal = {
    ground: () => null,
    outcome: (hyperparameters) =>
      known.find((outcome) => JSON.stringify(outcome.hyperparameters) === JSON.stringify(hyperparameters)) ?? null,
    addGround: async () => {},
    addOutcome: async (outcome) => void trained.push(outcome),
  };
  return { trained, tools: { ...fitTools, journal } };
}

describe("random search", () => {
  test("judges each draw as evaluate would judge it on the validation split", async () => {
    const draws = drawTrials(SPACE, 3, 1);
    const trials = await searchAtRandom(validation, draws, K, journal().tools);
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3]);
    for (const [place, { rungs }] of trials.entries()) {
      const options = { k: K, seed: EVALUATION_SEED, maxUsers: null, baselines: [] };
      const evaluated = await evaluateSplit(validation.part, validation.split, draws[place], options, fitTools);
      expect(rungs).toEqual([{ hyperparameters: draws[place], metrics: evaluated?.evaluation.metrics, fault: null }]);
    }
  });

  test("does not train again what is kept", async () => {
    const draws = drawTrials(SPACE, 6, 1);
    const first = journal();
    const trials = await searchAtRandom(validation, draws, K, first.tools);
    const second = journal(first.trained.slice(0, 4));
    expect(await searchAtRandom(validation, draws, K, second.tools)).toEqual(trials);
    expect(second.trained).toEqual(first.trained.slice(4));
  });

  test("goes on after hyperparameters that cannot be fitted", async () => {
    const [good, bad] = drawTrials(SPACE, 2, 1);
    const tools = journal().tools;
    const openSweeper: typeof tools.openSweeper = async (problem) => {
      if (problem.parameters.factors === bad.factors && problem.parameters.regularization === bad.regularization) {
        throw new DataError("solver", "no finite solution");
      }
      return fitTools.openSweeper(problem);
    };
    const trials = await searchAtRandom(validation, [bad, good], K, { ...tools, openSweeper });
    expect(trials[0].rungs[0]).toEqual({ hyperparameters: bad, metrics: null, fault: "solver: no finite solution" });
    expect(scoreOf(trials[0].rungs[0], K)).toBeLessThan(scoreOf(trials[1].rungs[0], K));
  });
});

describe("successive halving", () => {
  test("trains all with the fewest iterations, and then each time the better half", async () => {
    const draws = drawTrials({ ...SPACE, iterations: [4] }, 7, 2);
    const { trained, tools } = journal();
    const trials = await searchByHalving(validation, draws, [1, 2, 4], K, tools);
    expect(trained.map(({ hyperparameters: { iterations } }) => iterations).join("")).toBe("1111111222244");
    for (const rung of [0, 1]) {
      const running = trials.filter(({ rungs }) => rungs.length > rung);
      const stopped = running.filter(({ rungs }) => rungs.length === rung + 1);
      const better = running.filter(({ rungs }) => rungs.length > rung + 1);
      const worst = Math.min(...better.map(({ rungs }) => scoreOf(rungs[rung], K)));
      for (const { rungs } of stopped) expect(scoreOf(rungs[rung], K)).toBeLessThanOrEqual(worst);
    }
    for (const { trial, rungs } of trials) {
      const { iterations: _, ...drawn } = draws[trial - 1];
      for (const { hyperparameters } of rungs) expect(hyperparameters).toMatchObject(drawn);
    }
  });

  test("does not take further what could not be fitted", async () => {
    const draws = drawTrials({ ...SPACE, iterations: [4] }, 4, 2);
    const tools = journal(
      draws.slice(1).map((draw) => ({ hyperparameters: { ...draw, iterations: 1 }, metrics: null, fault: "none" })),
    ).tools;
    const trials = await searchByHalving(validation, draws, [1, 2, 4], K, tools);
    expect(trials.map(({ rungs }) => rungs.length)).toEqual([3, 1, 1, 1]);
  });
});

describe("what a search is judged on", () => {
  test("has the baselines of evaluate", async () => {
    const ground = await groundOf(validation, K, journal().tools);
    const options = { k: K, seed: EVALUATION_SEED, maxUsers: null, baselines: ["popularity", "item_knn"] as const };
    const hyperparameters = checkHyperparameters({ factors: 3, iterations: 2 });
    const evaluated = await evaluateSplit(validation.part, validation.split, hyperparameters, options, fitTools);
    expect(ground?.baselines).toEqual(evaluated?.evaluation.baselines);
    expect(ground?.users).toBe(evaluated?.evaluation.users);
  });

  test("is nothing where nobody is left", async () => {
    const nobody = {
      ...validation,
      split: { ...validation.split, test: new Uint8Array(validation.split.test.length) },
    };
    expect(await groundOf(nobody, K, journal().tools)).toBeNull();
  });
});

const outcome = (hyperparameters: Partial<Hyperparameters>, ndcg: number): Outcome => ({
  hyperparameters: checkHyperparameters(hyperparameters),
  metrics: { "ndcg@3": { value: ndcg, low: ndcg, high: ndcg } },
  fault: null,
});

test("a trial stands for its best rung, the earlier of equals", () => {
  const rungs = [outcome({ iterations: 1 }, 0.1), outcome({ iterations: 2 }, 0.3), outcome({ iterations: 4 }, 0.3)];
  expect(bestRung({ trial: 1, rungs }, K)).toBe(1);
});

test("what mattered is what the score varies with", () => {
  const outcomes = [1, 2, 4].flatMap((factors) =>
    [0.01, 0.1, 1].map((regularization) => outcome({ factors, regularization, unobserved_weight: 0.1 }, factors / 10)),
  );
  expect(importanceOf(SPACE, outcomes, K)).toEqual([
    { hyperparameter: "factors", explained: 1 },
    { hyperparameter: "regularization", explained: 0 },
    { hyperparameter: "iterations", explained: null },
    { hyperparameter: "unobserved_weight", explained: null },
  ]);
});
