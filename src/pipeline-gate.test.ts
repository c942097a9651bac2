import { beforeEach, describe, expect, test } from "vitest";
import { engine, fitTools, type Line, memoryRegistry, snapshotOf } from "../test/builders.ts";
import { MANY_FILMS, manyTastes, shuffledFilms, testedOf, upToDay } from "../test/many-tastes.ts";
import { varietyOfAnswers } from "./evaluation/answers.ts";
import { gate } from "./evaluation/gate.ts";
import { type PipelineTools, type PublishingPlace, trainAndPublish, trainArtifact } from "./pipeline.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry } from "./registry/registry.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { checkHyperparameters } from "./training/hyperparameters.ts";

const HYPERPARAMETERS = checkHyperparameters({ factors: 8, iterations: 6, regularization: 0.05 });
const lines = manyTastes(240);
const { earlier, later } = upToDay(lines, 10);

let files: Map<string, Uint8Array>;
let place: PublishingPlace;

beforeEach(() => {
  files = new Map();
  const store = memoryRegistry(files);
  place = { registry: openRegistry(store), publisher: openPublisher(store, () => 0) };
});

const tools: PipelineTools = {
  ...fitTools,
  engine,
  threads: 1,
  now: () => 0,
  code: { gitSha: null, dirty: null },
  runtime: "test",
};

async function publish(snapshot: Snapshot, more: { test?: Line[]; hyperparameters?: typeof HYPERPARAMETERS } = {}) {
  const test = more.test ? testedOf(more.test) : null;
  const { hyperparameters = HYPERPARAMETERS } = more;
  return (
    await trainAndPublish(
      { snapshot, hyperparameters, version: null, test, eventSequence: 0, preference: null },
      place,
      tools,
    )
  ).manifest;
}

const refused = { passed: false };

describe("the gate lets pass", () => {
  test("a good model, and says what of it was measured", async () => {
    const { gate: verdict, evaluation, comparison } = await publish(earlier);
    expect(verdict.checks.map(({ outcome }) => outcome)).toEqual([
      "passed",
      "passed",
      "passed",
      "passed",
      "not_comparable",
    ]);
    expect(verdict.reasons).toHaveLength(1);
    expect(evaluation?.differences.popularity["ndcg@10"].low).toBeGreaterThan(0);
    expect(comparison).toBeNull();
  });

  test("the same data trained again, which nothing can be compared on", async () => {
    await publish(earlier);
    const { gate: verdict, comparison } = await publish(earlier, { hyperparameters: { ...HYPERPARAMETERS, seed: 9 } });
    expect(verdict.passed).toBe(true);
    expect(comparison).toMatchObject({ version: "v0.1", source: "split", difference: null });
    expect(verdict.reasons[1]).toMatch(
      /^not compared with champion v0\.1: 0 users have interactions in the later part/,
    );
  });

  test("newer data, compared with the champion on what that had not seen", async () => {
    await publish(earlier);
    const { gate: verdict, comparison } = await publish(snapshotOf(lines, MANY_FILMS));
    expect(comparison).toMatchObject({ version: "v0.1", source: "split", not_comparable: null, users: 240 });
    expect(verdict).toMatchObject({ passed: true, checks: expect.arrayContaining([]) });
    expect(verdict.checks.at(-1)?.outcome).toBe("passed");
  });

  test("what has a champion that does not verify, and says so", async () => {
    await publish(earlier);
    const path = "v0.1/model.safetensors";
    const spoiled = files.get(path)?.slice() ?? expect.unreachable();
    spoiled[spoiled.length - 1] ^= 1;
    files.set(path, spoiled);
    const { gate: verdict, comparison } = await publish(earlier);
    expect(verdict.passed).toBe(true);
    expect(comparison?.not_comparable).toMatch(/^it does not verify \(v0\.1: model\.safetensors: /);
  });
});

describe("the gate refuses", () => {
  test("a model trained on shuffled films, which is no better than popularity", async () => {
    const { gate: verdict } = await publish(snapshotOf(shuffledFilms(lines, 5), MANY_FILMS));
    expect(verdict).toMatchObject(refused);
    expect(verdict.reasons).toEqual([expect.stringMatching(/^not shown to be better than popularity: /)]);
    expect(await place.registry.versions()).toEqual([]);
    expect([...files.keys()].some((path) => /^refused\/v0\.1-[0-9a-f]{12}\/manifest\.json$/.test(path))).toBe(true);
  });

  test("a model of a tenth of the data, which is worse than the champion on a common test", async () => {
    expect((await publish(earlier, { test: later })).gate.passed).toBe(true);
    const tenth = snapshotOf(
      lines.filter(([user, , , time]) => Number(user) < 24 && (time as number) < Date.UTC(2024, 0, 11)),
      MANY_FILMS,
    );
    const { gate: verdict, comparison } = await publish(tenth, { test: later });
    expect(comparison).toMatchObject({ version: "v0.1", source: "test-file", not_comparable: null });
    expect(comparison?.difference?.["ndcg@10"].high).toBeLessThan(0);
    expect(verdict).toMatchObject(refused);
    expect(verdict.reasons).toContainEqual(
      expect.stringMatching(/^worse than the champion: NDCG@10 over champion v0\.1 on the test file, \d+ users: /),
    );
  });

  test("a constant model", async () => {
    const artifact = await trainArtifact(earlier, HYPERPARAMETERS, fitTools);
    const { factors } = HYPERPARAMETERS;
    const userFactors = artifact.factors.userFactors.map((_, at, all) => all[at % factors]);
    const constant = { ...artifact, factors: { ...artifact.factors, userFactors } };
    const variety = varietyOfAnswers(constant, engine.newCore());
    const { evaluation } = await publish(earlier);
    expect(gate({ artifact: constant, variety, evaluation, comparison: null, preference: null })).toMatchObject({
      ...refused,
      reasons: ["all of 240 users looked at are given the same list of 10, before what they have seen is left out"],
    });
  });
});
