import { holdCompactly, Model } from "../../src/engine/model.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { candidateOf, memoryRegistry } from "../../test/builders.ts";
import type { Case } from "../case.ts";
import { shapedArtifact } from "../request/shape.ts";

const SHAPE = { users: 1_000, items: 20_000, factors: 64, interactions: 100_000 };

/** Reading, verifying and indexing a model, beside the hashing of its files alone. */
export const loadModel: Case = {
  id: "load-20k",
  peer: "SHA-256 of the files",
  unit: "ms",
  isRate: false,
  isLong: false,
  prepare: async ({ engine, fitTools }) => {
    const files = new Map<string, Uint8Array>();
    const store = memoryRegistry(files);
    await openPublisher(store, Date.now).submit(candidateOf(await shapedArtifact(fitTools, SHAPE)));
    const registry = openRegistry(store);
    const contents = [...files].filter(([path]) => /^v0\.1\/.*(safetensors|users\.json|items\.json)$/.test(path));
    return {
      reprise: () => milliseconds(async () => new Model(await registry.load("v0.1"), engine.newCore(), holdCompactly)),
      peer: () =>
        milliseconds(async () => {
          for (const [, bytes] of contents) await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
        }),
      note: `${SHAPE.items} items of ${SHAPE.factors} dimensions, ${SHAPE.users} users, from memory: digests, decoding, index`,
    };
  },
};

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
