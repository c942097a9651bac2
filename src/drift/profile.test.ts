import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILMS, type Line, snapshotOf, train, twoTastes } from "../../test/builders.ts";
import { driftProfileSchema } from "../artifact/drift-profile.ts";
import { seededRandom } from "../base/random.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { currentAnswers, currentInteractions } from "./current.ts";
import { type ObservedInteractions, trainedInteractions } from "./observed.ts";
import { profileOf, referenceOf } from "./profile.ts";
import { driftReport } from "./report.ts";

const observed = ({ users, items, interactions }: Snapshot): ObservedInteractions => ({
  users,
  items,
  ...interactions,
});
const made = (data: ObservedInteractions, lists: number[][] | null = null) =>
  profileOf(data, lists) ?? expect.unreachable();
const compare = (reference: ObservedInteractions, current: ObservedInteractions) => {
  const profile = made(reference);
  return driftReport(profile, currentInteractions(referenceOf(reference, profile), current));
};

describe("the profile", () => {
  test("counts every feature in its bins", () => {
    const lines: Line[] = [
      ["ann", "1", 5],
      ["ann", "2", 4],
      ["ann", "9", 5],
      ["bob", "1", 3],
    ];
    const { features, top_user_share } = made(observed(snapshotOf(lines, FILMS)), [[0.5, 0.25], [0.75]]);
    expect(top_user_share).toBe(0.75);
    expect(features.rating).toMatchObject({ bins: { values: [3, 4, 5] }, counts: [0, 1, 1, 2, 0], missing: 0 });
    expect(features.user_activity.counts).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(features.genre).toMatchObject({ bins: { names: ["Comedy", "Crime", "Thriller"] }, counts: [3, 1, 1, 0] });
    expect(features.score).toMatchObject({ bins: { edges: [0.25, 0.5, 0.75, 0.75] }, counts: [0, 1, 1, 1, 0] });
    // Among the others, only film 1 has another interaction, and only ann has.
    expect(features.item_popularity).toMatchObject({ bins: { from: [1] }, counts: [2, 2] });
    expect(features.unknown_items).toMatchObject({ bins: { names: ["known"] }, counts: [2, 2] });
    expect(features.unknown_users.counts).toEqual([3, 1]);
  });

  test("is what a manifest holds, and comes back from it as it was", () => {
    const profile = made(observed(twoTastes()), [[1, 2, 3]]);
    expect(driftProfileSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  });

  test("of an artifact is that of the snapshot that it was trained on", async () => {
    const snapshot = twoTastes();
    expect(made(trainedInteractions(await train(snapshot)))).toEqual(made(observed(snapshot)));
  });

  test("needs no genres, and there is none of nothing", () => {
    const plain = made(
      observed(
        snapshotOf([
          ["a", "1"],
          ["b", "1"],
        ]),
      ),
    );
    expect(plain.features.genre).toMatchObject({ bins: { names: [] }, counts: [0], missing: 2 });
    expect(profileOf(observed(snapshotOf([], FILMS)), null)).toBeNull();
  });

  test("does not take ids for numbers: others in their place, in another order, change nothing", () => {
    const lines = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(lines, (given) => {
        const profile = (user: (n: number) => string, item: (n: number) => string) =>
          made(observed(snapshotOf(given.map(([u, i, value]): Line => [user(u), item(i), value]))));
        const plain = profile(String, String);
        const other = profile(
          (n) => `u${99 - n}`,
          (n) => String(7_000 - 13 * n),
        );
        for (const name of ["rating", "user_activity", "item_popularity", "unknown_users", "unknown_items"] as const) {
          expect(other.features[name].counts).toEqual(plain.features[name].counts);
        }
      }),
    );
  });
});

/** Interactions of 300 users with 400 items, of which few are popular. */
function world(seed: number, change: (line: Line) => Line = (line) => line): ObservedInteractions {
  const random = seededRandom(seed);
  const films = Array.from({ length: 400 }, (_, n) => ({
    movie_id: `f${n}`,
    title: null,
    year: null,
    genres: n % 3 === 0 ? ["Drama"] : n % 3 === 1 ? ["Comedy"] : ["Drama", "War"],
  }));
  const lines: Line[] = [];
  for (let user = 0; user < 300; user++) {
    const often = 1 + random.below(1 + random.below(60));
    for (let time = 0; time < often; time++) {
      const film = Math.floor(400 * random.fraction() * random.fraction());
      lines.push(change([`u${user}`, `f${film}`, 1 + random.below(5)]));
    }
  }
  return observed(snapshotOf(lines, films));
}

describe("comparing", () => {
  test.each([1, 2, 3, 4, 5])("data of the same kind finds no drift (%i)", (seed) => {
    const { verdict, features, findings } = compare(world(seed), world(seed + 100));
    expect(findings).toEqual([]);
    expect(verdict).toBe("no_drift");
    expect(features.unknown_items.psi).toBeLessThan(0.05);
    expect(features.score).toMatchObject({ verdict: "no_data", psi: null, outlier_fraction: null });
  });

  test("finds new users and new items, and tells their share", () => {
    const { features } = compare(
      world(1),
      world(2, ([user, item, value = 1]) => [`new ${user}`, `new ${item}`, value]),
    );
    for (const name of ["unknown_users", "unknown_items", "item_popularity", "genre"] as const) {
      expect([name, features[name].verdict]).toEqual([name, name === "genre" ? "no_data" : "drift"]);
    }
    expect(features.unknown_items.outlier_fraction).toBe(1);
    expect(features.genre.missing_ratio).toBe(1);
    expect(features.rating.verdict).toBe("no_drift");
  });

  test("finds that users lean to what was rare", () => {
    const turned = world(2, ([user, item, value = 1]) => [user, `f${399 - Number(item.slice(1))}`, value]);
    expect(compare(world(1), turned).features.item_popularity.verdict).toBe("drift");
  });
});

describe("lists that were shown", () => {
  const snapshot = observed(twoTastes());
  const scores = [0.9, 0.8, 0.7];
  const reference = referenceOf(
    snapshot,
    made(
      snapshot,
      Array.from({ length: 100 }, () => scores),
    ),
  );

  test("tell who is known, and count each user's newest scores once", () => {
    const { features, topUsers } = currentAnswers(reference, [
      { user: "1", scores: null },
      { user: "1", scores },
      { user: "1", scores: [5, 5, 5] },
      { user: "2", scores },
      { user: "nobody", scores: null },
    ]);
    expect(features.unknown_users).toMatchObject({ counts: [4, 1] });
    // Users 1 and 2 have 6 interactions each in the reference.
    expect(features.user_activity?.counts.slice(0, 5)).toEqual([1, 0, 0, 0, 2]);
    expect(features.score?.counts.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(features.score?.counts.at(-1)).toBe(0);
    expect(features.rating).toBeUndefined();
    expect(topUsers).toEqual([{ user: "1", count: 3, total: 5, users: 3, of: "answers" }]);
  });
});
