import type { Manifest } from "../../src/artifact/manifest.ts";
import { Model, type ViewerQuery } from "../../src/engine/model.ts";
import { historyOfRow } from "../../src/history/history.ts";
import { FactorSpace, type Ranking } from "../../src/kernel/factor-space.ts";
import { solverParametersOf } from "../../src/kernel/hyperparameters.ts";
import { checkSameLists } from "../agreement.ts";
import type { Case } from "../case.ts";
import type { Lab } from "../lab.ts";
import { type Pair, secondsOf } from "../measure.ts";
import { Recommender } from "../twin/recommender.ts";

const K = 10;
/** Users that a run answers, one after the other, evenly spread over the rows. */
const USERS = 200;
const COMMON = { peer: "plain JavaScript", unit: "µs", isRate: false, isLong: false } as const;

/** Ranking alone, with the mask of seen items at hand. */
export const answerFactors: Case = {
  ...COMMON,
  id: "answer-factors",
  prepare: async (lab) => {
    const artifact = await lab.artifact();
    const { settings, itemFactors, userFactors } = artifact.factors;
    const space = new FactorSpace(
      lab.engine.newCore(),
      itemFactors,
      artifact.items.length,
      solverParametersOf(settings),
    );
    const twin = new Recommender(artifact);
    const questions = someUserRows(lab).map((row) => {
      const seen = new Uint8Array(artifact.items.length);
      for (const item of historyOfRow(artifact.histories.table, row).item) seen[item] = 1;
      return { query: userFactors.subarray(row * settings.factors, (row + 1) * settings.factors), seen };
    });
    return answering(
      questions,
      ({ query, seen }) => space.top(query, K, seen),
      ({ query, seen }) => twin.top(query, K, seen),
    );
  },
};

/** A whole answer of the model for a user id: finding the user, leaving out what they have seen, ranking. */
export const answerModel: Case = {
  ...COMMON,
  id: "answer-model",
  prepare: async (lab) => {
    const artifact = await lab.artifact();
    // An answer reads nothing of the manifest but the name.
    const model = new Model({ manifest: { version: "v0.1" } as Manifest, artifact }, lab.engine.newCore());
    const twin = new Recommender(artifact);
    const query: ViewerQuery = {
      k: K,
      exclude: [],
      genre: [],
      year_min: null,
      year_max: null,
      include_seen: false,
      explain: false,
    };
    return answering(
      someUserRows(lab).map((row) => artifact.users[row]),
      (user) => model.recommend(user, query).ranking,
      (user) => twin.recommend(user, K),
    );
  },
};

function someUserRows({ set }: Lab): number[] {
  const count = Math.min(USERS, set.users.length);
  return Array.from({ length: count }, (_, at) => Math.floor((at * set.users.length) / count));
}

function answering<Question>(
  questions: readonly Question[],
  ours: (question: Question) => Ranking,
  theirs: (question: Question) => Ranking,
): Pair & { readonly note: string } {
  const same = checkSameLists("answer", questions.map(ours), questions.map(theirs));
  const microseconds = (answer: (question: Question) => Ranking) => () =>
    (secondsOf(() => {
      for (const question of questions) answer(question);
    }) *
      1e6) /
    questions.length;
  return {
    reprise: microseconds(ours),
    peer: microseconds(theirs),
    note: `top ${K}, seen items left out, over ${questions.length} users; the same ids for ${same} of them`,
  };
}
