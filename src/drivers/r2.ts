import { waitUntil } from "cloudflare:workers";
import type { RegistryFiles } from "../registry/store.ts";
import { readObject, type WritableBucket } from "./r2-objects.ts";

/**
 * A model registry in an R2 bucket, under the same names as in a folder.
 *
 * Several requests of an isolate wait for one load. It runs as part of the request that began it, so it is told to
 * outlive that one: a client that goes away must not leave the others waiting for ever.
 */
export function r2Registry(bucket: Pick<WritableBucket, "get" | "head">): RegistryFiles {
  return {
    read: (path) => {
      const reading = readObject(bucket, path);
      waitUntil(reading.catch(() => null));
      return reading;
    },
    stamp: async (path) => (await bucket.head(path))?.version ?? null,
  };
}
