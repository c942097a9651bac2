import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Line, snapshotOf } from "../../test/builders.ts";
import { seededRandom } from "../base/random.ts";
import { type TrainingSet, trainingSetOf } from "../training/training-set.ts";
import { itemKnn, NEIGHBOURS } from "./item-knn.ts";

const knnOf = ({ histories, items }: TrainingSet) => itemKnn(histories, items.length);

/** The sums of cosines by their definition, over the neighbours sorted as a whole. */
function plainScores({ users, items, histories: { indptr, item } }: TrainingSet, known: readonly number[]): number[] {
  const has = users.map((_, user) => new Set(item.subarray(indptr[user], indptr[user + 1])));
  const count = (...rows: number[]) => has.filter((own) => rows.every((row) => own.has(row))).length;
  const cosine = (a: number, b: number) => count(a, b) / Math.sqrt(count(a) * count(b));
  const scores = items.map(() => 0);
  for (const row of known) {
    items
      .map((_, other) => ({ other, value: cosine(row, other) }))
      .filter(({ other, value }) => other !== row && value > 0)
      .sort((a, b) => b.value - a.value || a.other - b.other)
      .slice(0, NEIGHBOURS)
      .forEach(({ other, value }) => {
        scores[other] += value;
      });
  }
  return scores;
}

describe("item-based neighbours", () => {
  test("are near by the cosine of their sets of users", () => {
    // Item 0 has users a, b, c; item 1 a, b; item 2 c; item 3 d.
    const set = trainingSetOf(
      snapshotOf([
        ["a", "0"],
        ["a", "1"],
        ["b", "0"],
        ["b", "1"],
        ["c", "0"],
        ["c", "2"],
        ["d", "3"],
      ]),
    );
    const score = knnOf(set);
    const expected = [0, 2 / Math.sqrt(3 * 2), 1 / Math.sqrt(3 * 1), 0].map(Math.fround);
    expect([...score(Int32Array.of(0))]).toEqual(expected);
    expect([...score(Int32Array.of(3))]).toEqual([0, 0, 0, 0]);
    expect(score(Int32Array.of(1, 2))[0]).toBeCloseTo(expected[1] + expected[2], 6);
  });

  test("are those of the definition, asked for in any order", () => {
    const small = fc.nat(9).map(String);
    const anyLines: fc.Arbitrary<Line[]> = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(anyLines, fc.infiniteStream(fc.nat()), (lines, random) => {
        const set = trainingSetOf(snapshotOf(lines));
        const score = knnOf(set);
        for (let time = 0; time < 3; time++) {
          const known = [...new Set([0, 1, 2].map(() => Number(random.next().value) % set.items.length))];
          const found = score(Int32Array.from(known));
          plainScores(set, known).forEach((value, row) => {
            expect(found[row]).toBeCloseTo(value, 5);
          });
        }
      }),
    );
  });

  test("are no more than the nearest hundred", () => {
    const random = seededRandom(4);
    const lines: Line[] = [];
    for (let user = 0; user < 60; user++) {
      for (let item = 0; item < 150; item++) if (random.fraction() < 0.4) lines.push([`${user}`, `${item}`]);
    }
    const set = trainingSetOf(snapshotOf(lines));
    const found = knnOf(set)(Int32Array.of(7));
    expect(found.filter((value) => value > 0)).toHaveLength(NEIGHBOURS);
    plainScores(set, [7]).forEach((value, row) => {
      expect(found[row]).toBeCloseTo(value, 6);
    });
  });
});
