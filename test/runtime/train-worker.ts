import core from "../../build/core.wasm";
import { artifactDigest, encodeArtifact, fileDigests } from "../../src/artifact/codec.ts";
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
    const artifacts: Record<string, string> = {};
    for (const [version, hyperparameters] of EMBEDDED_VERSIONS) {
      const tools = { newCore, openSweeper: callingThreadSweeper(newCore), progress: noProgress };
      const artifact = await trainArtifact(snapshot, hyperparameters, tools);
      artifacts[version] = artifactDigest(fileDigests(encodeArtifact(artifact)));
    }
    return Response.json({ snapshot: snapshot.id, artifacts });
  },
};
