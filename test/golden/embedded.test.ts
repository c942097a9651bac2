import { expect, test } from "vitest";
import { artifactDigest, encodeArtifact, fileDigests } from "../../src/artifact/codec.ts";
import type { Hyperparameters } from "../../src/artifact/manifest.ts";
import { embeddedSnapshot } from "../../src/embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../../src/embedded/versions.ts";
import { train } from "../builders.ts";
import golden from "./embedded.json" with { type: "json" };

test("the embedded data and the versions trained on it are, byte for byte, what they always were", async () => {
  const snapshot = embeddedSnapshot();
  const artifacts: Record<string, string> = {};
  const by_gradients: Record<string, string> = {};
  const digestOf = async (hyperparameters: Hyperparameters) =>
    artifactDigest(fileDigests(encodeArtifact(await train(snapshot, hyperparameters))));
  for (const [version, hyperparameters] of EMBEDDED_VERSIONS) {
    artifacts[version] = await digestOf(hyperparameters);
    by_gradients[version] = await digestOf({ ...hyperparameters, solver: "pcg:2" });
  }
  expect({ snapshot: snapshot.id, artifacts, by_gradients }).toEqual(golden);
});
