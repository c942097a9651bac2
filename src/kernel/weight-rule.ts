import { InputError } from "../base/errors.ts";

/**
 * What an interaction counts before its age is looked at: 1; its value; 1 where the value is at least `minimum`, both
 * as float32, and else 0; or 1 + ln(count).
 */
export type WeightBase =
  | { readonly name: "binary" }
  | { readonly name: "rating" }
  | { readonly name: "threshold"; readonly minimum: number }
  | { readonly name: "log-count" };

/** How an observed interaction becomes a weight: the base, halved with every half-life of its age where there is one. */
export interface WeightRule {
  readonly base: WeightBase;
  readonly halfLifeDays: number | null;
}

const DECIMAL = "\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const THRESHOLD = new RegExp(`^rating>=(-?${DECIMAL})$`);
const RECENCY = new RegExp(`^recency:(${DECIMAL})d$`);
/** What a rule may be, for people. */
export const WEIGHT_RULE_FORMS = "binary, rating, rating>=NUMBER or log-count, each also as in binary*recency:90d";

/**
 * Reads a rule:
 *
 * ```
 * rule    = base | base "*" recency | recency        recency alone is binary*recency
 * base    = "binary" | "rating" | "rating>=" number | "log-count"
 * recency = "recency:" number "d"                    the half-life in days, above 0
 * ```
 *
 * Throws InputError on field "weight_rule".
 */
export function parseWeightRule(text: string): WeightRule {
  const [first, second, ...others] = text.split("*");
  const parts = second === undefined && RECENCY.test(first) ? ["binary", first] : [first, second];
  const base = parseBase(parts[0]);
  const halfLifeDays = parts[1] === undefined ? null : Number(RECENCY.exec(parts[1])?.[1] ?? Number.NaN);
  const hasHalfLife = halfLifeDays === null || (halfLifeDays > 0 && Number.isFinite(halfLifeDays));
  if (base !== null && hasHalfLife && others.length === 0) return { base, halfLifeDays };
  throw InputError.of("weight_rule", text, `must be ${WEIGHT_RULE_FORMS}`);
}

/** What `parseWeightRule` reads, in one spelling for each rule. */
export function formatWeightRule({ base, halfLifeDays }: WeightRule): string {
  const name = base.name === "threshold" ? `rating>=${base.minimum}` : base.name;
  return halfLifeDays === null ? name : `${name}*recency:${halfLifeDays}d`;
}

function parseBase(text: string): WeightBase | null {
  if (text === "binary" || text === "rating" || text === "log-count") return { name: text };
  const minimum = Number(THRESHOLD.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(minimum) ? { name: "threshold", minimum } : null;
}
