import type { Artifact } from "../artifact/artifact.ts";
import type { Hyperparameters } from "../artifact/manifest.ts";
import { newestTime } from "../history/history.ts";
import { parseWeightRules, readsOrder } from "../kernel/weight-rule.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type FitTools, fitFactors } from "./fit.ts";
import { trainingSetOf } from "./training-set.ts";

/**
 * Fits those interactions of a snapshot that `keep` holds for (null: all of them). The same snapshot, part and
 * hyperparameters give the same artifact on any machine.
 */
export async function fitArtifact(
  snapshot: Snapshot,
  keep: Uint8Array | null,
  hyperparameters: Hyperparameters,
  stage: string,
  tools: FitTools,
): Promise<Artifact> {
  const { training, foldIn } = parseWeightRules(hyperparameters.weight_rule);
  const set = trainingSetOf(snapshot, keep, { later: readsOrder(training) || readsOrder(foldIn) });
  return {
    userKind: snapshot.userKind,
    itemKind: snapshot.itemKind,
    users: set.users,
    items: set.items,
    factors: await fitFactors(set, hyperparameters, stage, tools),
    histories: {
      table: set.histories,
      weightRule: hyperparameters.weight_rule,
      referenceTime: newestTime(set.histories.time),
      eventSequence: 0,
    },
  };
}
