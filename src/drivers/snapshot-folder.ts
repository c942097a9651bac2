import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { IntegrityError } from "../base/errors.ts";
import type { SnapshotMeta } from "../snapshot/store.ts";
import { DATA_FILES, DESCRIPTION_FILE, type Description, metaOf, parseDescription } from "./snapshot-description.ts";

const PARQUET_MAGIC = "PAR1";
/** The magic at either end and the length of the metadata. */
const SMALLEST_PARQUET_BYTES = 12;

/** Reads a snapshot's description. Throws IntegrityError when it is missing, unreadable or another snapshot's. */
export async function readDescription(directory: string, id: string): Promise<Description> {
  return parseDescription(id, await readFile(join(directory, id, DESCRIPTION_FILE), "utf8").catch(() => null));
}

export async function readMeta(directory: string, id: string): Promise<SnapshotMeta> {
  return metaOf(await readDescription(directory, id));
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
