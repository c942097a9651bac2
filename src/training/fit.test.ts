import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engine, fitTools, type Line, SMALL, snapshotOf, twoTastes } from "../../test/builders.ts";
import type { Factors } from "../artifact/artifact.ts";
import type { Hyperparameters } from "../artifact/manifest.ts";
import { seededRandom } from "../base/random.ts";
import type { Solver } from "../base/solver.ts";
import { historyOfRow, newestTime } from "../history/history.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import { normalRows } from "../kernel/generate.ts";
import { solverParametersOf } from "../kernel/hyperparameters.ts";
import { parseWeightRules } from "../kernel/weight-rule.ts";
import { weightsOf } from "../kernel/weights.ts";
import { fitFactors } from "./fit.ts";
import { checkHyperparameters } from "./hyperparameters.ts";
import { callingThreadSweeper } from "./sweeps.ts";
import { type TrainingSet, trainingSetOf } from "./training-set.ts";

const fitted = (set: TrainingSet, hyperparameters: Hyperparameters) =>
  fitFactors(set, hyperparameters, "training", fitTools);

const MS_PER_DAY = 86_400_000;

/** Ratings 1 to 5 of some of 12 films by 15 viewers. */
function someRatings(seed: number): TrainingSet {
  const random = seededRandom(seed);
  const lines: Line[] = [];
  for (let user = 0; user < 15; user++) {
    for (let item = 0; item < 12; item++) {
      if (random.fraction() < 0.35)
        lines.push([`${user}`, `${item}`, 1 + random.below(5), random.below(9) * MS_PER_DAY]);
    }
  }
  return trainingSetOf(snapshotOf(lines));
}

const anySettings = fc.record({
  seed: fc.nat(1000),
  factors: fc.integer({ min: 1, max: 9 }),
  regularization: fc.double({ min: 1e-3, max: 0.5, noNaN: true }),
  regularization_exponent: fc.constantFrom(0, 0.5, 1),
  unobserved_weight: fc.constantFrom(0, 0.05, 0.5),
  init_scale: fc.constantFrom(0.1, 0.5),
  weight_rule: fc.constantFrom("binary", "rating", "rating>=3", "rating*recency:3d"),
});

/** Weights as a dense matrix, users × items, by the rule's own words. */
function weightsByUser({ users, items, histories }: TrainingSet, { weight_rule }: Hyperparameters): number[][] {
  return users.map((_, row) => {
    const weights = items.map(() => 0);
    const { item, value, time } = historyOfRow(histories, row);
    item.forEach((index, place) => {
      const rating = value[place];
      const ageDays = ((newestTime(histories.time) ?? 0) - time[place]) / MS_PER_DAY;
      const base = weight_rule === "binary" ? 1 : weight_rule.startsWith("rating>=") ? Number(rating >= 3) : rating;
      weights[index] = weight_rule.endsWith("recency:3d") ? base * 2 ** (-ageDays / 3) : base;
    });
    return weights;
  });
}

const rowsOf = (flat: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, row) =>
    Array.from({ length: width }, (_, d) => flat[row * width + d]),
  );
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, d) => sum + value * b[d], 0);
const transposed = (matrix: readonly (readonly number[])[], columns: number) =>
  Array.from({ length: columns }, (_, column) => matrix.map((row) => row[column]));

/** λ(n + α0·N)^ν of a row with these weights over all N rows of the other side. */
function penalty(
  weights: readonly number[],
  { regularization, regularization_exponent, unobserved_weight }: Hyperparameters,
) {
  const entries = weights.filter((weight) => weight > 0).length;
  return regularization * (entries + unobserved_weight * weights.length) ** regularization_exponent;
}

/** The objective that fitFactors documents. */
function loss(weights: readonly (readonly number[])[], factors: Factors, hyperparameters: Hyperparameters): number {
  const { factors: width } = factors.settings;
  const [users, items] = [rowsOf(factors.userFactors, width), rowsOf(factors.itemFactors, width)];
  let total = 0;
  users.forEach((x, user) => {
    items.forEach((y, item) => {
      const score = dot(x, y);
      total += weights[user][item] * (1 - score) ** 2 + hyperparameters.unobserved_weight * score ** 2;
    });
    total += penalty(weights[user], hyperparameters) * dot(x, x);
  });
  const byItem = transposed(weights, items.length);
  items.forEach((y, item) => {
    total += penalty(byItem[item], hyperparameters) * dot(y, y);
  });
  return total;
}

