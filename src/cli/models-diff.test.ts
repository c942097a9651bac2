import { describe, expect, test } from "vitest";
import { candidateOf, engine, FILMS, memoryRegistry, SMALL } from "../../test/builders.ts";
import type { Artifact } from "../artifact/artifact.ts";
import type { Hyperparameters } from "../artifact/manifest.ts";
import { openPublisher } from "../registry/publisher.ts";
import type { RegistryStore } from "../registry/store.ts";
import type { CliDependencies } from "./dependencies.ts";
import { modelsCommand } from "./models.ts";
import { runCli } from "./run.ts";

/**
 * A model of one dimension: a user of factor 1 gets the films in the order of `scores`, one of -1 in the opposite
 * order. Each user has seen the film that is given beside the factor.
 */
function handMade(
  scores: Readonly<Record<string, number>>,
  users: Readonly<Record<string, [number, string]>>,
): Artifact {
  const items = FILMS.filter(({ movie_id }) => movie_id in scores);
  const seen = Object.values(users).map(([, film]) => items.findIndex(({ movie_id }) => movie_id === film));
  const itemFactors = Float32Array.from(items, ({ movie_id }) => scores[movie_id]);
  const interactions = seen.length;
  return {
    userKind: "integer",
    itemKind: "integer",
    users: Object.keys(users),
    items,
    factors: {
      settings: { solver: "cholesky", factors: 1, unobserved_weight: 1, regularization: 1, regularization_exponent: 1 },
      userFactors: Float32Array.from(Object.values(users), ([factor]) => factor),
      itemFactors,
      itemGramian: Float64Array.of(itemFactors.reduce((sum, value) => sum + value * value, 0)),
      popularity: Float32Array.from(items, (_, row) => seen.filter((other) => other === row).length),
    },
    histories: {
      table: {
        indptr: Int32Array.from({ length: interactions + 1 }, (_, row) => row),
        item: Int32Array.from(seen),
        value: new Float32Array(interactions).fill(1),
        count: new Int32Array(interactions).fill(1),
        time: new Float64Array(interactions).fill(Number.NaN),
        later: null,
      },
      weightRule: "binary",
      referenceTime: null,
      eventSequence: 0,
    },
  };
}

const HYPERPARAMETERS: Hyperparameters = { ...SMALL, factors: 1, regularization: 1, unobserved_weight: 1 };

async function registryOf(...versions: [Artifact, Partial<Hyperparameters>][]): Promise<RegistryStore> {
  const store = memoryRegistry();
  const publisher = openPublisher(store, () => Date.UTC(2024, 0, 1));
  for (const [artifact, changed] of versions) {
    await publisher.submit(candidateOf(artifact, { hyperparameters: { ...HYPERPARAMETERS, ...changed } }));
  }
  return store;
}

async function models(store: RegistryStore, ...args: string[]) {
  const said = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (said.out += text) },
    err: { isTTY: false, write: (text: string) => (said.err += text) },
    env: {},
    now: () => 0,
    models: () => store,
    engine: async () => engine,
  } as unknown as CliDependencies;
  const code = await runCli(modelsCommand(deps), args, deps);
  return { code, ...said };
}

/** User 1 and 2 like films 1, 2, 3, 4 in that order, user 3 the other way round; 4 is in the first version only. */
const BEFORE = handMade({ 1: 5, 2: 4, 3: 3, 4: 2 }, { 1: [1, "4"], 2: [1, "1"], 3: [-1, "4"], 4: [1, "1"] });
/** Film 5 is new and best, 4 is gone; 1 and 2 changed places; users 5 and 6 came. */
const AFTER = handMade(
  { 1: 4, 2: 4.5, 3: 3, 5: 6 },
  { 1: [1, "3"], 2: [1, "1"], 3: [-1, "3"], 5: [1, "1"], 6: [1, "1"] },
);

