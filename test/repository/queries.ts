import { FAMILIES, type Family } from "../../src/telemetry/families.ts";

const TARGET_LABELS = ["job", "instance"];
/** What Prometheus itself shows, with the labels that are used of it. */
const OWN: Readonly<Record<string, readonly string[]>> = { up: [], ALERTS: ["alertname", "alertstate", "severity"] };
const OPERATORS = new Set(["and", "or", "unless", "offset"]);
const GROUPINGS = new Set(["by", "without"]);
/** Strings, ranges, numbers with a unit, names, and everything else sign by sign. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\d[\w.]*|[a-zA-Z_:][\w:]*|\S/g;

/** The labels of every series that the service shows or a rule records; null where they are not known. */
function knownSeries(recorded: readonly string[]): Map<string, readonly string[] | null> {
  const known = new Map<string, readonly string[] | null>(recorded.map((name) => [name, null]));
  for (const [name, labels] of Object.entries(OWN)) known.set(name, labels);
  for (const { name, kind, labels } of FAMILIES as readonly Family[]) {
    const own = Object.keys(labels).map((label) => label.replaceAll(".", "_"));
    const suffixes = kind === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    for (const suffix of suffixes) known.set(name + suffix, [...own, ...(suffix === "_bucket" ? ["le"] : [])]);
  }
  return known;
}

/**
 * Metrics of a query that nothing shows, and labels in its selectors that their metric does not have.
 * @param recorded names that rules record
 */
export function unknownNames(query: string, recorded: readonly string[]): string[] {
  const known = knownSeries(recorded);
  const tokens = query.match(TOKENS) ?? [];
  const unknown: string[] = [];
  let metric = "";
  let inside: "selector" | "grouping" | null = null;
  for (const [place, token] of tokens.entries()) {
    if (token === "{") inside = "selector";
    else if (GROUPINGS.has(token)) inside = "grouping";
    else if (token === "}" || (token === ")" && inside === "grouping")) inside = null;
    else if (!/^[a-zA-Z_:]/.test(token) || inside === "grouping") continue;
    else if (inside === "selector") {
      const labels = known.get(metric);
      if (labels && ![...labels, ...TARGET_LABELS].includes(token)) unknown.push(`${metric}{${token}}`);
    } else if (!OPERATORS.has(token) && tokens[place + 1] !== "(" && !GROUPINGS.has(tokens[place + 1] ?? "")) {
      metric = token;
      if (!known.has(metric)) unknown.push(metric);
    }
  }
  return unknown;
}
