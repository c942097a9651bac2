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

/**
 * After what the weight is halved: days of age, or items that the same user took later. Days tell when, items in which
 * order; where people take many items at a sitting, or times are not known, only the order tells them apart.
 */
interface HalfLife {
  readonly amount: number;
  readonly unit: "days" | "items";
}

/** How an observed interaction becomes a weight: the base, halved with every half-life where there is one. */
export interface WeightRule {
  readonly base: WeightBase;
  readonly halfLife: HalfLife | null;
}

/**
 * The rules of a model. What items are like is learned best from all that happened, what a user wants next often from
 * what came last; so the two may differ.
 */
interface WeightRules {
  /** While item factors are learned. */
  readonly training: WeightRule;
  /** Where a user's row is solved: in the last half-sweep of a training, and in every fold-in. */
  readonly foldIn: WeightRule;
}

const DECIMAL = "\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const THRESHOLD = new RegExp(`^rating>=(-?${DECIMAL})$`);
const RECENCY = new RegExp(`^recency:(${DECIMAL})(d|items)$`);
/** What a rule may be, for people. */
export const WEIGHT_RULE_FORMS =
  "binary, rating, rating>=NUMBER or log-count, each also as in binary*recency:90d or binary*recency:30items, " +
  "or two of these as TRAINING/FOLD-IN";

/**
 * Reads a rule:
 *
 * ```
 * rule    = base | base "*" recency | recency        recency alone is binary*recency
 * base    = "binary" | "rating" | "rating>=" number | "log-count"
 * recency = "recency:" number ("d" | "items")        the half-life in days or in later items of the user, above 0
 * ```
 *
 * Throws InputError on field "weight_rule".
 */
export function parseWeightRule(text: string): WeightRule {
  return parseOne(text) ?? refuse(text);
}

/**
 * Reads the rules of a model: one rule for both, or `training/foldIn`.
 * Throws InputError on field "weight_rule".
 */
export function parseWeightRules(text: string): WeightRules {
  const [training, foldIn, ...others] = text.split("/").map(parseOne);
  if (!training || foldIn === null || others.length > 0) refuse(text);
  return { training, foldIn: foldIn ?? training };
}

function refuse(text: string): never {
  throw InputError.of("weight_rule", text, `must be ${WEIGHT_RULE_FORMS}`);
}

function parseOne(text: string): WeightRule | null {
  const [first, second, ...others] = text.split("*");
  const parts = second === undefined && RECENCY.test(first) ? ["binary", first] : [first, second];
  const base = parseBase(parts[0]);
  const halfLife = parts[1] === undefined ? null : parseHalfLife(parts[1]);
  return base !== null && halfLife !== undefined && others.length === 0 ? { base, halfLife } : null;
}

/** What `parseWeightRule` reads, in one spelling for each rule. */
export function formatWeightRule({ base, halfLife }: WeightRule): string {
  const name = base.name === "threshold" ? `rating>=${base.minimum}` : base.name;
  return halfLife === null ? name : `${name}*recency:${halfLife.amount}${halfLife.unit === "days" ? "d" : "items"}`;
}

/** What `parseWeightRules` reads, in one spelling. */
export function formatWeightRules(rules: WeightRules): string {
  const [training, foldIn] = [formatWeightRule(rules.training), formatWeightRule(rules.foldIn)];
  return training === foldIn ? training : `${training}/${foldIn}`;
}

/** Whether a rule needs to know in which order a user took items. */
export function readsOrder({ halfLife }: WeightRule): boolean {
  return halfLife?.unit === "items";
}

/** The columns of interactions that a rule reads. */
export function columnsOf({ base, halfLife }: WeightRule) {
  return {
    value: base.name === "rating" || base.name === "threshold",
    count: base.name === "log-count",
    time: halfLife?.unit === "days",
    later: halfLife?.unit === "items",
  };
}

/** @returns undefined for what is none */
function parseHalfLife(text: string): HalfLife | undefined {
  const [, number, unit] = RECENCY.exec(text) ?? [];
  const amount = Number(number);
  return amount > 0 && Number.isFinite(amount) ? { amount, unit: unit === "d" ? "days" : "items" } : undefined;
}

function parseBase(text: string): WeightBase | null {
  if (text === "binary" || text === "rating" || text === "log-count") return { name: text };
  const minimum = Number(THRESHOLD.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(minimum) ? { name: "threshold", minimum } : null;
}