/** Solves a symmetric positive definite system by Gauss-Jordan elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, r) => [...row, right[r]]);
  for (let pivot = 0; pivot < size; pivot++) {
    for (let r = 0; r < size; r++) {
      if (r === pivot) continue;
      const factor = rows[r][pivot] / rows[pivot][pivot];
      for (let c = pivot; c <= size; c++) rows[r][c] -= factor * rows[pivot][c];
    }
  }
  return rows.map((row, r) => row[size] / row[r]);
}

/** One half-sweep of plain dense alternating least squares. */
function halfSweep(weights: readonly (readonly number[])[], fixed: number[][], hyperparameters: Hyperparameters) {
  const width = hyperparameters.factors;
  return weights.map((own) => {
    if (own.every((weight) => weight === 0)) return Array.from({ length: width }, () => 0);
    const at = (r: number, c: number) =>
      fixed.reduce((sum, y, item) => sum + (own[item] + hyperparameters.unobserved_weight) * y[r] * y[c], 0) +
      (r === c ? penalty(own, hyperparameters) : 0);
    const matrix = Array.from({ length: width }, (_, r) => Array.from({ length: width }, (_, c) => at(r, c)));
    const right = Array.from({ length: width }, (_, r) => fixed.reduce((sum, y, item) => sum + own[item] * y[r], 0));
    return solve(matrix, right);
  });
}

function denseAls(set: TrainingSet, hyperparameters: Hyperparameters) {
  const { factors, init_scale, iterations, seed } = hyperparameters;
  const weights = weightsByUser(set, hyperparameters);
  const byItem = transposed(weights, set.items.length);
  const deviation = init_scale / Math.sqrt(factors);
  let items = rowsOf(normalRows(engine.newCore(), seed, "item", set.items.length, factors, deviation), factors);
  for (let iteration = 0; iteration < iterations; iteration++) {
    items = halfSweep(byItem, halfSweep(weights, items, hyperparameters), hyperparameters);
  }
  return { users: halfSweep(weights, items, hyperparameters), items };
}

