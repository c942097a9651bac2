import { DataError, InputError } from "../base/errors.ts";
import type { Core } from "./core.ts";

/** How an observed value becomes a weight: 1, the value itself, or 1 where the value is at least `minimum`, both as float32. */
export type WeightRule =
  | { readonly name: "binary" }
  | { readonly name: "rating" }
  | { readonly name: "threshold"; readonly minimum: number };

/** The rule's code in assembly/weights.ts. */
const RULE_CODE: Readonly<Record<WeightRule["name"], number>> = { binary: 0, rating: 1, threshold: 2 };

const THRESHOLD = /^rating>=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** A weight for each value. Throws DataError for a value that is not finite, or negative under the rule `rating`. */
export function weightsOf(core: Core, rule: WeightRule, values: Float32Array): Float32Array {
  const parameter = rule.name === "threshold" ? rule.minimum : 0;
  return core.scratch(() => {
    const out = core.alloc(values.length * 4);
    const bad = core.exports.weights(RULE_CODE[rule.name], parameter, core.put(values), values.length, out);
    if (bad >= 0) {
      throw new DataError("weights", `the value ${values[bad]} has no weight under the rule ${formatWeightRule(rule)}`);
    }
    return core.f32(out, values.length).slice();
  });
}

/** Reads `binary`, `rating` or, with any decimal number, `rating>=4`. Throws InputError on field "weight_rule". */
export function parseWeightRule(text: string): WeightRule {
  if (text === "binary" || text === "rating") return { name: text };
  const minimum = Number(THRESHOLD.exec(text)?.[1] ?? Number.NaN);
  if (Number.isFinite(minimum)) return { name: "threshold", minimum };
  throw InputError.of("weight_rule", text, "must be binary, rating or rating>=NUMBER");
}

/** What `parseWeightRule` reads. */
export function formatWeightRule(rule: WeightRule): string {
  return rule.name === "threshold" ? `rating>=${rule.minimum}` : rule.name;
}
