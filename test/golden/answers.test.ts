import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encodeArtifact } from "../../src/artifact/codec.ts";
import { sha256Digest } from "../../src/base/hash.ts";
import { embeddedSnapshot } from "../../src/embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../../src/embedded/versions.ts";
import { SEMANTICS_VERSION } from "../../src/kernel/semantics.ts";
import type { Answer } from "../../src/provenance/trace.ts";
import { answering } from "../answers.ts";
import { engine, manifestOf, relaxedEngine, train } from "../builders.ts";
import { ANSWER_REQUESTS } from "./answer-requests.ts";
import golden from "./answers.json" with { type: "json" };

const RAISE = `these answers are not what they were under SEMANTICS_VERSION ${golden.semantics_version}: mend what changed them or, \
where the change is meant, raise SEMANTICS_VERSION in src/kernel/semantics.ts`;
const RECORD =
  "run this test with RECORD_ANSWERS=1 to write test/golden/answers.json for new requests or a raised SEMANTICS_VERSION";

/** The digest in the receipt and, where the list was explained, that of the explanations, whose numbers JSON gives exactly. */
function digestsOf({ recommendations, provenance }: Answer): string {
  if (!recommendations.some(({ because }) => because)) return provenance.result_digest;
  const reasons = recommendations.map(({ because, because_rest }) => [because, because_rest]);
  return `${provenance.result_digest} ${sha256Digest(new TextEncoder().encode(JSON.stringify(reasons)))}`;
}

test("no answer changes as long as SEMANTICS_VERSION stays", async () => {
  const snapshot = embeddedSnapshot();
  const answers: Record<string, string> = {};
  const trainings = [...EMBEDDED_VERSIONS].flatMap(([version, hyperparameters]) => [
    [version, hyperparameters] as const,
    [version, { ...hyperparameters, solver: "pcg:2" }] as const,
  ]);
  for (const [version, hyperparameters] of trainings) {
    const artifact = await train(snapshot, hyperparameters);
    const manifest = manifestOf(artifact, encodeArtifact(artifact), { version });
    const answer = answering({ artifact, manifest }, engine);
    const relaxedAnswer = answering({ artifact, manifest }, relaxedEngine);
    // Answers of another artifact are other answers: only those of the same one must stay as they are.
    const model = `${version} ${manifest.artifact_digest.slice(0, 15)}`;
    for (const [name, request] of Object.entries(ANSWER_REQUESTS)) {
      const given = answer(request);
      answers[`${model}: ${name}`] = digestsOf(given);
      // One engine in two builds: which of them runs may not show.
      expect(relaxedAnswer(request), name).toEqual(given);
    }
  }

  if (golden.semantics_version === SEMANTICS_VERSION) {
    const kept = Object.entries(golden.answers).filter(([name]) => name in answers);
    expect(Object.fromEntries(kept.map(([name]) => [name, answers[name]])), RAISE).toEqual(Object.fromEntries(kept));
  }
  const record = { semantics_version: SEMANTICS_VERSION, answers };
  if (process.env.RECORD_ANSWERS) {
    writeFileSync(new URL("answers.json", import.meta.url), `${JSON.stringify(record, null, 2)}\n`);
  } else expect(record, RECORD).toEqual(golden);
});
