import { describe, expect, test } from "vitest";
import { fitTools, type Line, snapshotOf, train } from "../../test/builders.ts";
import { MANY_FILMS, manyTastes, shuffledFilms, testedOf, upToDay } from "../../test/many-tastes.ts";
import type { Artifact } from "../artifact/artifact.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { compareWithChampion, notComparable } from "./compare.ts";

const HYPERPARAMETERS = checkHyperparameters({ factors: 8, iterations: 6, regularization: 0.05 });
const lines = manyTastes();
const { earlier, later } = upToDay(lines, 8);
const good = await train(earlier, HYPERPARAMETERS);
/** The same viewers under other names, so that nothing tested was trained on. */
const strangers = (of: readonly Line[]) => of.map(([user, ...rest]): Line => [`x${user}`, ...rest]);
/** Of viewers who watch anything. */
const poor = await train(snapshotOf(strangers(shuffledFilms(lines, 1)), MANY_FILMS), HYPERPARAMETERS);

const against = (
  candidate: Artifact,
  champion: Artifact,
  users = testedOf(later),
  source: "split" | "test-file" = "test-file",
) => {
  const identity = { version: "v0.1", artifact_digest: `sha256:${"0".repeat(64)}` };
  return compareWithChampion(
    candidate,
    { ...identity, artifact: champion },
    users,
    source,
    { k: 10, seed: 1, maxUsers: null },
    fitTools,
  );
};

describe("a comparison with the champion", () => {
  test("finds no difference of a model to itself", () => {
    const { not_comparable, difference, metrics, champion, users, interactions } = against(good, good);
    expect(not_comparable).toBeNull();
    expect([users, interactions]).toEqual([120, later.length]);
    expect(difference?.["ndcg@10"]).toEqual({ value: 0, low: 0, high: 0 });
    expect(metrics).toEqual(champion);
  });

  test("tells a worse model from a better one, either way round", () => {
    const worse = against(poor, good).difference?.["ndcg@10"] ?? expect.unreachable();
    const better = against(good, poor).difference?.["ndcg@10"] ?? expect.unreachable();
    expect(worse.high).toBeLessThan(0);
    expect(better.low).toBeGreaterThan(0);
    expect(better.value).toBeCloseTo(-worse.value, 12);
  });

  test("tells both what either knows on a split, and asks them as they are on a file", async () => {
    // Learnt as much from others as the champion did, and never saw these viewers.
    const aware = await train(snapshotOf(strangers(lines), MANY_FILMS), HYPERPARAMETERS);
    const onFile = against(aware, good, testedOf(later), "test-file").difference?.["ndcg@10"];
    const onSplit = against(aware, good, testedOf(later), "split").difference?.["ndcg@10"];
    expect(onFile?.high).toBeLessThan(0);
    expect(onSplit?.value).toBeGreaterThan((onFile?.high as number) + 0.1);
  });

  test("never uses what either was trained on", async () => {
    const all = await train(snapshotOf(lines, MANY_FILMS), HYPERPARAMETERS);
    for (const pair of [
      [good, all],
      [all, good],
    ]) {
      expect(against(pair[0], pair[1])).toMatchObject({
        not_comparable: "no tested interaction is left that neither was trained on",
        interactions: 0,
        users: 0,
        difference: null,
      });
    }
  });

  test("is not made where the catalogues do not agree", async () => {
    // The 20 comedies and the 20 thrillers are all that this one knows.
    const half = lines.filter(([, film]) => Number(film) <= 40);
    const other = await train(upToDay(half, 8).earlier, HYPERPARAMETERS);
    const found = against(good, other);
    expect(found.not_comparable).toMatch(
      /^both know the items of \d+\.\d % of \d+ tested interactions, 90\.0 % are needed$/,
    );
    expect(found.shared_items).toBeLessThan(0.9);
  });

  test("is not made where the same ids stand for other films", async () => {
    const others = MANY_FILMS.map((film) => ({ ...film, title: `Another ${film.title}` }));
    const stranger = { ...good, items: others };
    const untitled = { ...good, items: others.map((film) => ({ ...film, title: null })) };
    expect(against(good, stranger)).toMatchObject({ shared_items: 0, difference: null });
    expect(against(good, untitled).shared_items).toBe(1);
  });

  test("is not made over too few users", () => {
    const few = testedOf(later).slice(0, 49);
    expect(against(good, poor, few).not_comparable).toBe(
      "49 users have tested interactions that neither was trained on, 50 are needed",
    );
    expect(against(good, poor, testedOf(later).slice(0, 50)).not_comparable).toBeNull();
  });

  test("can be said not to have been made", () => {
    const identity = { version: "v0.1", artifact_digest: "sha256:0" };
    expect(notComparable(identity, "split", "no reason")).toMatchObject({ not_comparable: "no reason", users: 0 });
  });
});
