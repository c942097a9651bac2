import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CatalogueItem } from "../base/catalogue.ts";
import { itemTraits, listContent } from "./list-content.ts";

const item = (movie_id: number, ...genres: string[]): CatalogueItem => ({
  movie_id: `${movie_id}`,
  title: null,
  year: null,
  genres,
});

/** Items with 8, 4, 2, 1 and 1 of 8 users. */
const ITEMS = [item(0, "Comedy"), item(1, "Comedy", "Drama"), item(2, "Horror"), item(3), item(4, "Drama")];
const POPULARITY = Float32Array.of(8, 4, 2, 1, 1);
const traits = itemTraits(ITEMS, POPULARITY, 8);
const content = (...rows: number[]) => listContent(Int32Array.from(rows), traits);

describe("what a list is made of", () => {
  test("novelty is the mean of −log2 of the share of users, in bits", () => {
    expect([...traits.selfInformation]).toEqual([0, 1, 2, 3, 3]);
    expect(content(0, 1).novelty).toBe(0.5);
    expect(content(2, 3, 4).novelty).toBeCloseTo(8 / 3, 12);
  });

  test("the tail is what the head, of 80 % of the interactions, leaves", () => {
    // 8 + 4 of 16 are 75 %, so that the third item still belongs to the head.
    expect([...traits.tail]).toEqual([0, 0, 0, 1, 1]);
    expect(content(0, 3).longTail).toBe(0.5);
    expect(content(0, 1, 2).longTail).toBe(0);
  });

  test("equally popular items come to the head by their rows", () => {
    const same = itemTraits([item(0), item(1), item(2), item(3), item(4)], Float32Array.of(1, 1, 1, 1, 1), 1);
    expect([...same.tail]).toEqual([0, 0, 0, 0, 1]);
  });

  test("diversity is 1 minus the mean Jaccard similarity of genres, of pairs that have some", () => {
    // Comedy and Comedy, Drama share one of two.
    expect(content(0, 1).diversity).toBe(0.5);
    expect(content(0, 2).diversity).toBe(1);
    // Pairs 0-1: 1/2, 0-4: 0, 1-4: 1/2; item 3 has no genres.
    expect(content(0, 1, 3, 4).diversity).toBeCloseTo(1 - 1 / 3, 12);
    expect(content(0, 3).diversity).toBeNaN();
    expect(content(0).diversity).toBeNaN();
  });

  test("an empty list has no content", () => {
    expect(content()).toEqual({ novelty: Number.NaN, longTail: Number.NaN, diversity: Number.NaN });
  });

  test("does not hang on the order of a list, and stays within its bounds", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2 }), (rows) => {
        const { novelty, longTail, diversity } = content(...rows);
        const sorted = content(...rows.toSorted());
        expect(novelty).toBeCloseTo(sorted.novelty, 12);
        expect(longTail).toBeCloseTo(sorted.longTail, 12);
        expect(novelty >= 0 && longTail >= 0 && longTail <= 1).toBe(true);
        if (!Number.isNaN(diversity)) {
          expect(diversity).toBeCloseTo(sorted.diversity, 12);
          expect(diversity >= 0 && diversity <= 1).toBe(true);
        }
      }),
    );
  });
});
