import type { Artifact } from "../artifact/artifact.ts";
import type { Comparison, Estimate, Evaluation, Gate } from "../artifact/manifest.ts";
import { hasNonFinite } from "../artifact/safetensors.ts";
import type { AnswerVariety } from "./answers.ts";
import { metricNames } from "./summary.ts";

/** With fewer users a bootstrap interval says too little. */
export const MIN_EVALUATED_USERS = 20;

type Check = Gate["checks"][number];

/** What the gate looks at. */
export interface GateEvidence {
  readonly artifact: Artifact;
  /** Null where the factors do not allow to ask for answers. */
  readonly variety: AnswerVariety | null;
  /** Null where no user could be evaluated. */
  readonly evaluation: Evaluation | null;
  /** Null where there is no champion. */
  readonly comparison: Comparison | null;
}

/** Decides whether a trained model may be published. Not being able to tell is a reason to refuse, but for the champion. */
export function gate({ artifact, variety, evaluation, comparison }: GateEvidence): Gate {
  const checks = [
    contentCheck(artifact),
    finiteCheck(artifact),
    varietyCheck(variety),
    popularityCheck(evaluation),
    championCheck(comparison),
  ];
  const refused = checks.filter(({ outcome }) => outcome === "refused");
  const telling = checks.filter(({ name }) => name === POPULARITY || (name === CHAMPION && comparison));
  return {
    passed: refused.length === 0,
    reasons: (refused.length > 0 ? refused : telling).map(({ detail }) => detail),
    checks,
  };
}

const POPULARITY = "better than popularity";
const CHAMPION = "not worse than the champion";

function contentCheck({ users, items }: Artifact): Check {
  const missing = [...(users.length === 0 ? ["users"] : []), ...(items.length === 0 ? ["items"] : [])];
  const detail =
    missing.length > 0
      ? `the model has no ${missing.join(" and no ")}`
      : `${users.length} users, ${items.length} items`;
  return check("users and items", missing.length === 0, detail);
}

/** Whether a model may be asked for answers at all. */
export function hasFiniteFactors(artifact: Artifact): boolean {
  return nonFinite(artifact).length === 0;
}

function nonFinite({ factors }: Artifact): string[] {
  const names = ["userFactors", "itemFactors", "itemGramian", "popularity"] as const;
  return names.filter((name) => hasNonFinite(factors[name]));
}

function finiteCheck(artifact: Artifact): Check {
  const faults = nonFinite(artifact).map((name) => `${name} holds a number that is not finite`);
  return check("finite numbers", faults.length === 0, faults.join(", ") || "all factors are finite");
}

function varietyCheck(variety: AnswerVariety | null): Check {
  const name = "answers differ";
  if (!variety) return check(name, false, "no answers could be asked for");
  const { users, lists, length } = variety;
  const oneForAll = users > 1 && lists === 1;
  return check(
    name,
    !oneForAll,
    oneForAll
      ? `all of ${users} users looked at are given the same list of ${length}, before what they have seen is left out`
      : `${lists} different lists of ${length} for ${users} users looked at`,
  );
}

function popularityCheck(evaluation: Evaluation | null): Check {
  if (!evaluation) {
    return check(
      POPULARITY,
      false,
      "cannot be compared with popularity: no user could be evaluated on a temporal split",
    );
  }
  const { k, users, differences } = evaluation;
  if (users < MIN_EVALUATED_USERS) {
    return check(
      POPULARITY,
      false,
      `cannot tell whether it is better than popularity: ${users} users could be evaluated, ${MIN_EVALUATED_USERS} are needed`,
    );
  }
  const difference = differences.popularity[metricNames(k).ndcg];
  const figures = `NDCG@${k} over popularity on a temporal split, ${users} users: ${interval(difference)}`;
  const passed = difference.low > 0;
  return check(
    POPULARITY,
    passed,
    passed ? figures : `not shown to be better than popularity: ${figures} does not lie above 0`,
  );
}

function championCheck(comparison: Comparison | null): Check {
  if (!comparison) return { name: CHAMPION, outcome: "not_comparable", detail: "there is no champion to compare with" };
  const { version, source, users, difference, not_comparable: reason } = comparison;
  const [estimate] = difference ? Object.entries(difference).filter(([name]) => name.startsWith("ndcg@")) : [];
  if (reason !== null || !estimate) {
    return { name: CHAMPION, outcome: "not_comparable", detail: `not compared with champion ${version}: ${reason}` };
  }
  const [metric, value] = estimate;
  const where = source === "split" ? "on what it had not seen of the split's later part" : "on the test file";
  const figures = `${metric.toUpperCase()} over champion ${version} ${where}, ${users} users: ${interval(value)}`;
  const passed = !(value.high < 0);
  return check(CHAMPION, passed, passed ? figures : `worse than the champion: ${figures} lies below 0`);
}

function check(name: string, passed: boolean, detail: string): Check {
  return { name, outcome: passed ? "passed" : "refused", detail };
}

function interval({ value, low, high }: Estimate): string {
  return `${signed(value)} (95 % ${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}
