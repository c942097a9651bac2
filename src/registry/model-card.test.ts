import { expect, test } from "vitest";
import { manifestOf, train } from "../../test/builders.ts";
import { encodeArtifact } from "../artifact/codec.ts";
import type { Evaluation } from "../artifact/manifest.ts";
import { renderModelCard } from "./model-card.ts";

const artifact = await train();
const files = encodeArtifact(artifact);
const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
const evaluation: Evaluation = {
  protocol: "temporal",
  split: "global-time",
  k: 10,
  users: 12,
  metrics: { "ndcg@10": estimate(0.5) },
  baselines: { popularity: { "ndcg@10": estimate(0.25) } },
  ndcg_gain_over_popularity: estimate(0.25),
};

test("tells what made the model, how good it is and what the gate said", () => {
  const gate = { passed: true, reasons: ["better than popularity"] };
  const card = renderModelCard(manifestOf(artifact, files, { evaluation, gate, git_sha: "abc", git_dirty: true }));
  for (const line of [
    "# Model v0.1",
    "| users, items, interactions | 24, 16, 144 |",
    "| trained by commit | `abc`, with uncommitted changes |",
    "| factors | 6 |",
    "|  | ndcg@10 |",
    "| this model's hyperparameters | 0.5000 (0.4900 to 0.5100) |",
    "| popularity | 0.2500 (0.2400 to 0.2600) |",
    "Gain in NDCG@10 over popularity, same users: 0.2500 (0.2400 to 0.2600).",
    "Passed.",
    "- better than popularity",
  ]) {
    expect(card.split("\n")).toContain(line);
  }
});

test("says so where nothing is known", () => {
  const card = renderModelCard(manifestOf(artifact, files, { gate: { passed: false, reasons: ["cannot tell"] } }));
  expect(card).toContain("| trained by commit | not known |");
  expect(card).toContain("Not evaluated.");
  expect(card).toContain("Refused.\n\n- cannot tell\n");
});
