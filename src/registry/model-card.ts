import type { Comparison, Estimate, Evaluation, Manifest, Metrics } from "../artifact/manifest.ts";

/** The model card: what a person wants to know of a version before using it, in Markdown. */
export function renderModelCard(manifest: Manifest): string {
  const { evaluation, hyperparameters, training } = manifest;
  return `# Model ${manifest.version}

Implicit-feedback matrix factorisation by alternating least squares, made ${manifest.created_at}.

| | |
| --- | --- |
| users, items, interactions | ${manifest.users}, ${manifest.items}, ${manifest.interactions} |
| snapshot | \`${manifest.data_snapshot_id}\` |
| artifact | \`${manifest.artifact_digest}\` |
| engine | \`${manifest.engine_digest}\` |
| trained by commit | ${manifest.git_sha ? `\`${manifest.git_sha}\`${manifest.git_dirty ? ", with uncommitted changes" : ""}` : "not known"} |
| training | ${training.seconds.toFixed(1)} s on ${training.threads} thread${training.threads === 1 ? "" : "s"}, ${training.runtime} |

## Hyperparameters

${table(
  ["name", "value"],
  Object.entries(hyperparameters).map(([name, value]) => [name, String(value)]),
)}

## Quality

${evaluation ? renderEvaluation(evaluation) : "Not evaluated."}
${manifest.comparison ? `\n${renderComparison(manifest.comparison)}\n` : ""}
## Gate

${manifest.gate.passed ? "Passed." : "Refused."}

${manifest.gate.reasons.map((reason) => `- ${reason}`).join("\n")}

${table(
  ["check", "outcome", "what was found"],
  manifest.gate.checks.map(({ name, outcome, detail }) => [name, outcome.replace("_", " "), detail]),
)}

## Meant for, and not

Ranking films of this catalogue for viewers by what they and others watched or rated. Scores order one user's list; they
are not ratings and do not compare between users. The model knows nothing of a film beyond who chose it: films without
interactions are never recommended, and whoever was rare in the data is served less well.
`;
}

const SPLITS: Readonly<Record<Evaluation["split"], string>> = {
  "global-time":
    "everything before one instant trains, what came after tests; of users who came later, the earlier half is known and the later half tests",
  "per-user-order": "each user's earlier interactions train, the latest test",
  "last-of-each-user": "each user's last interaction tests, all others train",
  "test-file": "the artifact itself, on the interactions of a file",
};

function renderEvaluation({ protocol, split, users, metrics, baselines, differences }: Evaluation): string {
  const { popularity } = baselines;
  const gains = differences.popularity;
  return `These hyperparameters by the protocol ${protocol} (${SPLITS[split]}), ${users} users, what was known of them left
out of the lists, means with 95 % bootstrap intervals over users.

${table(
  ["", "this model", "popularity", "difference"],
  Object.keys(metrics).map((name) => [name, ...[metrics, popularity, gains].map((of) => cell(of, name))]),
)}`;
}

function renderComparison(comparison: Comparison): string {
  const { version, source, not_comparable: reason, metrics, champion, difference, users } = comparison;
  if (reason !== null || !metrics || !champion || !difference)
    return `Not compared with champion ${version}: ${reason}.`;
  const where = source === "split" ? "the split's later part that it was not trained on" : "a test file";
  return `Against champion ${version}, on interactions of ${where}, ${users} users:

${table(
  ["", "this model", `champion ${version}`, "difference"],
  Object.keys(metrics).map((name) => [name, ...[metrics, champion, difference].map((of) => cell(of, name))]),
)}`;
}

function cell(metrics: Metrics, name: string): string {
  return metrics[name] ? interval(metrics[name]) : "";
}

function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
