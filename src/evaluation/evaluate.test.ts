import { describe, expect, test } from "vitest";
import { fitTools, type Line, SMALL, snapshotOf, train, twoTastes } from "../../test/builders.ts";
import { EVALUATION_SEED, evaluateArtifact, evaluateSampled, evaluateSplit, splitOf } from "./evaluate.ts";

const OPTIONS = { k: 10, seed: EVALUATION_SEED, baselines: ["popularity", "item_knn"] as const, maxUsers: null };

/** The evaluation on a split of a snapshot. */
async function evaluate(
  snapshot = twoTastes(),
  hyperparameters = SMALL,
  protocol: "temporal" | "leave-one-out" = "temporal",
) {
  const split = splitOf(protocol, snapshot, 0.2);
  return (await evaluateSplit(snapshot, split, hyperparameters, OPTIONS, fitTools))?.evaluation ?? null;
}

describe("the temporal evaluation", () => {
  test("finds what viewers with a clear taste take next, better than popularity does", async () => {
    const evaluation = (await evaluate()) ?? expect.unreachable();
    const { metrics, baselines, differences } = evaluation;
    // Day 6 of 6 tests. Of 8 films of their taste viewers saw 5, and the list of 10 leaves these out.
    expect(evaluation).toMatchObject({ protocol: "temporal", split: "global-time", k: 10, users: 24 });
    expect(metrics["hr@10"].value).toBe(1);
    expect(metrics["ndcg@10"].value).toBeGreaterThan(baselines.popularity["ndcg@10"].value);
    expect(differences.popularity["ndcg@10"].value).toBeCloseTo(
      metrics["ndcg@10"].value - baselines.popularity["ndcg@10"].value,
      12,
    );
    for (const { value, low, high } of [...Object.values(metrics), ...Object.values(baselines.popularity)]) {
      expect(low <= value && value <= high).toBe(true);
    }
  });

  test("is the same each time", async () => {
    expect(await evaluate()).toEqual(await evaluate());
  });

  test("cannot be made where no user is on both sides of the split", async () => {
    const strangers = Array.from({ length: 10 }, (_, place): Line => [`${place}`, `${place % 2}`, 1, place]);
    expect(await evaluate(snapshotOf(strangers))).toBeNull();
  });

  test("does not count what nobody could have known", async () => {
    // The last film of each is new to all, so that there is nothing to be found.
    const lines = ["a", "b"].flatMap((user, index): Line[] => [
      ...[1, 2, 3, 4].map((item): Line => [user, `${item}`, 1, item]),
      [user, `new-${index}`, 1, 100],
    ]);
    expect(await evaluate(snapshotOf(lines))).toBeNull();
  });

  test("shows who has nothing of weight what is popular, and so finds no gain", async () => {
    // Under this rule nothing has weight.
    const evaluation = (await evaluate(twoTastes(), { ...SMALL, weight_rule: "rating>=6" })) ?? expect.unreachable();
    expect(evaluation.metrics).toEqual(evaluation.baselines.popularity);
    expect(evaluation.differences.popularity["ndcg@10"]).toEqual({ value: 0, low: 0, high: 0 });
    expect(evaluation.metrics["hr@10"].value).toBeGreaterThan(0);
  });

  test("knows newcomers by the earlier half of what they did, and tests the later half", async () => {
    // Viewers 25 to 28 come on day 7 and see four films of one taste.
    const { users, items, interactions } = twoTastes();
    const lines = Array.from(interactions.time, (time, at): Line => {
      return [users[interactions.user[at]], items[interactions.item[at]].movie_id, 1, time];
    });
    for (const viewer of [25, 26, 27, 28]) {
      for (let film = 1; film <= 4; film++) {
        lines.push([`${viewer}`, `${(viewer % 2 === 1 ? 0 : 8) + film}`, 1, Date.UTC(2024, 0, 7, viewer % 24, film)]);
      }
    }
    const evaluation = (await evaluate(snapshotOf(lines, items))) ?? expect.unreachable();
    // A fifth of the 160 interactions tests: the 16 of newcomers, and the last 16 of the day before.
    expect(evaluation).toMatchObject({ users: 16 + 4, counts: { newcomers: 4, interactions: 16 + 4 * 2 } });
    expect(evaluation.metrics["hr@10"].value).toBe(1);
  });
});