describe("fitting", () => {
  test("lowers the documented objective with every iteration", async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, async (settings) => {
        const set = someRatings(settings.seed);
        let before = Number.POSITIVE_INFINITY;
        for (let iterations = 1; iterations <= 5; iterations++) {
          const hyperparameters = checkHyperparameters({ ...settings, solver: "cholesky", iterations });
          const now = loss(weightsByUser(set, hyperparameters), await fitted(set, hyperparameters), hyperparameters);
          expect(now).toBeLessThanOrEqual(before * (1 + 1e-6));
          before = now;
        }
      }),
      { numRuns: 20 },
    );
  });

  test("is alternating least squares: a dense one in float64 comes to the same factors", async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, async (settings) => {
        const set = someRatings(settings.seed);
        // With a fifth of this penalty the condition of some draws takes float32 further away than is allowed below.
        const hyperparameters = checkHyperparameters({
          ...settings,
          solver: "cholesky",
          iterations: 3,
          regularization: 0.5,
        });
        const { userFactors, itemFactors } = await fitted(set, hyperparameters);
        const dense = denseAls(set, hyperparameters);
        for (const [found, expected] of [
          [userFactors, dense.users.flat()],
          [itemFactors, dense.items.flat()],
        ] as const) {
          const scale = Math.max(...expected.map(Math.abs));
          const furthest = Math.max(...expected.map((value, place) => Math.abs(value - found[place])));
          expect(furthest).toBeLessThan(1e-4 * scale);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("ends with user rows that are the fold-ins of their histories, in every bit", async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, fc.constantFrom("cholesky", "pcg:1", "pcg:3"), async (settings, solver) => {
        const set = someRatings(settings.seed);
        const hyperparameters = checkHyperparameters({ ...settings, solver, iterations: 2 });
        const { itemFactors, userFactors, itemGramian } = await fitted(set, hyperparameters);
        const core = engine.newCore();
        const parameters = solverParametersOf(hyperparameters);
        const space = new FactorSpace(core, itemFactors, set.items.length, parameters, itemGramian);
        const rule = parseWeightRules(hyperparameters.weight_rule).foldIn;
        const folded = set.users.flatMap((_, row) => {
          const history = historyOfRow(set.histories, row);
          const weights = weightsOf(core, rule, history, newestTime(set.histories.time));
          return [...space.solveRow(history.item, weights)];
        });
        expect(Buffer.from(Float32Array.from(folded).buffer)).toEqual(Buffer.from(userFactors.buffer));
        expect(new FactorSpace(core, itemFactors, set.items.length, parameters).gramian()).toEqual(itemGramian);
      }),
      { numRuns: 20 },
    );
  });

  test("by conjugate gradients comes with each step closer to what exact solutions come to", async () => {
    const set = someRatings(5);
    const by = async (solver: Solver) => {
      const hyperparameters = checkHyperparameters({ factors: 6, iterations: 3, regularization: 0.1, solver });
      return (await fitted(set, hyperparameters)).itemFactors;
    };
    const exact = await by("cholesky");
    const far = async (solver: Solver) => Math.hypot(...(await by(solver)).map((value, at) => value - exact[at]));
    const [one, two, many] = [await far("pcg:1"), await far("pcg:2"), await far("pcg:16")];
    expect(two).toBeLessThan(one);
    expect(many).toBeLessThan(two);
    expect(many).toBeLessThan(1e-4 * Math.hypot(...exact));
  });

  test("learns items by the rule of training, and solves users by that of fold-ins", async () => {
    const set = someRatings(3);
    const by = (weight_rule: string) => fitted(set, checkHyperparameters({ ...SMALL, weight_rule }));
    const [both, rated, recent] = [await by("rating/recency:3d"), await by("rating"), await by("recency:3d")];
    expect(both.itemFactors).toEqual(rated.itemFactors);
    expect(both.userFactors).not.toEqual(rated.userFactors);
    expect(recent.itemFactors).not.toEqual(rated.itemFactors);

    const core = engine.newCore();
    const parameters = solverParametersOf(checkHyperparameters(SMALL));
    const space = new FactorSpace(core, both.itemFactors, set.items.length, parameters, both.itemGramian);
    const { foldIn } = parseWeightRules("recency:3d");
    const history = historyOfRow(set.histories, 2);
    const weights = weightsOf(core, foldIn, history, newestTime(set.histories.time));
    const own = both.userFactors.subarray(2 * SMALL.factors, 3 * SMALL.factors);
    expect(space.solveRow(history.item, weights)).toEqual(own);
  });

  test("gives the same bits again, and others for another seed", async () => {
    const set = trainingSetOf(twoTastes());
    expect(await fitted(set, SMALL)).toEqual(await fitted(set, SMALL));
    expect((await fitted(set, { ...SMALL, seed: 8 })).itemFactors).not.toEqual((await fitted(set, SMALL)).itemFactors);
  });

  test("tells who shares a taste", async () => {
    const set = trainingSetOf(twoTastes());
    const { userFactors, itemFactors } = await fitted(set, SMALL);
    const space = new FactorSpace(engine.newCore(), itemFactors, set.items.length, solverParametersOf(SMALL));
    set.users.forEach((id, row) => {
      const { rows } = space.top(userFactors.subarray(row * SMALL.factors, (row + 1) * SMALL.factors), 8, null);
      const own = Number(id) % 2 === 1 ? "Comedy" : "Thriller";
      expect([...rows].map((index) => set.items[index].genres[0])).toEqual(Array.from({ length: 8 }, () => own));
    });
  });

  test("leaves zero what has nothing of weight", async () => {
    const set = trainingSetOf(
      snapshotOf([
        ["liker", "good", 5],
        ["hater", "bad", 1],
      ]),
    );
    const factors = await fitted(set, checkHyperparameters({ factors: 2, weight_rule: "rating>=4" }));
    expect(set.users).toEqual(["hater", "liker"]);
    expect([...factors.userFactors.subarray(0, 2), ...factors.itemFactors.subarray(0, 2)]).toEqual([0, 0, 0, 0]);
    expect(factors.userFactors[2]).not.toBe(0);
    expect([...factors.popularity]).toEqual([1, 1]);
  });

  test("tells how far it is, up to all rows of all half-sweeps", async () => {
    const told: [string, number, number][] = [];
    const set = trainingSetOf(twoTastes());
    await fitFactors(set, SMALL, "training", {
      ...fitTools,
      progress: (stage, done, total) => told.push([stage, done, total]),
    });
    const total = SMALL.iterations * (24 + 16) + 24;
    expect(told.at(-1)).toEqual(["training", total, total]);
    expect(told.map(([, done]) => done)).toEqual(told.map(([, done]) => done).toSorted((a, b) => a - b));
  });

  test("closes the sweeper, also when solving fails", async () => {
    let closed = 0;
    const openSweeper = async (...given: Parameters<typeof fitTools.openSweeper>) => {
      const sweeper = await callingThreadSweeper(engine.newCore)(...given);
      return { ...sweeper, close: async () => void closed++ };
    };
    const set = trainingSetOf(twoTastes());
    await fitFactors(set, SMALL, "training", { ...fitTools, openSweeper });
    const failing = async (...given: Parameters<typeof fitTools.openSweeper>) => ({
      ...(await openSweeper(...given)),
      solve: () => Promise.reject(new Error("no")),
    });
    await expect(fitFactors(set, SMALL, "training", { ...fitTools, openSweeper: failing })).rejects.toThrow("no");
    expect(closed).toBe(2);
  });
});
