import { access, constants, mkdir, open } from "node:fs/promises";
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
  // SQLite would lock a file of a read-only file system too, and the work would find out halfway.
  await access(folder, constants.W_OK);
  const path = join(folder, LOCK);
  const lock = await explained(path, () => new DatabaseSync(path, { timeout: 0 }));
  try {
    const deadline = Date.now() + waitMs;
    while (!(await explained(path, () => tryBegin(lock)))) {
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

/** SQLite does not say why a file cannot be made or written; the file system does. */
async function explained<T>(path: string, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await assertWritable(path);
    throw error;
  }
}

/**
 * Never opens a file that is there: to close it would give back every lock of this process on it, another caller's
 * among them (POSIX fcntl).
 */
async function assertWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await (await open(path, "wx")).close();
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
