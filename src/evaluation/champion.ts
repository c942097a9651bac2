import type { Artifact } from "../artifact/artifact.ts";
import type { Comparison, Hyperparameters } from "../artifact/manifest.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { FitTools } from "../training/fit.ts";
import { fitArtifact } from "../training/fit-artifact.ts";
import {
  type Champion,
  type ComparisonOptions,
  compareWithChampion,
  MIN_COMPARED_USERS,
  notComparable,
} from "./compare.ts";
import type { Split } from "./evaluate.ts";
import { IndexedModel } from "./indexed-model.ts";
import { testUsersOf } from "./test-users.ts";

/**
 * Compares hyperparameters with the champion on a snapshot's split: on those interactions of the later part that the
 * champion was not trained on, with a model fitted to the earlier part and to whatever else of the snapshot the champion
 * was trained on, so that neither has seen more than the other.
 * @param fitted the model fitted to the earlier part, which is enough where the champion knows nothing of the later one
 */
export async function compareOnSplit(
  snapshot: Snapshot,
  split: Split,
  fitted: Artifact,
  champion: Champion & { readonly artifact: Artifact },
  hyperparameters: Hyperparameters,
  options: ComparisonOptions,
  tools: FitTools,
): Promise<Comparison> {
  const { train, test, extended } = withoutChampions(snapshot, split, champion.artifact);
  const users = testUsersOf(snapshot, train, test);
  if (users.length < MIN_COMPARED_USERS) {
    const reason = `${users.length} users have interactions in the later part of the split that ${champion.version} was not trained on, ${MIN_COMPARED_USERS} are needed`;
    return notComparable(champion, "split", reason);
  }
  const candidate = extended ? await fitArtifact(snapshot, train, hyperparameters, "comparing", tools) : fitted;
  return compareWithChampion(candidate, champion, users, "split", options, tools);
}

/** The split with what the champion was trained on moved to the earlier part; whether that moved anything. */
function withoutChampions(snapshot: Snapshot, split: Split, champion: Artifact) {
  const { user, item, length } = snapshot.interactions;
  const model = new IndexedModel(champion);
  const train = split.train.slice();
  const test = split.test.slice();
  let extended = false;
  for (let row = 0, at = 0; row < snapshot.users.length; row++) {
    const known = new Set(model.trainedOn(snapshot.users[row]).map((observation) => observation.item));
    for (; at < length && user[at] === row; at++) {
      if (test[at] === 0 || !known.has(snapshot.items[item[at]].movie_id)) continue;
      [train[at], test[at], extended] = [1, 0, true];
    }
  }
  return { train, test, extended };
}
