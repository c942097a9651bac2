import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { assert, IntegrityError } from "../base/errors.ts";
import type { SnapshotMeta } from "../snapshot/store.ts";

export const ITEMS_FILE = "items.parquet";
export const INTERACTIONS_FILE = "interactions.parquet";
export const DESCRIPTION_FILE = "snapshot.json";
export const DATA_FILES = [ITEMS_FILE, INTERACTIONS_FILE] as const;

const PARQUET_MAGIC = "PAR1";
/** The magic at either end and the length of the metadata. */
const SMALLEST_PARQUET_BYTES = 12;

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
const DESCRIPTION = META.extend({ files: z.object({ [ITEMS_FILE]: z.string(), [INTERACTIONS_FILE]: z.string() }) });

/** What stands in `snapshot.json`: the description and the digest of each data file. */
export type Description = z.infer<typeof DESCRIPTION>;

/** Reads a snapshot's description. Throws IntegrityError when it is missing, unreadable or another snapshot's. */
export async function readDescription(directory: string, id: string): Promise<Description> {
  try {
    const description = DESCRIPTION.parse(JSON.parse(await readFile(join(directory, id, DESCRIPTION_FILE), "utf8")));
    assert(description.id === id, "the description is that of this snapshot");
    return description;
  } catch (error) {
    throw new IntegrityError(`snapshot ${id}`, `${DESCRIPTION_FILE} is missing or unreadable`, { cause: error });
  }
}

export async function readMeta(directory: string, id: string): Promise<SnapshotMeta> {
  return META.parse(await readDescription(directory, id));
}

/**
 * What can be seen without reading a snapshot whole: its description is readable, and its files begin and end as
 * Parquet does. Throws IntegrityError.
 */
export async function glance(directory: string, id: string): Promise<SnapshotMeta> {
  const meta = await readMeta(directory, id);
  for (const name of DATA_FILES) {
    if (!(await isWholeParquet(join(directory, id, name)))) {
      throw new IntegrityError(`snapshot ${id}`, `${name} is missing or cut short`);
    }
  }
  return meta;
}

async function isWholeParquet(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    if (size < SMALLEST_PARQUET_BYTES) return false;
    const ends = await Promise.all([0, size - PARQUET_MAGIC.length].map((at) => textAt(file, at)));
    return ends.every((text) => text === PARQUET_MAGIC);
  } finally {
    await file.close();
  }
}

async function textAt(file: FileHandle, at: number): Promise<string> {
  const { buffer } = await file.read(new Uint8Array(PARQUET_MAGIC.length), 0, PARQUET_MAGIC.length, at);
  return String.fromCharCode(...buffer);
}
