import type { Artifact } from "../artifact/artifact.ts";
import type { Core } from "../kernel/core.ts";
import { IndexedModel } from "./indexed-model.ts";
import { openRecommender } from "./recommenders.ts";

const LIST_LENGTH = 10;
/** Enough to see one list that all are given. */
const MAX_USERS = 1_000;

/** How many different lists users are given, before what they have seen is left out. */
export interface AnswerVariety {
  readonly users: number;
  readonly lists: number;
  /** Places of the lists. */
  readonly length: number;
}

/** Looks at the lists of 10 of up to 1,000 users, evenly spread. The factors must be finite. */
export function varietyOfAnswers(artifact: Artifact, core: Core): AnswerVariety {
  const model = new IndexedModel(artifact);
  const recommend = openRecommender("model", model, core);
  const nothing = new Uint8Array(model.itemCount);
  const users = Math.min(artifact.users.length, MAX_USERS);
  const lists = new Set<string>();
  for (let place = 0; place < users; place++) {
    const row = Math.floor((place * artifact.users.length) / users);
    const { rows } = recommend(model.known(artifact.users[row], []), nothing, LIST_LENGTH);
    lists.add(rows.join());
  }
  return { users, lists: lists.size, length: Math.min(LIST_LENGTH, model.itemCount) };
}
