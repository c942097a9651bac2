import type { Estimate, Manifest, Metrics } from "../artifact/manifest.ts";

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

## Gate

${manifest.gate.passed ? "Passed." : "Refused."}

${manifest.gate.reasons.map((reason) => `- ${reason}`).join("\n")}

## Meant for, and not

Ranking films of this catalogue for viewers by what they and others watched or rated. Scores order one user's list; they
are not ratings and do not compare between users. The model knows nothing of a film beyond who chose it: films without
interactions are never recommended, and whoever was rare in the data is served less well.
`;
}

function renderEvaluation(evaluation: NonNullable<Manifest["evaluation"]>): string {
  const how =
    evaluation.split === "global-time"
      ? "everything before one instant trains, what came after tests"
      : "each user's earlier interactions train, the latest test";
  const names = Object.keys(evaluation.metrics);
  const row = (label: string, metrics: Metrics) => [label, ...names.map((name) => interval(metrics[name] as Estimate))];
  return `Temporal split (${how}), ${evaluation.users} users, seen items left out, 95 % bootstrap intervals over users.

${table(
  ["", ...names],
  [row("this model's hyperparameters", evaluation.metrics), row("popularity", evaluation.baselines.popularity)],
)}

Gain in NDCG@${evaluation.k} over popularity, same users: ${interval(evaluation.ndcg_gain_over_popularity)}.`;
}

function interval({ value, low, high }: Estimate): string {
  return `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
