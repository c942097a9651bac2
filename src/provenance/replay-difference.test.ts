import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstDifference } from "./replay-difference.ts";

/** JSON as it comes over a wire, which has no negative zero and no undefined. */
const anyJson = fc.json().map((text) => JSON.parse(text) as unknown);

test("there is none between a value and itself after a trip through JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(firstDifference(JSON.parse(JSON.stringify(value)), value)).toBeNull();
    }),
  );
});

test("there is one between any two that are written differently", () => {
  fc.assert(
    fc.property(anyJson, anyJson, (a, b) => {
      const sorted = (value: unknown) => JSON.stringify(value, (_, part) => (isObject(part) ? entries(part) : part));
      expect(firstDifference(a, b) === null).toBe(sorted(a) === sorted(b));
    }),
  );
});

const isObject = (part: unknown): part is object => typeof part === "object" && part !== null && !Array.isArray(part);
const entries = (part: object) => ["object", ...Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))];

describe("the first one", () => {
  test.each([
    [{ items: [1, 2] }, { items: [1, 3] }, "items[1]: 2 in the answer, 3 in the replay"],
    [{ items: [1] }, { items: [1, 3] }, "items[1]: nothing in the answer, 3 in the replay"],
    [{ items: [1, 2] }, { items: [1] }, "items[1]: 2 in the answer, nothing in the replay"],
    [{ a: { b: null } }, { a: { b: "x" } }, 'a.b: null in the answer, "x" in the replay'],
    [{ a: [] }, { a: {} }, "a: [] in the answer, {} in the replay"],
    [{ a: 1, b: 1 }, { b: 2, a: 2 }, "b: 1 in the answer, 2 in the replay"],
    [{ a: 1, more: true }, { a: 1 }, "more: true in the answer, nothing in the replay"],
    [{}, { toString: 1 }, "toString: nothing in the answer, 1 in the replay"],
  ])("between %j and %j is told", (answer, replay, told) => {
    expect(firstDifference(answer, replay)).toBe(told);
  });

  test("between scores shows their bits", () => {
    // 0x3f800000 is 1 in IEEE 754 single precision, 0x3f800001 the next one.
    const difference = firstDifference({ score: 1 }, { score: 1 + 2 ** -23 });
    expect(difference).toBe(
      "score: 1 (bits 0x3f800000) in the answer, 1.0000001192092896 (bits 0x3f800001) in the replay",
    );
    expect(firstDifference({ score: 0.1 }, { score: 1 })).toMatch(/^score: 0.1 \(no float32\) in the answer/);
  });

  test("does not repeat long values whole", () => {
    const difference = firstDifference({ a: "x".repeat(1_000) }, { a: null }) as string;
    expect(difference.length).toBeLessThan(200);
  });
});
