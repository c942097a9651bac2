import { expect, test } from "vitest";
import { engine, SMALL, train, twoTastes } from "../../test/builders.ts";
import { varietyOfAnswers } from "./answers.ts";

test("viewers of different tastes are given different lists", async () => {
  const { users, lists, length } = varietyOfAnswers(await train(), engine.newCore());
  expect([users, length]).toEqual([24, 10]);
  expect(lists).toBeGreaterThan(1);
});

test("one list for all is seen, by whatever it came about", async () => {
  const artifact = await train();
  const first = artifact.factors.userFactors.subarray(0, SMALL.factors);
  const userFactors = Float32Array.from(artifact.factors.userFactors, (_, at) => first[at % SMALL.factors]);
  const constant = { ...artifact, factors: { ...artifact.factors, userFactors } };
  expect(varietyOfAnswers(constant, engine.newCore()).lists).toBe(1);
  const weightless = await train(twoTastes(), { ...SMALL, weight_rule: "rating>=6" });
  expect(varietyOfAnswers(weightless, engine.newCore()).lists).toBe(1);
});
