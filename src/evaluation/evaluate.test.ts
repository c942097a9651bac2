import { describe, expect, test } from "vitest";
import { fitTools, type Line, SMALL, snapshotOf, train, twoTastes } from "../../test/builders.ts";
import { evaluateTemporal } from "./evaluate.ts";
import { gate } from "./gate.ts";

const evaluate = (snapshot = twoTastes(), hyperparameters = SMALL) =>
  evaluateTemporal(snapshot, hyperparameters, fitTools);

describe("the temporal evaluation", () => {
  test("finds what viewers with a clear taste take next, better than popularity does", async () => {
    const evaluation = (await evaluate()) ?? expect.unreachable();
    const { metrics, baselines } = evaluation;
    // Day 6 of 6 tests. Of 8 films of their taste viewers saw 5, and the list of 10 leaves these out.
    expect(evaluation).toMatchObject({ protocol: "temporal", split: "global-time", k: 10, users: 24 });
    expect(metrics["hr@10"].value).toBe(1);
    expect(metrics["ndcg@10"].value).toBeGreaterThan(baselines.popularity["ndcg@10"].value);
    expect(evaluation.ndcg_gain_over_popularity.value).toBeCloseTo(
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
    expect(evaluation.ndcg_gain_over_popularity).toEqual({ value: 0, low: 0, high: 0 });
    expect(evaluation.metrics["hr@10"].value).toBeGreaterThan(0);
  });
});

test("the gate lets pass what foresees viewers, and not what their turning to the opposite belies", async () => {
  const { users, items, interactions } = twoTastes();
  const { user, item, value, time } = interactions;
  const turned = Array.from(time, (at, place): Line => {
    const film = items[item[place]].movie_id;
    const opposite = String(((Number(film) + 7) % 16) + 1);
    return [users[user[place]], at < Date.UTC(2024, 0, 6) ? film : opposite, value[place], at];
  });
  const { factors } = await train();
  expect(gate(24, 16, factors, await evaluate()).passed).toBe(true);
  expect(gate(24, 16, factors, await evaluate(snapshotOf(turned))).passed).toBe(false);
});