describe("models diff", () => {
  test("tells by hand-made models what would change, and for whom", async () => {
    const store = await registryOf([BEFORE, {}], [AFTER, { iterations: 9 }]);
    const { code, out } = await models(store, "diff", "champion", "v0.2", "--k", "2", "--format", "json");
    expect(code).toBe(0);
    const found = JSON.parse(out);
    // Lists of two: user 1 had 1, 2 and gets 5, 2; user 2 had 2, 3 and gets 5, 2; user 3 had 3, 2 and gets 1, 2.
    expect(found).toMatchObject({
      a: { version: "v0.1" },
      b: { version: "v0.2" },
      k: 2,
      users: { compared: 3, in_both: 3, only_a: 1, only_b: 2 },
      overlap: { mean: { value: 0.5 }, deciles: new Array(11).fill(0.5) },
      kendall_tau: null,
      changed: { list: 1, items: 1, first: 1 },
      gained: [
        { movie_id: 5, title: "Film 5", users: 2 },
        { movie_id: 1, title: "Film 1", users: 1 },
      ],
      lost: [
        { movie_id: 3, title: "Film 3", users: 2 },
        { movie_id: 1, title: "Film 1", users: 1 },
      ],
      catalogue: {
        in_both: 3,
        only_a: { items: 1, named: [{ movie_id: 4, title: "Film 4" }] },
        only_b: { items: 1, named: [{ movie_id: 5, title: "Film 5" }] },
      },
      hyperparameters: { iterations: { a: 4, b: 9 } },
    });
    expect(Object.keys(found.hyperparameters)).toEqual(["iterations"]);
  });

  test("is for people too", async () => {
    const store = await registryOf([BEFORE, {}], [AFTER, { iterations: 9 }]);
    const { out } = await models(store, "diff", "v0.1", "v0.2", "--k", "2");
    expect(out.split("\n")).toEqual([
      "v0.1 → v0.2: lists of 2 for 3 of 3 users that both know",
      "",
      "  100.0 % of the lists change, 100.0 % hold other items, 100.0 % begin with another",
      "  overlap@2: mean 50.0 % (95 % 50.0 % to 50.0 %)",
      `  deciles of it: ${new Array(11).fill("50.0 %").join(", ")}`,
      "",
      "Items gained most often:",
      "       2  Film 5 (5)",
      "       1  Film 1 (1)",
      "",
      "Items lost most often:",
      "       2  Film 3 (3)",
      "       1  Film 1 (1)",
      "",
      "Users: 1 only in v0.1, 2 only in v0.2",
      "Items: 3 in both, 1 only in v0.1, 1 only in v0.2",
      "  only in v0.1: Film 4 (4)",
      "  only in v0.2: Film 5 (5)",
      "Snapshot: 000000000000, the same",
      "Hyperparameters:",
      "  iterations: 4 → 9",
      "",
    ]);
  });

  test("finds nothing between a version and itself", async () => {
    const store = await registryOf([BEFORE, {}], [BEFORE, {}]);
    const found = JSON.parse((await models(store, "diff", "v0.1", "v0.2", "--format", "json")).out);
    expect(found).toMatchObject({
      overlap: { mean: { value: 1, low: 1, high: 1 } },
      kendall_tau: { mean: { value: 1 }, users: 4 },
      changed: { list: 0, items: 0, first: 0 },
      gained: [],
      lost: [],
      hyperparameters: {},
    });
    expect((await models(store, "diff", "v0.1", "v0.2")).out).toContain("\n  the same artifact\n");
  });

  test("chooses by seed where there are more users than asked for", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`${at + 1}`, [1 - (at % 2) * 2, "1"]]),
    ) as Record<string, [number, string]>;
    const store = await registryOf(
      [handMade({ 1: 1, 2: 2, 3: 3 }, many), {}],
      [handMade({ 1: 1, 2: 3, 3: 3.5 }, many), {}],
    );
    const args = ["diff", "v0.1", "v0.2", "--users", "7", "--format", "json"];
    const [one, again, all] = await Promise.all([
      models(store, ...args),
      models(store, ...args),
      models(store, "diff", "v0.1", "v0.2", "--users", "40", "--format", "json"),
    ]);
    expect(again.out).toBe(one.out);
    expect(JSON.parse(one.out).users).toMatchObject({ compared: 7, in_both: 40 });
    expect(JSON.parse(all.out).users).toMatchObject({ compared: 40, in_both: 40 });
  });

  test("tells of models that have no user in common", async () => {
    const [one, other] = [handMade({ 1: 1, 2: 2 }, { 1: [1, "1"] }), handMade({ 1: 1, 2: 2 }, { 2: [1, "1"] })];
    const { code, out } = await models(await registryOf([one, {}], [other, {}]), "diff", "v0.1", "v0.2");
    expect(code).toBe(0);
    expect(out).toContain("for 0 of 0 users that both know\n\n  nobody's answers can be compared\n");
  });

  test("exits 2 for a version that there is not, and for numbers that cannot be", async () => {
    const store = await registryOf([BEFORE, {}]);
    expect(await models(store, "diff", "v0.1", "v0.9")).toMatchObject({
      code: 2,
      err: 'error: unknown model "v0.9"\n',
    });
    const { code, err } = await models(store, "diff", "v0.1", "v0.1", "--users", "0");
    expect([code, err]).toEqual([2, "error: --users: must be a whole number from 1 to 1000000, is 0\n"]);
  });
});

