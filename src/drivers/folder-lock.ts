import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DataError } from "../base/errors.ts";

const LOCK = ".lock.sqlite";
const POLL_MS = 50;

/**
 * Does `work` while no other process does any in `folder`, which is made when needed. The lock is an exclusive SQLite
 * transaction, because the system then gives it back however its holder ends.
 * Throws DataError when another process holds it for longer than `waitMs`.
 */
export async function whileLocked<T>(folder: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LOCK);
  // SQLite would make the file too, but does not say why it could not.
  await (await open(path, "a")).close();
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    const deadline = Date.now() + waitMs;
    while (!tryBegin(lock)) {
      if (Date.now() > deadline) {
        throw new DataError(folder, `another process has been changing it for ${waitMs / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return await work();
  } finally {
    lock.close();
  }
}

function tryBegin(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && /locked/.test(error.message)) return false;
    throw error;
  }
}
