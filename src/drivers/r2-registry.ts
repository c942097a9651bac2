import { StoreError } from "../base/errors.ts";
import type { Leases } from "../base/leases.ts";
import type { RegistryStore } from "../registry/store.ts";
import { deleteUnder, foldersUnder, readObject, type WritableBucket } from "./r2-objects.ts";

/** The name under which one process changes the registry at a time. */
const LEASE = "registry";
/** Longer than publishing takes. */
const LEASE_MS = 600_000;
const WAIT_MS = 60_000;
const POLL_MS = 50;

export interface R2RegistryParts {
  readonly leases: Leases;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * A model registry in an R2 bucket that is published to, under the same names as in a folder.
 *
 * R2 replaces one object in one step, and not several. A folder that is cut short is named by no catalog, so it is no
 * version; whoever publishes next writes it anew.
 */
export function r2WritableRegistry(bucket: WritableBucket, { leases, now, pause }: R2RegistryParts): RegistryStore {
  const taken = async (): Promise<number> => {
    for (const deadline = now() + WAIT_MS; ; await pause(POLL_MS)) {
      const at = now();
      const holder = await leases.take(LEASE, at, at + LEASE_MS);
      if (holder !== null) return holder;
      if (at >= deadline) throw new StoreError("R2", "another process has been changing the registry for a minute");
    }
  };
  return {
    read: (path) => readObject(bucket, path),
    stamp: async (path) => (await bucket.head(path))?.version ?? null,
    exclusively: async (work) => {
      const holder = await taken();
      try {
        return await work();
      } finally {
        await leases.giveBack(LEASE, holder).catch(() => {}); // it is free after its time
      }
    },
    putFolder: async (path, files) => {
      const keys = new Set<string>();
      for (const [name, bytes] of files) {
        await bucket.put(`${path}/${name}`, bytes);
        keys.add(`${path}/${name}`);
      }
      await deleteUnder(bucket, `${path}/`, keys);
    },
    putFile: async (path, bytes) => {
      await bucket.put(path, bytes);
    },
    folders: (path) => foldersUnder(bucket, path === "" ? "" : `${path}/`),
    removeFolder: (path) => deleteUnder(bucket, `${path}/`),
  };
}
