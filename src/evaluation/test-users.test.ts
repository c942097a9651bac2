import { describe, expect, test } from "vitest";
import { type Line, snapshotOf } from "../../test/builders.ts";
import { testUsersOf } from "./test-users.ts";

/** Users with items 1, 2 … at times 1, 2 …; `cut` trains what is older. */
function usersOf(lengths: Readonly<Record<string, readonly [from: number, to: number]>>, cut: number) {
  const lines = Object.entries(lengths).flatMap(([user, [from, to]]) =>
    Array.from({ length: to - from + 1 }, (_, place): Line => [user, `${from + place}`, from + place, from + place]),
  );
  const snapshot = snapshotOf(lines);
  const train = Uint8Array.from(snapshot.interactions.time, (time) => (time < cut ? 1 : 0));
  return testUsersOf(
    snapshot,
    train,
    train.map((flag) => 1 - flag),
  );
}

describe("who is tested", () => {
  test("who has a past by all that came after, and only what came after", () => {
    expect(usersOf({ both: [3, 7], before: [1, 4] }, 5)).toEqual([
      { user: "both", given: [], tested: ["5", "6", "7"] },
    ]);
  });

  test("newcomers by the later half of what they did, the earlier half being given", () => {
    expect(usersOf({ even: [6, 9], odd: [7, 9] }, 5)).toEqual([
      {
        user: "even",
        given: [
          { item: "6", value: 6, count: 1, time: 6 },
          { item: "7", value: 7, count: 1, time: 7 },
        ],
        tested: ["8", "9"],
      },
      { user: "odd", given: [{ item: "7", value: 7, count: 1, time: 7 }], tested: ["8", "9"] },
    ]);
  });

  test("nobody of whom only one interaction is known", () => {
    expect(usersOf({ one: [9, 9] }, 5)).toEqual([]);
  });
});
