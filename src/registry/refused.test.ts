import { expect, test } from "vitest";
import { candidateOf, memoryRegistry, train } from "../../test/builders.ts";
import { openPublisher } from "./publisher.ts";
import { MAX_REFUSED, REFUSED } from "./refused.ts";

test("of what the gate refuses, the newest is kept for inspection", async () => {
  const store = memoryRegistry();
  const publisher = openPublisher(store, () => 0);
  const artifact = await train();
  const gate = { passed: false, reasons: ["not better"], checks: [] };
  const paths: string[] = [];
  // Each of another digest, or it would take the place of the one before.
  for (let made = 0; made < MAX_REFUSED + 5; made++) {
    const created_at = new Date(Date.UTC(2024, 0, 1, made)).toISOString();
    const artifact_digest = `sha256:${String(made).padStart(12, "0")}${"0".repeat(52)}`;
    paths.push((await publisher.submit(candidateOf(artifact, { gate, created_at, artifact_digest }))).path);
  }
  const kept = (await store.folders(REFUSED)).map((name) => `${REFUSED}/${name}`);
  expect([...kept].sort()).toEqual(paths.slice(5).sort());
});
