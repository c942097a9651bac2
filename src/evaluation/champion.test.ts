import { describe, expect, test } from "vitest";
import { fitTools, snapshotOf, train } from "../../test/builders.ts";
import { MANY_FILMS, manyTastes, upToDay } from "../../test/many-tastes.ts";
import type { Artifact } from "../artifact/artifact.ts";
import { fitArtifact } from "../training/fit-artifact.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { compareOnSplit } from "./champion.ts";
import { splitOf } from "./evaluate.ts";

const HYPERPARAMETERS = checkHyperparameters({ factors: 8, iterations: 6, regularization: 0.05 });
const lines = manyTastes();
const snapshot = snapshotOf(lines, MANY_FILMS);
const split = splitOf("temporal", snapshot, 0.25);
const fitted = await fitArtifact(snapshot, split.train, HYPERPARAMETERS, "fitting", fitTools);

const against = (champion: Artifact, hyperparameters = HYPERPARAMETERS, tools = fitTools) =>
  compareOnSplit(
    snapshot,
    split,
    fitted,
    { version: "v0.1", artifact_digest: `sha256:${"0".repeat(64)}`, artifact: champion },
    hyperparameters,
    { k: 10, seed: 1, maxUsers: null },
    tools,
  );

const noTraining = { ...fitTools, openSweeper: () => expect.unreachable("trained again") };

describe("the champion on a split", () => {
  test("of the earlier part is compared with the model of that part, on all of the later one", async () => {
    const champion = await train(upToDay(lines, 9).earlier, HYPERPARAMETERS);
    const { not_comparable, interactions, users, difference } = await against(champion, HYPERPARAMETERS, noTraining);
    expect(not_comparable).toBeNull();
    // Days 10 to 12 of all 120 viewers; the champion was trained on the same.
    expect([interactions, users]).toEqual([360, 120]);
    expect(difference?.["ndcg@10"]).toEqual({ value: 0, low: 0, high: 0 });
  });

  test("that has seen some of the later part is compared on the rest, with a model that has seen as much", async () => {
    const champion = await train(upToDay(lines, 11).earlier, HYPERPARAMETERS);
    const { interactions, difference } = await against(champion);
    expect(interactions).toBe(120);
    expect(difference?.["ndcg@10"]).toEqual({ value: 0, low: 0, high: 0 });
  });

  test("that has seen all of it is not compared with, and nothing is trained", async () => {
    const champion = await train(snapshot, HYPERPARAMETERS);
    expect(await against(champion, HYPERPARAMETERS, noTraining)).toMatchObject({
      source: "split",
      not_comparable:
        "0 users have interactions in the later part of the split that v0.1 was not trained on, 50 are needed",
    });
  });
});
