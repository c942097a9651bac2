import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnswerPair, answerChanges } from "./answer-changes.ts";

const pair = (before: string, after: string): AnswerPair => ({ before: [...before], after: [...after] });

const list = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 5 });
const pairs = fc.array(fc.record({ before: list, after: list }), { minLength: 1, maxLength: 20 });

describe("the changes of answers", () => {
  test("are counted by hand", () => {
    const found = answerChanges(
      [pair("abcd", "abcd"), pair("abcd", "bacd"), pair("abcd", "abef"), pair("abcd", "efgh")],
      4,
      1,
    );
    expect(found.users).toBe(4);
    // Overlaps 1, 1, 0.5 and 0.
    expect(found.overlap?.mean.value).toBeCloseTo(0.625, 12);
    expect(found.overlap?.deciles).toEqual([0, 0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1, 1]);
    // τ of abcd and bacd: 5 of 6 pairs in order, 1 not; of the other two 1; none for the last.
    expect(found.kendall_tau?.users).toBe(3);
    expect(found.kendall_tau?.mean.value).toBeCloseTo((1 + 4 / 6 + 1) / 3, 12);
    expect(found.changed).toEqual({ list: 0.75, items: 0.5, first: 0.5 });
    expect(found.gained).toEqual([
      { item: "e", users: 2 },
      { item: "f", users: 2 },
      { item: "g", users: 1 },
      { item: "h", users: 1 },
    ]);
    expect(found.lost).toEqual([
      { item: "c", users: 2 },
      { item: "d", users: 2 },
      { item: "a", users: 1 },
      { item: "b", users: 1 },
    ]);
  });

  test("name at most ten items", () => {
    const { gained, lost } = answerChanges([pair("abcdefghijkl", "mnopqrstuvwx")], 12, 1);
    expect(gained.map(({ item }) => item).join("")).toBe("mnopqrstuv");
    expect(lost).toHaveLength(10);
  });

  test("cannot be told where nobody is answered", () => {
    expect(answerChanges([], 10, 1)).toMatchObject({ users: 0, overlap: null, kendall_tau: null, changed: null });
    expect(answerChanges([pair("", "")], 10, 1)).toMatchObject({ users: 1, overlap: null, changed: { list: 0 } });
  });

  test("are none between a model and itself", () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 9 }), (lists) => {
        const found = answerChanges(
          lists.map((each) => ({ before: each, after: each })),
          5,
          1,
        );
        expect(found.changed).toEqual({ list: 0, items: 0, first: 0 });
        expect(found.overlap).toEqual({ mean: { value: 1, low: 1, high: 1 }, deciles: new Array(11).fill(1) });
        expect([found.gained, found.lost]).toEqual([[], []]);
      }),
    );
  });

  test("the other way round gain what was lost, with the same overlap and order", () => {
    fc.assert(
      fc.property(pairs, (some) => {
        const there = answerChanges(some, 5, 1);
        const back = answerChanges(
          some.map(({ before, after }) => ({ before: after, after: before })),
          5,
          1,
        );
        expect(back.gained).toEqual(there.lost);
        expect(back.changed).toEqual(there.changed);
        expect(back.overlap).toEqual(there.overlap);
        expect(back.kendall_tau?.mean.value ?? null).toBe(there.kendall_tau?.mean.value ?? null);
      }),
    );
  });
});
