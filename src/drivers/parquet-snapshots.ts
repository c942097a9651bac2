import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile } from "hyparquet";
import { fileWriter } from "hyparquet-writer";
import { assert, IntegrityError } from "../base/errors.ts";
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
  type SnapshotOrigin,
  type SnapshotStore,
} from "../snapshot/store.ts";
import { whileLocked } from "./folder-lock.ts";
import { readInteractions, readItems, writeInteractions, writeItems } from "./parquet-tables.ts";
import {
  DATA_FILES,
  DESCRIPTION_FILE,
  type Description,
  INTERACTIONS_FILE,
  ITEMS_FILE,
} from "./snapshot-description.ts";
import { glance, readDescription, readMeta } from "./snapshot-folder.ts";

const DRAFT = ".draft-";
/** Longer than writing the largest snapshot takes. */
const SAVE_WAIT_MS = 600_000;

/** Snapshots as Parquet files, a folder each, in `directory`. */
export function parquetSnapshots(directory: string): SnapshotStore {
  return {
    save: (snapshot, origin, progress = noProgress) => save(directory, snapshot, origin, progress),
    load: async (idOrPrefix, progress = noProgress) =>
      load(directory, await resolveId(directory, idOrPrefix), progress),
    meta: async (idOrPrefix) => readMeta(directory, await resolveId(directory, idOrPrefix)),
    remove: (ids) => removeSnapshots(directory, ids),
    list: async () =>
      (await Promise.all((await storedIds(directory)).map((id) => entry(directory, id)))).sort(newestFirst),
  };
}

async function entry(directory: string, id: string): Promise<SnapshotEntry> {
  try {
    return await glance(directory, id);
  } catch (error) {
    if (error instanceof IntegrityError) return { id, broken: error.message };
    throw error;
  }
}

/**
 * All files are written beside the final place and moved there at once: a folder with an id's name is complete. They
 * are written even where the snapshot is there already, because what is there may be damaged, and comparing is how one
 * knows.
 */
async function save(
  directory: string,
  snapshot: Snapshot,
  origin: SnapshotOrigin,
  progress: Progress,
): Promise<{ path: string }> {
  checkStorable(snapshot);
  const path = join(directory, snapshot.id);
  const draft = join(directory, `${DRAFT}${snapshot.id}-${randomUUID()}`);
  return await whileLocked(directory, SAVE_WAIT_MS, async () => {
    await clearDrafts(directory);
    try {
      const files = await writeDraft(draft, snapshot, origin, progress);
      if (!(await holds(directory, snapshot.id, files))) {
        if (await exists(path)) await rename(path, `${draft}-replaced`);
        await rename(draft, path);
        await sync(directory);
      }
      return { path };
    } finally {
      await remove(draft);
      await remove(`${draft}-replaced`);
    }
  });
}

async function removeSnapshots(directory: string, ids: readonly string[]): Promise<void> {
  if (!(await exists(directory))) return;
  await whileLocked(directory, SAVE_WAIT_MS, async () => {
    for (const id of ids) {
      assert(SNAPSHOT_ID.test(id), "a snapshot is removed by its whole id");
      const path = join(directory, id);
      if (await exists(path)) await rename(path, join(directory, `${DRAFT}${id}-${randomUUID()}-removed`));
    }
    await sync(directory);
    await clearDrafts(directory);
  });
}

/** Whoever has the lock is the only writer: what others left was left by the dead. */
async function clearDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) if (name.startsWith(DRAFT)) await remove(join(directory, name));
}

async function writeDraft(
  draft: string,
  snapshot: Snapshot,
  origin: SnapshotOrigin,
  progress: Progress,
): Promise<Description["files"]> {
  await mkdir(draft, { recursive: true });
  writeItems(fileWriter(join(draft, ITEMS_FILE)), snapshot);
  writeInteractions(fileWriter(join(draft, INTERACTIONS_FILE)), snapshot, progress);
  const files = {
    [ITEMS_FILE]: await fileDigest(join(draft, ITEMS_FILE)),
    [INTERACTIONS_FILE]: await fileDigest(join(draft, INTERACTIONS_FILE)),
  };
  const description: Description = { ...describeSnapshot(snapshot, origin), files };
  await writeFile(join(draft, DESCRIPTION_FILE), `${JSON.stringify(description, null, 2)}\n`);
  for (const name of [...DATA_FILES, DESCRIPTION_FILE]) await sync(join(draft, name));
  await sync(draft);
  return files;
}

/** Whether these very files are stored already, and described as such. */
async function holds(directory: string, id: string, files: Description["files"]): Promise<boolean> {
  try {
    const described = (await readDescription(directory, id)).files;
    for (const name of DATA_FILES) {
      const stored = await fileDigest(join(directory, id, name));
      if (stored !== files[name] || described[name] !== files[name]) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * The files' digests are checked before decoding, because a Parquet decoder may run without end on altered bytes; what
 * counts in the end is that the content has the id.
 */
async function load(directory: string, id: string, progress: Progress): Promise<Snapshot> {
  const path = join(directory, id);
  const subject = `snapshot ${id}`;
  const { files } = await readDescription(directory, id);
  let snapshot: Snapshot;
  try {
    for (const name of DATA_FILES) {
      const actual = await fileDigest(join(path, name));
      if (actual !== files[name]) throw new IntegrityError(subject, `${name} was altered`);
    }
    const { itemKind, items } = await readItems(await asyncBufferFromFile(join(path, ITEMS_FILE)));
    const file = await asyncBufferFromFile(join(path, INTERACTIONS_FILE));
    const table = await readInteractions(file, items, progress);
    const { userKind, users, interactions } = table;
    snapshot = { id, userKind, itemKind, users, items, interactions };
  } catch (error) {
    if (error instanceof IntegrityError) throw error;
    throw new IntegrityError(subject, `its files are unreadable (${(error as Error).message})`, { cause: error });
  }
  const actual = snapshotId(snapshot);
  if (actual !== id) throw new IntegrityError(subject, `its content is that of ${actual}`);
  return snapshot;
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

async function resolveId(directory: string, idOrPrefix: string): Promise<string> {
  return idNamed(idOrPrefix, await storedIds(directory));
}

async function storedIds(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => SNAPSHOT_ID.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes a file or the entries of a folder survive a power cut. */
async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
