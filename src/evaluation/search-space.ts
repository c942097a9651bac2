import type { Hyperparameters } from "../artifact/manifest.ts";
import { InputError } from "../base/errors.ts";
import { checkHyperparameters } from "../training/hyperparameters.ts";

/** What a search may vary, in the order of reports. */
export const SEARCHED = [
  "factors",
  "iterations",
  "regularization",
  "regularization_exponent",
  "unobserved_weight",
  "init_scale",
  "weight_rule",
] as const;

export type Searched = (typeof SEARCHED)[number];

/**
 * The values that are tried of each hyperparameter. All come from lists: what is printed of them is the very number
 * that was used.
 */
export type SearchSpace = Readonly<Record<Searched, readonly (number | string)[]>>;

const WHOLE: ReadonlySet<Searched> = new Set(["factors", "iterations"]);

/** The steps of a range within a decade: nearly even on a logarithmic scale, and short to print. */
const STEPS = [1, 1.5, 2, 3, 5, 7];
const DECADES = { low: -7, high: 6 };

/**
 * What the exponent changes, regularization changes too, on another scale; so one exponent is enough unless asked for
 * more, together with a wider range of regularization.
 */
export const DEFAULT_SPACE: SearchSpace = {
  factors: [16, 32, 64, 128],
  iterations: [2, 4, 8, 16],
  regularization: [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03],
  regularization_exponent: [1],
  unobserved_weight: [0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10],
  init_scale: [0.1],
  weight_rule: [
    "binary",
    "binary*recency:50items",
    "binary*recency:10items",
    "binary*recency:50items/binary*recency:10items",
    "binary*recency:50items/binary*recency:5items",
  ],
};

/**
 * The default space with some hyperparameters' values replaced. Each text is `name=value,value,…` or, for all but
 * weight rules, `name=low..high`, which stands for 1, 1.5, 2, 3, 5 and 7 times the powers of ten in between.
 * @throws InputError on field `--space`
 */
export function parseSearchSpace(texts: readonly string[]): SearchSpace {
  const given = texts.map(parseOne);
  for (const [name, , text] of given) {
    if (given.filter(([other]) => other === name).length > 1) fail(text, `names ${name} twice`);
  }
  return { ...DEFAULT_SPACE, ...Object.fromEntries(given) };
}

function parseOne(text: string): [Searched, (number | string)[], string] {
  const at = text.indexOf("=");
  const name = SEARCHED.find((known) => known === text.slice(0, Math.max(at, 0)).trim().replaceAll("-", "_"));
  if (!name) fail(text, `must be NAME=VALUES with one of ${SEARCHED.join(", ")}`);
  const values = valuesOf(name, text.slice(at + 1), text).map((value) => checkedValue(name, value, text));
  return [name, [...new Set(values)], text];
}

function valuesOf(name: Searched, list: string, text: string): (number | string)[] {
  const words = list.split(",").map((word) => word.trim());
  if (name === "weight_rule") return words;
  const numbers = words.flatMap((word) => {
    const [low, high, ...rest] = word.split("..").map((part) => (part === "" ? Number.NaN : Number(part)));
    if (rest.length > 0 || Number.isNaN(low) || Number.isNaN(high ?? 0)) {
      fail(text, `${JSON.stringify(word)} is neither a number nor LOW..HIGH`);
    }
    return high === undefined ? [low] : rangeOf(name, low, high);
  });
  if (numbers.length === 0) fail(text, "names no value");
  return numbers.sort((a, b) => a - b);
}

/** The steps between two bounds, both included where they are steps. */
function rangeOf(name: Searched, low: number, high: number): number[] {
  const decades = Array.from({ length: DECADES.high - DECADES.low + 1 }, (_, place) => DECADES.low + place);
  // Decimals are read from their text: a product with a power of ten would be off in the last bit.
  const steps = decades.flatMap((decade) => STEPS.map((step) => Number(`${step}e${decade}`)));
  return steps.filter((value) => value >= low && value <= high && (!WHOLE.has(name) || Number.isInteger(value)));
}

/** The value in its one spelling. */
function checkedValue(name: Searched, value: number | string, text: string): number | string {
  try {
    return checkHyperparameters({ [name]: value } as Partial<Hyperparameters>)[name];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    fail(text, `${value}: ${error.issues.map(({ message }) => message).join("; ")}`);
  }
}

function fail(text: string, message: string): never {
  throw InputError.of("--space", text, `${text}: ${message}`);
}
