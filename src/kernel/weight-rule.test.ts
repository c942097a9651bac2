import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { formatWeightRule, parseWeightRule, WEIGHT_RULE_FORMS, type WeightRule } from "./weight-rule.ts";

test("the names of the rules are read", () => {
  const read = (text: string) => parseWeightRule(text);
  expect(read("binary")).toEqual({ base: { name: "binary" }, halfLifeDays: null });
  expect(read("rating")).toEqual({ base: { name: "rating" }, halfLifeDays: null });
  expect(read("rating>=4")).toEqual({ base: { name: "threshold", minimum: 4 }, halfLifeDays: null });
  expect(read("rating>=-3.5")).toEqual({ base: { name: "threshold", minimum: -3.5 }, halfLifeDays: null });
  expect(read("log-count")).toEqual({ base: { name: "log-count" }, halfLifeDays: null });
  expect(read("log-count*recency:90d")).toEqual({ base: { name: "log-count" }, halfLifeDays: 90 });
  expect(read("rating>=4*recency:0.5d")).toEqual({ base: { name: "threshold", minimum: 4 }, halfLifeDays: 0.5 });
});

test("recency alone is that of what counts one", () => {
  expect(formatWeightRule(parseWeightRule("recency:7d"))).toBe("binary*recency:7d");
});

test("a rule is read as it was written", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
  const rule: fc.Arbitrary<WeightRule> = fc.record(
    {
      base: fc.oneof(
        fc.constantFrom({ name: "binary" } as const, { name: "rating" } as const, { name: "log-count" } as const),
        number.map((minimum) => ({ name: "threshold", minimum }) as const),
      ),
      halfLifeDays: fc.option(number.map(Math.abs).filter((days) => days > 0)),
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
  "binary*recency:90",
  "binary*recency:0d",
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
