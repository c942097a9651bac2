import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { CatalogueItem } from "../../src/base/catalogue.ts";
import { seededRandom } from "../../src/base/random.ts";
import { embeddedSnapshot } from "../../src/embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../../src/embedded/versions.ts";
import { evaluateSplit, splitOf } from "../../src/evaluation/evaluate.ts";
import { countShown, coverageOf, giniOf } from "../../src/evaluation/exposure.ts";
import { itemTraits } from "../../src/evaluation/list-content.ts";
import { accuracyOf, contentOf } from "../../src/evaluation/user-metrics.ts";
import { fitTools } from "../builders.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";

const PRECISION = 1e-9;

/** Rankings, what was taken, and what is known of the items: all that a metric looks at. */
interface Judged {
  readonly k: number;
  readonly items: readonly CatalogueItem[];
  readonly popularity: Float32Array;
  readonly users: number;
  readonly rankings: readonly Int32Array[];
  readonly taken: readonly ReadonlySet<number>[];
}

const given = testGiven(missingPackages(["numpy"], ["numpy==2.4.6"]));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-metrics-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Compares every metric of every user, and those of all lists together, with what Python makes of the same lists. */
async function expectAgreement(judged: Judged, name: string): Promise<void> {
  const { k, items, popularity, users, rankings, taken } = judged;
  const path = join(folder, `${name}.json`);
  const plain = {
    k,
    users,
    users_of_item: [...popularity],
    genres: items.map(({ genres }) => genres),
    lists: rankings.map((ranking) => [...ranking]),
    taken: taken.map((rows) => [...rows]),
  };
  await writeFile(path, JSON.stringify(plain));
  const theirs = JSON.parse(await runScript("metrics.py", path));

  const lists = rankings.map((ranking) => ranking.subarray(0, k));
  const ours = { ...accuracyOf(rankings, taken, k), ...contentOf(lists, itemTraits(items, popularity, users)) };
  expect(Object.keys(theirs.users).sort()).toEqual(Object.keys(ours).sort());
  for (const [metric, column] of Object.entries(ours)) {
    const furthest = Array.from(column, (value, user) => {
      const their: number | null = theirs.users[metric][user];
      return Number.isNaN(value) || their === null ? Number(Number.isNaN(value) !== (their === null)) : value - their;
    }).reduce((most, difference) => Math.max(most, Math.abs(difference)), 0);
    expect(furthest, metric).toBeLessThan(PRECISION);
  }
  const shown = countShown(lists, items.length);
  expect(Math.abs(coverageOf(shown) - theirs.coverage)).toBeLessThan(PRECISION);
  expect(Math.abs(giniOf(shown) - theirs.gini)).toBeLessThan(PRECISION);
}

describe("metrics agree to 1e-9 with a Python implementation of their definitions", () => {
  given.each([1, 3, 10, 50])("on random lists, k %i", async (k) => {
    const random = seededRandom(k);
    const items = Array.from({ length: 60 }, (_, row): CatalogueItem => {
      const genres = ["a", "b", "c", "d"].filter(() => random.fraction() < 0.4);
      return { movie_id: `${row}`, title: null, year: null, genres };
    });
    const some = (most: number) => {
      const rows = items.map((_, row) => row).filter(() => random.fraction() < 0.5);
      const order = new Map(rows.map((row) => [row, random.fraction()]));
      return rows.sort((a, b) => (order.get(a) as number) - (order.get(b) as number)).slice(0, random.below(most));
    };
    const judged = {
      k,
      items,
      popularity: Float32Array.from(items, () => 1 + random.below(100)),
      users: 100,
      rankings: Array.from({ length: 300 }, () => Int32Array.from(some(40))),
      taken: Array.from({ length: 300 }, () => new Set([random.below(60), ...some(20)])),
    };
    await expectAgreement(judged, `random-${k}`);
  });

  given("on the lists of a model and its baselines", async () => {
    const snapshot = embeddedSnapshot();
    const split = splitOf("temporal", snapshot, 0.2);
    const hyperparameters = EMBEDDED_VERSIONS.get("v0.1") ?? expect.unreachable();
    const options = { k: 10, seed: 1, baselines: ["popularity", "item_knn"] as const, maxUsers: null };
    const evaluated = await evaluateSplit(snapshot, split, hyperparameters, options, fitTools);
    const { model, cases, systems, evaluation } = evaluated ?? expect.unreachable();
    const { items, factors, histories } = model.artifact;
    const { indptr } = histories.table;
    const users = model.artifact.users.filter((_, row) => indptr[row + 1] > indptr[row]).length;
    const taken = cases.map((each) => each.taken);
    for (const [system, { rankings, accuracy }] of Object.entries(systems)) {
      await expectAgreement({ k: 10, items, popularity: factors.popularity, users, rankings, taken }, system);
      // The report's mean is that of the users.
      const reported = system === "model" ? evaluation.metrics : evaluation.baselines[system as "popularity"];
      const mean = accuracy.ndcg.reduce((sum, value) => sum + value, 0) / cases.length;
      expect(Math.abs(reported["ndcg@10"].value - mean)).toBeLessThan(PRECISION);
    }
  });
});
