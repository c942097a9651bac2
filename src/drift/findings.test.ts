import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, snapshotOf, twoTastes } from "../../test/builders.ts";
import { seededRandom } from "../base/random.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { currentInteractions, type TopUser } from "./current.ts";
import { floodIn } from "./findings.ts";
import { profileOf, referenceOf } from "./profile.ts";
import { driftReport } from "./report.ts";

const observed = ({ users, items, interactions }: Snapshot) => ({ users, items, ...interactions });
const RATINGS = [0.5, 3, 3.5, 4, 4, 4, 5, 5, 2, 1];

/** 200 users with 20 ratings each. */
function ratings(seed: number, change: (rating: number) => number = (rating) => rating): Snapshot {
  const random = seededRandom(seed);
  const lines: Line[] = [];
  for (let user = 0; user < 200; user++) {
    for (let film = 0; film < 20; film++) {
      lines.push([`u${user}`, `f${(user + 7 * film) % 60}`, change(RATINGS[random.below(10)])]);
    }
  }
  return snapshotOf(lines);
}

function findingsIn(reference: Snapshot, current: Snapshot) {
  const profile = profileOf(observed(reference), null) ?? expect.unreachable();
  return driftReport(profile, currentInteractions(referenceOf(observed(reference), profile), observed(current)))
    .findings;
}

describe("another scale of ratings", () => {
  test.each([
    ["twice as high", (rating: number) => rating * 2, { factor: 2, shift: 0 }, "times 2"],
    ["in percent", (rating: number) => rating * 20, { factor: 20, shift: 0 }, "times 20"],
    ["half as high", (rating: number) => rating / 2, { factor: 0.5, shift: 0 }, "times 0.5"],
    ["one less", (rating: number) => rating - 1, { factor: 1, shift: -1 }, "minus 1"],
    ["one more, but at most 5", (rating: number) => Math.min(5, rating + 1), { factor: 1, shift: 1 }, "plus 1"],
  ])("that is %s is found and named", (_, change, map, words) => {
    const [finding] = findingsIn(ratings(1), ratings(2, change));
    expect(finding).toMatchObject({ kind: "rating_scale", map });
    expect(finding.message).toMatch(new RegExp(`they are the reference's ${words}$`));
  });

  test("that is no shift and no factor is named by its range", () => {
    const [finding] = findingsIn(
      ratings(1),
      ratings(2, (rating) => (rating > 3 ? 10 * rating : rating)),
    );
    expect(finding).toMatchObject({ kind: "rating_scale", map: null });
    expect(finding.message).toMatch(
      /^ratings run from 0.5 to 50, the reference's from 0.5 to 5; \d\d\.\d % lie outside$/,
    );
  });

  test("is not made of what lies elsewhere and looks otherwise", () => {
    const random = seededRandom(3);
    const [finding] = findingsIn(
      ratings(1),
      ratings(2, () => 8 + random.below(3)),
    );
    expect(finding).toMatchObject({ kind: "rating_scale", map: null, outside_share: 1 });
  });

  test("is not seen in the same scale, nor where people rate otherwise within it", () => {
    expect(findingsIn(ratings(1), ratings(2))).toEqual([]);
    const random = seededRandom(3);
    expect(
      findingsIn(
        ratings(1),
        ratings(2, (rating) => (random.below(2) === 0 ? 5 : rating)),
      ),
    ).toEqual([]);
  });
});

describe("a flood", () => {
  const profile = profileOf(observed(twoTastes()), null) ?? expect.unreachable();
  const top = (count: number, total: number, users: number): TopUser => ({
    user: "414",
    count,
    total,
    users,
    of: "answers",
  });

  test("of one user is found and named", () => {
    expect(floodIn(profile, top(600, 1_000, 50))).toMatchObject({
      kind: "flood",
      user_id: "414",
      share: 0.6,
      reference_share: 6 / 144,
      message: "user 414 made 60.0 % of 1000 answers; in the reference nobody made more than 4.2 %",
    });
  });

  test.each([
    ["a little more than usual", top(70, 1_000, 500)],
    ["few answers", top(30, 60, 31)],
    ["few users, all alike", top(400, 1_000, 3)],
  ])("is not seen in %s", (_, given) => expect(floodIn(profile, given)).toBeNull());

  test("is never seen in what the reference's own most active user does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 10_000 }), (total, users) => {
        expect(floodIn(profile, top(Math.floor((total * 6) / 144), total, users))).toBeNull();
      }),
    );
  });

  test("hides in no other finding: it is named beside the drift that it makes", () => {
    const reference = ratings(1);
    const lines: Line[] = [];
    const { users, items, interactions } = ratings(2);
    interactions.user.forEach((row, at) => {
      lines.push([users[row], items[interactions.item[at]].movie_id, interactions.value[at]]);
    });
    for (let film = 0; film < 4_000; film++) lines.push(["bot", `b${film}`, 5]);
    const findings = findingsIn(reference, snapshotOf(lines));
    expect(findings).toMatchObject([{ kind: "flood", user_id: "bot", share: 0.5 }]);
  });
});
