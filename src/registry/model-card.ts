import type { Comparison, Estimate, Evaluation, Manifest, Metrics } from "../artifact/manifest.ts";

/**
 * The model card: what a person wants to know of a version before using it, in Markdown. First what it is, how good and
 * not meant for what; then how it was made.
 */
export function renderModelCard(manifest: Manifest): string {
  const { evaluation, hyperparameters, training } = manifest;
  return `# Model ${manifest.version}

Ranks ${manifest.items} films for viewers by what they and others watched or rated: matrix factorisation by alternating least
squares on implicit feedback, trained ${manifest.created_at} on ${manifest.interactions} interactions of ${manifest.users} users.
${evaluation ? `\n${verdict(evaluation)}\n` : ""}
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

## How it was made

| | |
| --- | --- |
| users, items, interactions | ${manifest.users}, ${manifest.items}, ${manifest.interactions} |
| snapshot | \`${manifest.data_snapshot_id}\` |
| artifact | \`${manifest.artifact_digest}\` |
| engine | \`${manifest.engine_digest}\` |
| trained by commit | ${manifest.git_sha ? `\`${manifest.git_sha}\`${manifest.git_dirty ? ", with uncommitted changes" : ""}` : "not known"} |
| training | ${training.seconds.toFixed(1)} s on ${training.threads} thread${training.threads === 1 ? "" : "s"}, ${training.runtime} |

${table(
  ["hyperparameter", "value"],
  Object.entries(hyperparameters).map(([name, value]) => [name, String(value)]),
)}

The same snapshot, hyperparameters and engine give the same artifact: \`npx reprise models verify ${manifest.version} --retrain\`.
`;
}

/** One sentence for who reads no further. */
function verdict({ k, users, metrics, baselines, differences }: Evaluation): string {
  const name = `ndcg@${k}`;
  const [own, popular, gain] = [metrics[name], baselines.popularity[name], differences.popularity[name]];
  if (!own || !popular || !gain) return "How it compares with showing everyone what is popular is not known.";
  const outcome = gain.low > 0 ? "better than" : gain.high < 0 ? "worse than" : "not told apart from";
  return `On data that it was not trained on it is **${outcome} showing everyone what is popular**: NDCG@${k} ${own.value.toFixed(4)} against
${popular.value.toFixed(4)}, a difference of ${interval(gain)} over ${users} users.`;
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
)}

${Object.keys(metrics)
  .flatMap((name) => MEANINGS[name.replace(/@.*/, "")]?.replace("%", name) ?? [])
  .map((meaning) => `- ${meaning}`)
  .join("\n")}`;
}

/** What stands in the table, for who does not know it; % is the metric's name. */
const MEANINGS: Readonly<Record<string, string>> = {
  hr: "%: share of the users whose list holds anything that they took later",
  ndcg: "%: how much of that the list holds, counted more the higher it stands; 1 is the best list possible",
  recall: "%: how much of it the list holds, of what a list of this length could",
  map: "%: how much of the list is of it, seen from each hit upwards",
  mrr: "%: 1 over the place of the first hit",
  coverage: "%: share of the films that anybody is shown",
  novelty: "%: how rare the films of a list are, in bits; one more means chosen by half as many users",
  long_tail_share: "%: share of the list from outside of the most popular films that hold 80 % of the interactions",
  gini: "%: how unevenly films are shown; 0 is all alike, near 1 a few for all",
  diversity: "%: how much the genres within a list differ; 1 is nothing in common",
};

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
