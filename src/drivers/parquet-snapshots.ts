import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { assert, InputError, IntegrityError, NotFoundError } from "../base/errors.ts";
import { snapshotId } from "../snapshot/content-id.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { describeSnapshot, type SnapshotMeta, type SnapshotOrigin, type SnapshotStore } from "../snapshot/store.ts";
import { readInteractions, readItems, writeInteractions, writeItems } from "./parquet-tables.ts";

const SNAPSHOT_ID = /^[0-9a-f]{64}$/;
const ITEMS = "items.parquet";
const INTERACTIONS = "interactions.parquet";
const DESCRIPTION = "snapshot.json";

const count = z.number().int().min(0);
const kind = z.enum(["integer", "string"]);
const META = z.object({
  id: z.string(),
  interactions: count,
  users: count,
  items: count,
  catalogue: count,
  user_kind: kind,
  item_kind: kind,
  source: z.string(),
  format: z.string(),
  imported_at: z.string(),
  lines: count,
  duplicates: count,
  ignored: count,
  quarantined: count,
}) satisfies z.ZodType<SnapshotMeta>;
const digest = z.string();
const DESCRIBED = META.extend({ files: z.object({ [ITEMS]: digest, [INTERACTIONS]: digest }) });

/** Snapshots as Parquet files, a folder each, in `directory`. */
export function parquetSnapshots(directory: string): SnapshotStore {
  const meta = async (idOrPrefix: string) => readMeta(directory, await resolveId(directory, idOrPrefix));
  return {
    save: (snapshot, origin) => save(directory, snapshot, origin),
    load: async (idOrPrefix) => load(directory, await resolveId(directory, idOrPrefix)),
    meta,
    async list() {
      const all = await Promise.all((await storedIds(directory)).map((id) => readMeta(directory, id)));
      return all.sort((a, b) => (a.imported_at < b.imported_at ? 1 : a.imported_at > b.imported_at ? -1 : 0));
    },
  };
}

/** All files are written beside the final place and moved there at once: a folder with an id's name is complete. */
async function save(directory: string, snapshot: Snapshot, origin: SnapshotOrigin): Promise<{ path: string }> {
  const path = join(directory, snapshot.id);
  if (await exists(path)) return { path };
  assert(
    usersWithInteractions(snapshot) === snapshot.users.length,
    "every user of a stored snapshot has an interaction",
  );

  const draft = join(directory, `.draft-${snapshot.id}-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  try {
    writeItems(join(draft, ITEMS), snapshot);
    writeInteractions(join(draft, INTERACTIONS), snapshot);
    const description: z.infer<typeof DESCRIBED> = {
      ...describeSnapshot(snapshot, origin),
      files: {
        [ITEMS]: await fileDigest(join(draft, ITEMS)),
        [INTERACTIONS]: await fileDigest(join(draft, INTERACTIONS)),
      },
    };
    await writeFile(join(draft, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`);
    for (const name of [ITEMS, INTERACTIONS, DESCRIPTION]) await sync(join(draft, name));
    await sync(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have stored the same snapshot meanwhile.
    if (!(await exists(path))) throw error;
  }
  await sync(directory);
  return { path };
}

/**
 * The files' digests are checked before decoding, because a Parquet decoder may run without end on altered bytes; what
 * counts in the end is that the content has the id.
 */
async function load(directory: string, id: string): Promise<Snapshot> {
  const path = join(directory, id);
  const subject = `snapshot ${id}`;
  const { files } = await readDescription(directory, id);
  let snapshot: Snapshot;
  try {
    for (const name of [ITEMS, INTERACTIONS] as const) {
      const actual = await fileDigest(join(path, name));
      if (actual !== files[name]) throw new IntegrityError(subject, `${name} was altered`);
    }
    const { itemKind, items } = await readItems(join(path, ITEMS));
    const { userKind, users, interactions } = await readInteractions(join(path, INTERACTIONS), items);
    snapshot = { id, userKind, itemKind, users, items, interactions };
  } catch (error) {
    if (error instanceof IntegrityError) throw error;
    throw new IntegrityError(subject, `its files are unreadable (${(error as Error).message})`, { cause: error });
  }
  const actual = snapshotId(snapshot);
  if (actual !== id) throw new IntegrityError(subject, `its content is that of ${actual}`);
  return snapshot;
}

async function readDescription(directory: string, id: string): Promise<z.infer<typeof DESCRIBED>> {
  try {
    const description = DESCRIBED.parse(JSON.parse(await readFile(join(directory, id, DESCRIPTION), "utf8")));
    assert(description.id === id, "the description is that of this snapshot");
    return description;
  } catch (error) {
    throw new IntegrityError(`snapshot ${id}`, `${DESCRIPTION} is missing or unreadable`, { cause: error });
  }
}

async function readMeta(directory: string, id: string): Promise<SnapshotMeta> {
  return META.parse(await readDescription(directory, id));
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

async function resolveId(directory: string, idOrPrefix: string): Promise<string> {
  const matches = (await storedIds(directory)).filter((id) => id.startsWith(idOrPrefix));
  if (matches.length > 1) {
    throw InputError.of("snapshot", idOrPrefix, `${JSON.stringify(idOrPrefix)} matches ${matches.length} snapshots`);
  }
  if (matches.length === 0) throw new NotFoundError("snapshot", idOrPrefix);
  return matches[0];
}

async function storedIds(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => SNAPSHOT_ID.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function usersWithInteractions({ interactions }: Snapshot): number {
  return new Set(interactions.user).size;
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
