import { describe, expect, test } from "vitest";
import { manifestOf, train } from "../../test/builders.ts";
import { encodeArtifact } from "../artifact/codec.ts";
import type { Comparison, Evaluation, Gate } from "../artifact/manifest.ts";
import { renderModelCard } from "./model-card.ts";

const artifact = await train();
const files = encodeArtifact(artifact);
const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
const evaluation: Evaluation = {
  protocol: "temporal",
  split: "global-time",
  k: 10,
  users: 12,
  instant: 0,
  counts: { interactions: 40 },
  metrics: { "ndcg@10": estimate(0.5), "coverage@10": estimate(0.75) },
  baselines: { popularity: { "ndcg@10": estimate(0.25), "coverage@10": estimate(0.125) } },
  differences: { popularity: { "ndcg@10": estimate(0.25) } },
};

test("tells what made the model, how good it is and what the gate said", () => {
  const gate: Gate = {
    passed: true,
    reasons: ["better than popularity"],
    checks: [{ name: "the champion", outcome: "not_comparable", detail: "there is none" }],
  };
  const card = renderModelCard(manifestOf(artifact, files, { evaluation, gate, git_sha: "abc", git_dirty: true }));
  for (const line of [
    "# Model v0.1",
    "| users, items, interactions | 24, 16, 144 |",
    "| trained by commit | `abc`, with uncommitted changes |",
    "| factors | 6 |",
    "|  | this model | popularity | difference |",
    "| ndcg@10 | 0.5000 (0.4900 to 0.5100) | 0.2500 (0.2400 to 0.2600) | 0.2500 (0.2400 to 0.2600) |",
    "On data that it was not trained on it is **better than showing everyone what is popular**: NDCG@10 0.5000 against",
    "0.2500, a difference of 0.2500 (0.2400 to 0.2600) over 12 users.",
    "- coverage@10: share of the films that anybody is shown",
    "| coverage@10 | 0.7500 (0.7400 to 0.7600) | 0.1250 (0.1150 to 0.1350) |  |",
    "Passed.",
    "- better than popularity",
    "| the champion | not comparable | there is none |",
  ]) {
    expect(card.split("\n")).toContain(line);
  }
});

test("says so where nothing is known", () => {
  const card = renderModelCard(
    manifestOf(artifact, files, { gate: { passed: false, reasons: ["cannot tell"], checks: [] } }),
  );
  expect(card).toContain("| trained by commit | not known |");
  expect(card).toContain("Not evaluated.");
  expect(card).not.toContain("what is popular**");
  expect(card).toContain("Refused.\n\n- cannot tell\n");
});

test.each([
  [{ value: 0.02, low: -0.01, high: 0.05 }, "not told apart from"],
  [{ value: -0.02, low: -0.05, high: -0.01 }, "worse than"],
])("does not praise a difference of %j", (difference, words) => {
  const differences = { popularity: { "ndcg@10": difference } };
  const card = renderModelCard(manifestOf(artifact, files, { evaluation: { ...evaluation, differences } }));
  expect(card).toContain(`it is **${words} showing everyone what is popular**`);
});

describe("the champion", () => {
  const compared: Comparison = {
    version: "v0.1",
    artifact_digest: `sha256:${"0".repeat(64)}`,
    source: "test-file",
    not_comparable: null,
    interactions: 80,
    shared_items: 1,
    users: 60,
    metrics: { "ndcg@10": estimate(0.5) },
    champion: { "ndcg@10": estimate(0.4) },
    difference: { "ndcg@10": estimate(0.1) },
  };

  test("is compared with in figures", () => {
    const card = renderModelCard(manifestOf(artifact, files, { comparison: compared })).split("\n");
    expect(card).toContain("Against champion v0.1, on interactions of a test file, 60 users:");
    expect(card).toContain(
      "| ndcg@10 | 0.5000 (0.4900 to 0.5100) | 0.4000 (0.3900 to 0.4100) | 0.1000 (0.0900 to 0.1100) |",
    );
  });

  test("is not, for a reason", () => {
    const comparison = {
      ...compared,
      not_comparable: "too few users",
      metrics: null,
      champion: null,
      difference: null,
    };
    expect(renderModelCard(manifestOf(artifact, files, { comparison }))).toContain(
      "Not compared with champion v0.1: too few users.",
    );
  });
});
