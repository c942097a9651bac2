import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { DEFAULT_SPACE, parseSearchSpace } from "./search-space.ts";

describe("a search space", () => {
  test("is the default one where nothing is given, and all of that can be trained", () => {
    expect(parseSearchSpace([])).toEqual(DEFAULT_SPACE);
    for (const [name, values] of Object.entries(DEFAULT_SPACE)) {
      for (const value of values) expect(checkHyperparameters({ [name]: value })).toHaveProperty(name, value);
    }
  });

  test("takes values, ascending and once each, in place of the default ones", () => {
    const space = parseSearchSpace(["factors=64,16, 16", "unobserved-weight=0.1", "weight_rule=rating>=4.0,binary"]);
    expect(space).toEqual({
      ...DEFAULT_SPACE,
      factors: [16, 64],
      unobserved_weight: [0.1],
      weight_rule: ["rating>=4", "binary"],
    });
  });

  test("takes ranges, which stand for six values a decade", () => {
    const { regularization, factors, unobserved_weight } = parseSearchSpace([
      "regularization=0.003..0.15",
      "factors=1..15",
      "unobserved_weight=0,0.5..1",
    ]);
    expect(regularization).toEqual([0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15]);
    expect(factors).toEqual([1, 2, 3, 5, 7, 10, 15]);
    expect(unobserved_weight).toEqual([0, 0.5, 0.7, 1]);
  });

  test("holds decimals of two digits, whose print is the very number", () => {
    const bound = fc.integer({ min: -7, max: 5 }).map((power) => Number(`1e${power}`));
    fc.assert(
      fc.property(bound, bound, (low, high) => {
        fc.pre(low <= high && high <= 1e3);
        for (const value of parseSearchSpace([`regularization=${low}..${high}`]).regularization) {
          expect(Number(Number(value).toPrecision(2))).toBe(value);
        }
      }),
    );
  });

  test.each([
    ["factors", "must be NAME=VALUES with one of factors, iterations,"],
    ["depth=3", "must be NAME=VALUES"],
    ["seed=3", "must be NAME=VALUES"],
    ["factors=", '"" is neither a number nor LOW..HIGH'],
    ["factors=many", '"many" is neither a number nor LOW..HIGH'],
    ["factors=1..2..3", '"1..2..3" is neither a number nor LOW..HIGH'],
    ["factors=16,257", "257: must be a whole number from 1 to 256"],
    ["factors=1.5", "1.5: must be a whole number"],
    ["regularization=0.4..0.2", "names no value"],
    ["weight_rule=cubed", "cubed: must be binary"],
  ])("does not take %j", (text, message) => {
    expect(() => parseSearchSpace([text])).toThrow(InputError);
    expect(() => parseSearchSpace([text])).toThrow(`--space: ${text}: ${message}`);
  });

  test("takes a hyperparameter once", () => {
    expect(() => parseSearchSpace(["factors=16", "factors=32"])).toThrow("names factors twice");
  });
});
