import type { RegistryFiles } from "../registry/store.ts";

/** The part of a Workers R2 bucket that is used here. */
export interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
}

/** A model registry in an R2 bucket, under the same names as in a folder. */
export function r2Registry(bucket: Bucket): RegistryFiles {
  return {
    read: async (path) => {
      const object = await bucket.get(path);
      return object && new Uint8Array(await object.arrayBuffer());
    },
  };
}
