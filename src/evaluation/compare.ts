import type { Artifact } from "../artifact/artifact.ts";
import type { Comparison } from "../artifact/manifest.ts";
import type { CatalogueItem } from "../base/catalogue.ts";
import { IndexedModel, type KnownUser } from "./indexed-model.ts";
import type { JudgeTools } from "./judge.ts";
import { RANKING_DEPTH } from "./rank.ts";
import { openRecommender } from "./recommenders.ts";
import { accuracyMetrics, differencesOf } from "./summary.ts";
import { chooseUsers, type Observation, type TestUser, type UserChoice } from "./test-users.ts";
import { accuracyOf } from "./user-metrics.ts";

/** Two models are compared only where both know the items of at least this share of the tested interactions. */
export const MIN_SHARED_ITEMS = 0.9;
/** And only over at least so many users. */
export const MIN_COMPARED_USERS = 50;

/** A published version to compare with. */
export interface Champion {
  readonly version: string;
  readonly artifact_digest: string;
}

export interface ComparisonOptions extends UserChoice {
  readonly k: number;
}

/** A user as both models are asked for. */
interface SharedCase {
  readonly user: string;
  /** All that either knows. */
  readonly known: readonly Observation[];
  /** Ids that both know and neither was trained on. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Compares a model with the champion on interactions that neither was trained on. Both rank the same items: those that
 * both hold, without what either knows of the user.
 *
 * On a file's interactions the artifacts answer as they are: by what each was trained on, and with what is popular for
 * whom it does not know. On a split both are told all that either knows of a user, as the service would have folded it
 * in, so that an older champion does not lose for want of news.
 */
export function compareWithChampion(
  candidate: Artifact,
  champion: Champion & { readonly artifact: Artifact },
  users: readonly TestUser[],
  source: Comparison["source"],
  options: ComparisonOptions,
  tools: JudgeTools,
): Comparison {
  const { k, seed } = options;
  const models = [new IndexedModel(candidate), new IndexedModel(champion.artifact)] as const;
  const both = sharedItems(...models);
  const { cases, interactions, shared } = sharedCases(models, new Set(both), chooseUsers(users, options));
  const found = {
    version: champion.version,
    artifact_digest: champion.artifact_digest,
    source,
    interactions,
    shared_items: interactions === 0 ? null : shared / interactions,
    users: cases.length,
  };
  const fault = comparisonFault(found);
  if (fault) return { ...found, not_comparable: fault, metrics: null, champion: null, difference: null };

  const [own, other] = models.map((model, place) => {
    const stage = place === 0 ? "comparing" : `comparing with ${champion.version}`;
    const progress = (done: number) => tools.progress(stage, done, cases.length);
    const known = ({ user, known: all }: SharedCase) => model.known(user, source === "split" ? all : []);
    const rankings = rankShared(model, both, cases, known, Math.max(k, RANKING_DEPTH), tools, progress);
    const taken = cases.map((test) => new Set([...test.taken].map((id) => model.itemRow(id) as number)));
    return accuracyOf(rankings, taken, k);
  });
  return {
    ...found,
    not_comparable: null,
    metrics: accuracyMetrics(own, k, seed),
    champion: accuracyMetrics(other, k, seed),
    difference: differencesOf(own, other, k, seed),
  };
}

/** A comparison that could not be made. */
export function notComparable(
  { version, artifact_digest }: Champion,
  source: Comparison["source"],
  reason: string,
): Comparison {
  const nothing = { interactions: 0, shared_items: null, users: 0, metrics: null, champion: null, difference: null };
  return { version, artifact_digest, source, not_comparable: reason, ...nothing };
}

function comparisonFault({
  interactions,
  shared_items,
  users,
}: Pick<Comparison, "interactions" | "shared_items" | "users">) {
  if (interactions === 0 || shared_items === null) return "no tested interaction is left that neither was trained on";
  if (shared_items < MIN_SHARED_ITEMS) {
    return `both know the items of ${percent(shared_items)} of ${interactions} tested interactions, ${percent(MIN_SHARED_ITEMS)} are needed`;
  }
  if (users < MIN_COMPARED_USERS) {
    return `${users} users have tested interactions that neither was trained on, ${MIN_COMPARED_USERS} are needed`;
  }
  return null;
}

/** Ids that both hold. The same id under another title is another item: data sets number theirs from 1. */
function sharedItems(a: IndexedModel, b: IndexedModel): string[] {
  const isShared = ({ movie_id, title }: CatalogueItem) => {
    const row = b.itemRow(movie_id);
    if (row === undefined) return false;
    const other = b.artifact.items[row].title;
    return title === null || other === null || title === other;
  };
  return a.artifact.items.filter(isShared).map(({ movie_id }) => movie_id);
}

function sharedCases(
  models: readonly [IndexedModel, IndexedModel],
  both: ReadonlySet<string>,
  users: readonly TestUser[],
) {
  const cases: SharedCase[] = [];
  let interactions = 0;
  let shared = 0;
  for (const { user, given, tested } of users) {
    const known = [...models.flatMap((model) => model.trainedOn(user)), ...given];
    const isKnown = new Set(known.map(({ item }) => item));
    const eligible = [...new Set(tested)].filter((id) => !isKnown.has(id));
    const taken = eligible.filter((id) => both.has(id));
    interactions += eligible.length;
    shared += taken.length;
    if (taken.length > 0) cases.push({ user, known, taken: new Set(taken) });
  }
  return { cases, interactions, shared };
}

function rankShared(
  model: IndexedModel,
  both: readonly string[],
  cases: readonly SharedCase[],
  knownOf: (test: SharedCase) => KnownUser,
  depth: number,
  { newCore }: JudgeTools,
  progress: (done: number) => void,
): Int32Array[] {
  const recommend = openRecommender("model", model, newCore());
  const notShared = new Uint8Array(model.itemCount).fill(1);
  for (const id of both) notShared[model.itemRow(id) as number] = 0;
  return cases.map((test, place) => {
    const excluded = notShared.slice();
    for (const { item } of test.known) {
      const row = model.itemRow(item);
      if (row !== undefined) excluded[row] = 1;
    }
    const { rows } = recommend(knownOf(test), excluded, depth);
    progress(place + 1);
    return rows;
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
