import { waitUntil } from "cloudflare:workers";
import type { RegistryFiles } from "../registry/store.ts";

/** The part of a Workers R2 bucket that is used here. */
export interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<{ readonly version: string } | null>;
}

/**
 * A model registry in an R2 bucket, under the same names as in a folder.
 *
 * Several requests of an isolate wait for one load. It runs as part of the request that began it, so it is told to
 * outlive that one: a client that goes away must not leave the others waiting for ever.
 */
export function r2Registry(bucket: Bucket): RegistryFiles {
  const read = async (path: string): Promise<Uint8Array | null> => {
    const object = await bucket.get(path);
    return object && new Uint8Array(await object.arrayBuffer());
  };
  return {
    read: (path) => {
      const reading = read(path);
      waitUntil(reading.catch(() => null));
      return reading;
    },
    stamp: async (path) => (await bucket.head(path))?.version ?? null,
  };
}
