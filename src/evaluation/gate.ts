import type { Artifact } from "../artifact/artifact.ts";
import type { Comparison, Estimate, Evaluation, Gate, Preference } from "../artifact/manifest.ts";
import { hasNonFinite } from "../artifact/safetensors.ts";
import type { AnswerVariety } from "./answers.ts";
import { carriesPreference, hasFallen, isTold, MIN_PREFERENCE_USERS, MIN_USER_EVENTS } from "./preference.ts";
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
  /** Null where there are no new events, or no champion to judge them by. */
  readonly preference: Preference | null;
}

/** Decides whether a trained model may be published. Not being able to tell is a reason to refuse, but for the champion. */
export function gate({ artifact, variety, evaluation, comparison, preference }: GateEvidence): Gate {
  const checks = [
    contentCheck(artifact),
    finiteCheck(artifact),
    varietyCheck(variety),
    ...(preference ? [preferenceCheck(preference)] : []),
    popularityCheck(evaluation),
    championCheck(comparison),
  ];
  const refused = checks.filter(({ outcome }) => outcome === "refused");
  const telling = checks.filter(
    ({ name }) => name === POPULARITY || name === PREFERENCE || (name === CHAMPION && comparison),
  );
  return {
    passed: refused.length === 0,
    reasons: (refused.length > 0 ? refused : telling).map(({ detail }) => detail),
    checks,
  };
}

const POPULARITY = "better than popularity";
const CHAMPION = "not worse than the champion";
const PREFERENCE = "new events carry preference";

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

/** By the parts that have enough users: one without preference refuses, whatever the others are. */
function preferenceCheck({ champion, champion_percentile, parts, trusted }: Preference): Check {
  const told = parts.filter(isTold);
  if (told.length === 0) {
    const users = parts.reduce((most, part) => Math.max(most, part.users), 0);
    const detail = `cannot tell whether the new events carry personal preference: ${users} users have ${MIN_USER_EVENTS} of them on films that champion ${champion} knows, ${MIN_PREFERENCE_USERS} are needed`;
    return { name: PREFERENCE, outcome: "cannot_tell", detail };
  }
  const figures = ({ from_seq, to_seq, users, percentile }: (typeof told)[number]) =>
    `the later choices of ${users} users in the events ${from_seq + 1} to ${to_seq} rank at ${ranked(percentile)} of all such choices by champion ${champion}, 0.5 being chance`;
  const without = told.filter((part) => !carriesPreference(part));
  if (without.length > 0) {
    const fault = `the new events do not carry personal preference: ${without.map(figures).join("; ")}`;
    return check(PREFERENCE, trusted, trusted ? `${fault}; an operator answers for them` : fault);
  }
  const newest = told[told.length - 1];
  const fall =
    champion_percentile && hasFallen(champion_percentile, newest.percentile)
      ? `; that is less than the ${ranked(champion_percentile)} that ${champion} was judged by: some of these events may be nobody's choice`
      : "";
  return check(PREFERENCE, true, `${figures(newest)}${fall}`);
}

function ranked({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;
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
