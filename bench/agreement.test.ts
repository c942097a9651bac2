import { expect, test } from "vitest";
import { IntegrityError } from "../src/base/errors.ts";
import { checkSameFactors, checkSameLists } from "./agreement.ts";

const list = (rows: number[], scores: number[]) => ({ rows: Int32Array.from(rows), scores: Float32Array.from(scores) });

test("factors that differ by rounding agree", () => {
  expect(() => checkSameFactors("rows", Float32Array.of(1, 2), Float32Array.of(1.00005, 2))).not.toThrow();
});

test.each([
  ["by more", Float32Array.of(1, 2), Float32Array.of(1, 2.001)],
  ["in length", Float32Array.of(1, 2), Float32Array.of(1)],
  ["by a value that is not a number", Float32Array.of(1), Float32Array.of(Number.NaN)],
])("factors that differ %s do not agree", (_, ours, theirs) => {
  expect(() => checkSameFactors("rows", ours, theirs)).toThrow(IntegrityError);
});

test("lists with the same ids are counted", () => {
  const one = list([3, 1], [0.5, 0.25]);
  expect(checkSameLists("answer", [one, one], [one, one])).toBe(2);
});

test("neighbours that are equal but for rounding may change places, and are not counted", () => {
  expect(checkSameLists("answer", [list([3, 1], [0.5, 0.499999])], [list([1, 3], [0.5, 0.5])])).toBe(0);
});

test.each([
  ["another id of another score", list([3, 2], [0.5, 0.26])],
  ["one item fewer", list([3], [0.5])],
  ["the same ids in another order", list([1, 3], [0.25, 0.5])],
])("a list with %s is refused", (_, other) => {
  expect(() => checkSameLists("answer", [list([3, 1], [0.5, 0.25])], [other])).toThrow(IntegrityError);
});
