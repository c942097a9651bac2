import core from "../../build/core.wasm";
import { artifactDigest, encodeArtifact, fileDigests } from "../../src/artifact/codec.ts";
import type { Hyperparameters } from "../../src/artifact/manifest.ts";
import { noProgress } from "../../src/base/progress.ts";
import { embeddedSnapshot } from "../../src/embedded/snapshot.ts";
import { EMBEDDED_VERSIONS } from "../../src/embedded/versions.ts";
import { instantiateCore } from "../../src/kernel/core.ts";
import { trainArtifact } from "../../src/pipeline.ts";
import { callingThreadSweeper } from "../../src/training/sweeps.ts";

/** Trains the embedded versions inside a Worker, and answers with the snapshot's id and the artifacts' digests. */
export default {
  async fetch(): Promise<Response> {
    const newCore = () => instantiateCore(core);
    const snapshot = embeddedSnapshot();
    const digestOf = async (hyperparameters: Hyperparameters) => {
      const tools = { newCore, openSweeper: callingThreadSweeper(newCore), progress: noProgress };
      const artifact = await trainArtifact(snapshot, hyperparameters, tools);
      return artifactDigest(fileDigests(encodeArtifact(artifact)));
    };
    const artifacts: Record<string, string> = {};
    const by_gradients: Record<string, string> = {};
    for (const [version, hyperparameters] of EMBEDDED_VERSIONS) {
      artifacts[version] = await digestOf(hyperparameters);
      by_gradients[version] = await digestOf({ ...hyperparameters, solver: "pcg:2" });
    }
    return Response.json({ snapshot: snapshot.id, artifacts, by_gradients });
  },
};
