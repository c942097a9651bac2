import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import {
  formatWeightRule,
  formatWeightRules,
  parseWeightRule,
  parseWeightRules,
  WEIGHT_RULE_FORMS,
  type WeightRule,
} from "./weight-rule.ts";

test("the names of the rules are read", () => {
  const read = (text: string) => parseWeightRule(text);
  const days = (amount: number) => ({ amount, unit: "days" });
  const items = (amount: number) => ({ amount, unit: "items" });
  expect(read("binary")).toEqual({ base: { name: "binary" }, halfLife: null });
  expect(read("rating")).toEqual({ base: { name: "rating" }, halfLife: null });
  expect(read("rating>=4")).toEqual({ base: { name: "threshold", minimum: 4 }, halfLife: null });
  expect(read("rating>=-3.5")).toEqual({ base: { name: "threshold", minimum: -3.5 }, halfLife: null });
  expect(read("log-count")).toEqual({ base: { name: "log-count" }, halfLife: null });
  expect(read("log-count*recency:90d")).toEqual({ base: { name: "log-count" }, halfLife: days(90) });
  expect(read("rating>=4*recency:0.5d")).toEqual({ base: { name: "threshold", minimum: 4 }, halfLife: days(0.5) });
  expect(read("rating*recency:30items")).toEqual({ base: { name: "rating" }, halfLife: items(30) });
});

test("recency alone is that of what counts one", () => {
  expect(formatWeightRule(parseWeightRule("recency:7d"))).toBe("binary*recency:7d");
  expect(formatWeightRule(parseWeightRule("recency:20items"))).toBe("binary*recency:20items");
});

test("training and fold-in have one rule, or one each", () => {
  expect(parseWeightRules("rating>=4")).toEqual({
    training: parseWeightRule("rating>=4"),
    foldIn: parseWeightRule("rating>=4"),
  });
  expect(parseWeightRules("rating/recency:5items")).toEqual({
    training: parseWeightRule("rating"),
    foldIn: parseWeightRule("binary*recency:5items"),
  });
  expect(formatWeightRules(parseWeightRules("rating/recency:5items"))).toBe("rating/binary*recency:5items");
  expect(formatWeightRules(parseWeightRules("recency:5d/binary*recency:5d"))).toBe("binary*recency:5d");
});

test.each(["", "/", "binary/", "/binary", "binary/binary/binary", "binary/x", "x/binary"])(
  "%j is refused as the rules of a model",
  (text) => {
    expect(() => parseWeightRules(text)).toThrow(InputError.of("weight_rule", text, `must be ${WEIGHT_RULE_FORMS}`));
  },
);

test("a rule is read as it was written", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
  const rule: fc.Arbitrary<WeightRule> = fc.record(
    {
      base: fc.oneof(
        fc.constantFrom({ name: "binary" } as const, { name: "rating" } as const, { name: "log-count" } as const),
        number.map((minimum) => ({ name: "threshold", minimum }) as const),
      ),
      halfLife: fc.option(
        fc.record(
          {
            amount: number.map(Math.abs).filter((amount) => amount > 0),
            unit: fc.constantFrom("days" as const, "items" as const),
          },
          { noNullPrototype: true },
        ),
      ),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(rule, (written) => {
      expect(parseWeightRule(formatWeightRule(written))).toEqual(written);
    }),
  );
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
  "log-count*",
  "*recency:90d",
  "binary*rating",
  "binary/binary",
  "binary*recency:90",
  "binary*recency:0d",
  "binary*recency:0items",
  "binary*recency:1item",
  "binary*recency:items",
  "binary*recency:-1d",
  "binary*recency:1e400d",
  "recency:90d*binary",
  "recency:90d*recency:90d",
  "binary*recency:90d*recency:90d",
])("%j is refused by the name of its field", (text) => {
  expect(() => parseWeightRule(text)).toThrow(InputError.of("weight_rule", text, `must be ${WEIGHT_RULE_FORMS}`));
  try {
    parseWeightRule(text);
  } catch (error) {
    expect((error as InputError).issues[0]).toMatchObject({ field: "weight_rule", value: text });
  }
});