describe("leave-one-out", () => {
  test("tests everyone's last interaction", async () => {
    const evaluation = (await evaluate(twoTastes(), SMALL, "leave-one-out")) ?? expect.unreachable();
    expect(evaluation).toMatchObject({
      protocol: "leave-one-out",
      split: "last-of-each-user",
      users: 24,
      counts: { interactions: 24 },
    });
    expect(evaluation.metrics["hr@10"].value).toBe(1);
  });
});

describe("an artifact on a file", () => {
  const tested = (user: string, ...items: string[]) => ({ user, given: [], tested: items });

  test("is scored on what it was not trained on, and unknown users and items are counted", async () => {
    // Viewer 1 saw comedies 2, 5, 8, 3, 6 and 1; nobody saw 99.
    const users = [tested("1", "4", "2", "99"), tested("2", "2"), tested("stranger", "1")];
    const { evaluation, cases } =
      evaluateArtifact(await train(), users, "temporal", OPTIONS, fitTools) ?? expect.unreachable();
    expect(evaluation).toMatchObject({ protocol: "temporal", split: "test-file", users: 3 });
    expect(evaluation.counts).toEqual({
      interactions: 3,
      unknown_items: 1,
      already_known: 1,
      newcomers: 0,
      unknown_users: 1,
    });
    expect(cases.map(({ user }) => user)).toEqual(["1", "2", "stranger"]);
  });

  test("answers strangers with what is popular", async () => {
    const artifact = await train();
    const { systems } =
      evaluateArtifact(artifact, [tested("stranger", "1")], "temporal", OPTIONS, fitTools) ?? expect.unreachable();
    expect(systems.model.rankings).toEqual(systems.popularity?.rankings);
    expect(systems.item_knn?.rankings).toEqual(systems.popularity?.rankings);
  });

  test("cannot be scored where nothing is left", async () => {
    const users = [tested("1", "2"), tested("2", "99")];
    expect(evaluateArtifact(await train(), users, "temporal", OPTIONS, fitTools)).toBeNull();
  });
});

describe("the sampled protocol", () => {
  test("tells comedies from thrillers, counts every user, and says what it did not know", async () => {
    const users = [
      { user: "1", tested: "4", negatives: ["9", "10", "11", "12", "4", "99"] },
      { user: "2", tested: "98", negatives: ["1", "2", "97"] },
      { user: "stranger", tested: "5", negatives: ["6", "7"] },
    ];
    const { evaluation, systems } = evaluateSampled(await train(), users, OPTIONS, fitTools) ?? expect.unreachable();
    expect(evaluation).toMatchObject({ protocol: "sampled", split: "test-file", users: 3 });
    expect(evaluation.counts).toEqual({
      unknown_tested: 1,
      unknown_negatives: 2,
      tested_among_negatives: 1,
      unknown_users: 1,
    });
    expect(systems.model.accuracy.mrr[0]).toBe(1);
  });
});

test("at most so many users are evaluated, chosen by the seed and in their order", async () => {
  const snapshot = twoTastes();
  const chosen = async (seed: number) => {
    const split = splitOf("temporal", snapshot, 0.2);
    const evaluated = await evaluateSplit(snapshot, split, SMALL, { ...OPTIONS, seed, maxUsers: 10 }, fitTools);
    return (evaluated ?? expect.unreachable()).cases.map(({ user }) => Number(user));
  };
  const first = await chosen(1);
  expect(first).toHaveLength(10);
  expect(first).toEqual(first.toSorted((a, b) => a - b));
  expect(await chosen(1)).toEqual(first);
  expect(await chosen(2)).not.toEqual(first);
});