describe("models card", () => {
  test("prints the card that is stored with a version or an alias", async () => {
    const store = await registryOf([BEFORE, {}]);
    const stored = new TextDecoder().decode((await store.read("v0.1/model_card.md")) ?? undefined);
    for (const name of ["v0.1", "champion"]) {
      expect(await models(store, "card", name)).toEqual({ code: 0, out: stored, err: "" });
    }
    expect(stored).toMatch(/^# Model v0\.1\n/);
  });

  test("gives the manifest's parts to programs", async () => {
    const store = await registryOf([BEFORE, {}]);
    const parts = JSON.parse((await models(store, "card", "champion", "--format", "json")).out);
    const manifest = JSON.parse((await models(store, "show", "v0.1")).out);
    expect(Object.keys(parts).length).toBeGreaterThan(10);
    expect(manifest).toMatchObject(parts);
    expect(parts.files).toBeUndefined();
  });

  test("exits 1 where the card is missing, 2 for a version that there is not", async () => {
    const files = new Map<string, Uint8Array>();
    const store = memoryRegistry(files);
    await openPublisher(store, () => 0).submit(candidateOf(BEFORE));
    files.delete("v0.1/model_card.md");
    expect(await models(store, "card", "v0.1")).toMatchObject({
      code: 1,
      err: "error: v0.1/model_card.md: is missing\n",
    });
    expect(await models(store, "card", "v9.9")).toMatchObject({ code: 2, err: 'error: unknown model "v9.9"\n' });
  });
});

describe("models history", () => {
  test("tells how versions and aliases came about, oldest first", async () => {
    const store = await registryOf([BEFORE, {}], [AFTER, {}]);
    await openPublisher(store, () => Date.UTC(2024, 0, 2)).alias("champion", "v0.2");
    const at = "2024-01-01T00:00:00.000Z";
    const { history } = JSON.parse((await models(store, "history", "--format", "json")).out);
    expect(history).toMatchObject([
      { time: at, action: "publish", version: "v0.1" },
      { time: at, action: "alias", alias: "champion", version: "v0.1", previous: null },
      { time: at, action: "publish", version: "v0.2" },
      { time: "2024-01-02T00:00:00.000Z", action: "alias", alias: "champion", version: "v0.2", previous: "v0.1" },
    ]);
    const lines = (await models(store, "history")).out.split("\n");
    expect(lines[0]).toMatch(/^2024-01-01T00:00:00\.000Z {2}published v0\.1 {2}sha256:[0-9a-f]{12}…$/);
    expect(lines[1]).toBe("2024-01-01T00:00:00.000Z  champion is v0.1");
    expect(lines[3]).toBe("2024-01-02T00:00:00.000Z  champion is v0.2, was v0.1");
  });

  test("says where nothing is published", async () => {
    expect((await models(memoryRegistry(), "history")).out).toBe("no version is published\n");
  });
});
