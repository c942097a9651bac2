import { expect, test } from "vitest";
import { candidateOf, engine, memoryRegistry, SMALL, train, twoTastes } from "../../test/builders.ts";
import { SCORED_PLACES } from "../artifact/drift-profile.ts";
import { Model } from "../engine/model.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import { sampledScores } from "./sampled-lists.ts";

const artifact = await train(twoTastes(24));

test("the scores are those that the service shows, list by list", async () => {
  const store = memoryRegistry();
  await openPublisher(store, () => 0).submit(candidateOf(artifact));
  const model = new Model(await openRegistry(store).load("v0.1"), engine.newCore());
  const query = {
    k: SCORED_PLACES,
    exclude: [],
    genre: [],
    year_min: null,
    year_max: null,
    include_seen: false,
    explain: false,
  };
  const shown = artifact.users.map((user) => [...model.recommend(user, query).ranking.scores]);
  expect(sampledScores(artifact, engine.newCore())).toEqual(shown);
});

test("of many users some are chosen, the same ones every time", async () => {
  const many = await train(twoTastes(1_200));
  const lists = sampledScores(many, engine.newCore());
  expect(lists).toHaveLength(1_000);
  expect(sampledScores(many, engine.newCore())).toEqual(lists);
});

test("who has nothing of weight has no scores", async () => {
  const nobody = await train(twoTastes(), { ...SMALL, weight_rule: "rating>=6" });
  expect(sampledScores(nobody, engine.newCore())).toEqual([]);
});
