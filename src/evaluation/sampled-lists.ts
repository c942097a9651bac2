import type { Artifact } from "../artifact/artifact.ts";
import { SCORED_PLACES } from "../artifact/drift-profile.ts";
import type { Core } from "../kernel/core.ts";
import { IndexedModel } from "./indexed-model.ts";
import { openRecommender } from "./recommenders.ts";
import { chooseUsers } from "./test-users.ts";

const SAMPLED_USERS = 1_000;
const SEED = 20_240_229;

/**
 * The scores of the first places of the lists that up to 1,000 users, chosen by chance, are shown: what they have seen
 * is left out, as the service does. Users without anything of weight, who are shown what is popular, are passed over.
 * The factors must be finite.
 */
export function sampledScores(artifact: Artifact, core: Core): number[][] {
  const model = new IndexedModel(artifact);
  const recommend = openRecommender("model", model, core);
  const { factors } = artifact.factors.settings;
  const hasTaste = (row: number) =>
    artifact.factors.userFactors.subarray(row * factors, (row + 1) * factors).some((value) => value !== 0);
  const excluded = new Uint8Array(model.itemCount);
  const rows = artifact.users.map((_, row) => row).filter(hasTaste);
  return chooseUsers(rows, { maxUsers: SAMPLED_USERS, seed: SEED }).map((row) => {
    const known = model.known(artifact.users[row], []);
    for (const item of known.history.item) excluded[item] = 1;
    const { scores } = recommend(known, excluded, SCORED_PLACES);
    for (const item of known.history.item) excluded[item] = 0;
    return [...scores];
  });
}
