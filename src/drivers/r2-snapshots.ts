import { ByteWriter } from "hyparquet-writer";
import { assert, IntegrityError } from "../base/errors.ts";
import { sha256Digest } from "../base/hash.ts";
import { noProgress, type Progress } from "../base/progress.ts";
import { snapshotId } from "../snapshot/content-id.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import {
  checkStorable,
  describeSnapshot,
  idNamed,
  newestFirst,
  SNAPSHOT_ID,
  type SnapshotEntry,
  type SnapshotStore,
} from "../snapshot/store.ts";
import { readInteractions, readItems, writeInteractions, writeItems } from "./parquet-tables.ts";
import { deleteUnder, foldersUnder, readObject, type WritableBucket } from "./r2-objects.ts";
import {
  DATA_FILES,
  DESCRIPTION_FILE,
  type Description,
  INTERACTIONS_FILE,
  ITEMS_FILE,
  metaOf,
  parseDescription,
} from "./snapshot-description.ts";

/** Snapshots in an R2 bucket, as the files that they are in a folder; each is in memory while it is read or written. */
export function r2Snapshots(bucket: WritableBucket): SnapshotStore {
  const storedIds = async () => (await foldersUnder(bucket, "")).filter((id) => SNAPSHOT_ID.test(id));
  const resolve = async (idOrPrefix: string) => idNamed(idOrPrefix, await storedIds());

  const describe = async (id: string): Promise<Description> => {
    const bytes = await readObject(bucket, `${id}/${DESCRIPTION_FILE}`);
    return parseDescription(id, bytes && new TextDecoder().decode(bytes));
  };
  /** A file whose digest is that of the description: a Parquet decoder may run without end on altered bytes. */
  const verified = async (id: string, name: (typeof DATA_FILES)[number], { files }: Description) => {
    const bytes = await readObject(bucket, `${id}/${name}`);
    if (bytes === null) throw new IntegrityError(`snapshot ${id}`, `${name} is missing`);
    if (sha256Digest(bytes) !== files[name]) throw new IntegrityError(`snapshot ${id}`, `${name} was altered`);
    return asFile(bytes);
  };
  const entry = async (id: string): Promise<SnapshotEntry> => {
    try {
      return metaOf(await describe(id));
    } catch (error) {
      if (error instanceof IntegrityError) return { id, broken: error.message };
      throw error;
    }
  };
  /** Whether these very files are stored already, and described as such. */
  const holds = async (id: string, files: Description["files"]): Promise<boolean> => {
    try {
      const described = await describe(id);
      for (const name of DATA_FILES) {
        if (described.files[name] !== files[name]) return false;
        await verified(id, name, described);
      }
      return true;
    } catch (error) {
      if (error instanceof IntegrityError) return false;
      throw error;
    }
  };

  return {
    save: async (snapshot, origin, progress = noProgress) => {
      checkStorable(snapshot);
      const path = snapshot.id;
      const contents = {
        [ITEMS_FILE]: written((to) => writeItems(to, snapshot)),
        [INTERACTIONS_FILE]: written((to) => writeInteractions(to, snapshot, progress)),
      };
      const files = {
        [ITEMS_FILE]: sha256Digest(contents[ITEMS_FILE]),
        [INTERACTIONS_FILE]: sha256Digest(contents[INTERACTIONS_FILE]),
      };
      if (await holds(path, files)) return { path };
      for (const name of DATA_FILES) await bucket.put(`${path}/${name}`, contents[name]);
      // The description comes last: without it, what a crash left is no snapshot.
      const description: Description = { ...describeSnapshot(snapshot, origin), files };
      const text = `${JSON.stringify(description, null, 2)}\n`;
      await bucket.put(`${path}/${DESCRIPTION_FILE}`, new TextEncoder().encode(text));
      return { path };
    },
    load: async (idOrPrefix, progress = noProgress) => {
      const id = await resolve(idOrPrefix);
      const snapshot = await decoded(id, await describe(id), verified, progress);
      const actual = snapshotId(snapshot);
      if (actual !== id) throw new IntegrityError(`snapshot ${id}`, `its content is that of ${actual}`);
      return snapshot;
    },
    meta: async (idOrPrefix) => metaOf(await describe(await resolve(idOrPrefix))),
    remove: async (ids) => {
      for (const id of ids) {
        assert(SNAPSHOT_ID.test(id), "a snapshot is removed by its whole id");
        await deleteUnder(bucket, `${id}/`);
      }
    },
    list: async () => (await Promise.all((await storedIds()).map(entry))).sort(newestFirst),
  };
}

type File = ReturnType<typeof asFile>;

async function decoded(
  id: string,
  description: Description,
  open: (id: string, name: (typeof DATA_FILES)[number], description: Description) => Promise<File>,
  progress: Progress,
): Promise<Snapshot> {
  try {
    const { itemKind, items } = await readItems(await open(id, ITEMS_FILE, description));
    const table = await readInteractions(await open(id, INTERACTIONS_FILE, description), items, progress);
    const { userKind, users, interactions } = table;
    return { id, userKind, itemKind, users, items, interactions };
  } catch (error) {
    if (error instanceof IntegrityError) throw error;
    const message = `its files are unreadable (${(error as Error).message})`;
    throw new IntegrityError(`snapshot ${id}`, message, { cause: error });
  }
}

function written(write: (to: ByteWriter) => void): Uint8Array {
  const to = new ByteWriter();
  write(to);
  return to.getBytes();
}

function asFile({ buffer, byteOffset, byteLength }: Uint8Array) {
  const bytes = buffer as ArrayBuffer;
  return {
    byteLength,
    slice: (start: number, end = byteLength) => bytes.slice(byteOffset + start, byteOffset + end),
  };
}
