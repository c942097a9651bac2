import { checkSameLists } from "../agreement.ts";
import type { Case } from "../case.ts";
import type { Lab } from "../lab.ts";
import {
  allLargeUsersQuestions,
  allUnitUsersQuestions,
  allUsersQuestions,
  answersOf,
  K,
  largeQuestions,
  ourAnswers,
  type Questions,
  unitQuestions,
  userQuestions,
} from "../questions.ts";
import { dots } from "../twin/dots.ts";
import { top } from "../twin/top.ts";

/** Rows of top-10 lists, by id: what is asked. */
export const ANSWER_ROWS: Readonly<Record<string, (lab: Lab) => Questions | Promise<Questions>>> = {
  "answer-factors": userQuestions,
  "answer-20k": largeQuestions,
  "answer-unit-20k": (lab) => unitQuestions(lab, 20_000, 50),
  "answer-unit-100k": (lab) => unitQuestions(lab, 100_000, 20),
  "answer-unit-1m": (lab) => unitQuestions(lab, 1_000_000, 3),
};

/** The same for every user at once, no item left out; only native peers have a way of their own for that. */
export const BATCH_ROWS: typeof ANSWER_ROWS = {
  "all-users": allUsersQuestions,
  "all-users-20k": allLargeUsersQuestions,
  "all-users-unit-20k": (lab) => allUnitUsersQuestions(lab, 20_000, 1_024),
};

/** Exact top-10 lists from factors, the rows of the user's own items left out. */
export const answerRows: readonly Case[] = Object.entries(ANSWER_ROWS).map(([id, ask]) => ({
  id,
  peer: "plain JavaScript",
  unit: "µs",
  isRate: false,
  isLong: false,
  prepare: async (lab) => {
    const questions = await ask(lab);
    const ours = ourAnswers(lab, questions);
    const theirs = twinAnswers(questions);
    const same = checkSameLists(id, ours.lists, theirs.lists);
    return {
      reprise: ours.microseconds,
      peer: theirs.microseconds,
      note: `top ${K} of ${questions.about}; the same ids in ${same} of ${ours.lists.length} lists`,
    };
  },
}));

function twinAnswers({ items, factors, asked }: Questions) {
  const scores = new Float32Array(items.length / factors);
  const excluded = new Uint8Array(scores.length);
  return answersOf(asked, ({ query, seen }) => {
    dots(query, items, scores);
    for (const row of seen) excluded[row] = 1;
    const list = top(scores, K, excluded);
    for (const row of seen) excluded[row] = 0;
    return list;
  });
}
