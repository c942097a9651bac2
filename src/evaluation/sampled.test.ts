import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { train } from "../../test/builders.ts";
import { IndexedModel } from "./indexed-model.ts";
import { listQuality } from "./list-quality.ts";
import type { Recommend } from "./recommenders.ts";
import { rankSampled, sampledCasesOf } from "./sampled.ts";

const model = new IndexedModel(await train());

/** Scores items by row, and ranks as the core does: higher first, equal ones by row. */
const scoring =
  (scores: readonly number[]): Recommend =>
  (_, excluded, depth) => {
    const rows = scores
      .map((_score, row) => row)
      .filter((row) => excluded[row] === 0)
      .sort((a, b) => scores[b] - scores[a] || a - b)
      .slice(0, depth);
    return { rows: Int32Array.from(rows), scores: Float32Array.from(rows, (row) => scores[row]) };
  };

/** The rank from 1 of film `tested` among `negatives`, film n having the score at n - 1. */
function rankOf(tested: number, negatives: readonly (number | string)[], scores: readonly number[]): number {
  const { cases } = sampledCasesOf(model, [{ user: "1", tested: `${tested}`, negatives: negatives.map(String) }]);
  const list = rankSampled(cases[0], scoring(scores), 16);
  expect(cases[0].taken.has(list[list.length - 1])).toBe(true);
  expect(listQuality(list, cases[0].taken, 16).mrr).toBe(1 / list.length);
  return list.length;
}

const scores = [9, 8, 7, 6, 5, 5, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4];

describe("the rank among candidates", () => {
  test("is that among the candidates, whatever else scores higher", () => {
    expect(rankOf(4, [5, 8, 9], scores)).toBe(1);
    expect(rankOf(4, [1, 2, 9], scores)).toBe(3);
  });

  test("counts ties against the tested item, on either side of it", () => {
    expect(rankOf(6, [5, 7, 8], scores)).toBe(3);
    expect(rankOf(5, [6, 7], scores)).toBe(3);
  });

  test("takes the candidates for a set", () => {
    expect(rankOf(4, [1, 1, 4, 9], scores)).toBe(2);
  });

  test("gives an item that is not held the score 0", () => {
    expect(rankOf(11, [1, "unknown"], scores)).toBe(2);
    expect(rankOf(12, [1, "unknown"], scores)).toBe(3);
    expect(rankOf(99, [1, 2, 15], scores)).toBe(3);
  });

  test("is one more than the candidates of at least the score", () => {
    const anyScores = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 16, maxLength: 16 });
    const anyFilms = fc.uniqueArray(fc.integer({ min: 1, max: 18 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(anyScores, anyFilms, (values, [tested, ...others]) => {
        const scoreOf = (film: number) => values[film - 1] ?? 0;
        const expected = 1 + others.filter((film) => scoreOf(film) >= scoreOf(tested)).length;
        expect(rankOf(tested, others, values)).toBe(expected);
      }),
    );
  });
});
