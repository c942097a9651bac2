import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { formatWeightRule, parseWeightRule } from "./weights.ts";

test("the names of the rules are read", () => {
  expect(parseWeightRule("binary")).toEqual({ name: "binary" });
  expect(parseWeightRule("rating")).toEqual({ name: "rating" });
  expect(parseWeightRule("rating>=4")).toEqual({ name: "threshold", minimum: 4 });
  expect(parseWeightRule("rating>=-3.5")).toEqual({ name: "threshold", minimum: -3.5 });
});

test("a rule is read as it was written", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const rule = { name: "threshold", minimum: value === 0 ? 0 : value } as const;
      expect(parseWeightRule(formatWeightRule(rule))).toEqual(rule);
    }),
  );
  for (const text of ["binary", "rating"]) expect(formatWeightRule(parseWeightRule(text))).toBe(text);
});

test.each([
  "",
  "Binary",
  "rating>4",
  "rating>=",
  "rating>=4 ",
  "rating>=0x10",
  "rating>=1e400",
  "rating>=.",
  "rating>=NaN",
])("%j is refused by the name of its field", (text) => {
  expect(() => parseWeightRule(text)).toThrow(
    InputError.of("weight_rule", text, "must be binary, rating or rating>=NUMBER"),
  );
  try {
    parseWeightRule(text);
  } catch (error) {
    expect((error as InputError).issues[0]).toMatchObject({ field: "weight_rule", value: text });
  }
});
