import type { Manifest } from "../../src/artifact/manifest.ts";
import { Model, type ViewerQuery } from "../../src/engine/model.ts";
import { checkSameLists } from "../agreement.ts";
import type { Case } from "../case.ts";
import { answersOf, K } from "../questions.ts";
import { Recommender } from "../twin/recommender.ts";

/** Users that a run answers, one after the other, evenly spread over the rows. */
const USERS = 200;

const QUERY: ViewerQuery = {
  k: K,
  exclude: [],
  genre: [],
  year_min: null,
  year_max: null,
  include_seen: false,
  explain: false,
};

/** A whole answer of the model for a user id: finding the user, leaving out what they have seen, ranking. */
export const answerModel: Case = {
  id: "answer-model",
  peer: "plain JavaScript",
  unit: "µs",
  isRate: false,
  isLong: false,
  prepare: async (lab) => {
    const artifact = await lab.artifact();
    // An answer reads nothing of the manifest but the name.
    const model = new Model({ manifest: { version: "v0.1" } as Manifest, artifact }, lab.engine.newCore());
    const twin = new Recommender(artifact);
    const count = Math.min(USERS, artifact.users.length);
    const users = Array.from(
      { length: count },
      (_, at) => artifact.users[Math.floor((at * artifact.users.length) / count)],
    );
    const ours = answersOf(users, (user) => model.recommend(user, QUERY).ranking);
    const theirs = answersOf(users, (user) => twin.recommend(user, K));
    const same = checkSameLists("answer", ours.lists, theirs.lists);
    return {
      reprise: ours.microseconds,
      peer: theirs.microseconds,
      note: `top ${K}, seen items left out, over ${count} users; the same ids for ${same} of them`,
    };
  },
};
