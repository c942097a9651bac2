import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DataError, IntegrityError } from "../base/errors.ts";
import type { RegistryStore } from "../registry/store.ts";

const STAGING = ".staging-";
const LOCK = ".lock.sqlite";
const LOCK_WAIT_MS = 60_000;
const LOCK_POLL_MS = 50;

/** A model registry in a local folder, which is made when first written to. */
export function modelFolder(root: string): RegistryStore {
  const at = (path: string) => join(root, path);

  return {
    read: async (path) => {
      try {
        return await readFile(at(path));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ENOTDIR") return null;
        throw new IntegrityError(path, `cannot be read (${code})`, { cause: error });
      }
    },
    exclusively: (work) => writing(root, () => withLock(root, work)),
    putFolder: async (path, files) => {
      const staging = at(`${STAGING}${randomUUID()}`);
      try {
        await mkdir(staging, { recursive: true });
        for (const [name, bytes] of files) await writeDurably(join(staging, name), bytes);
        await syncFolder(staging);
        await mkdir(dirname(at(path)), { recursive: true });
        await rm(at(path), { recursive: true, force: true });
        await rename(staging, at(path));
        await syncFolder(dirname(at(path)));
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    },
    putFile: async (path, bytes) => {
      const staging = at(`${STAGING}${randomUUID()}`);
      try {
        await mkdir(dirname(at(path)), { recursive: true });
        await writeDurably(staging, bytes);
        await rename(staging, at(path));
        await syncFolder(dirname(at(path)));
      } finally {
        await rm(staging, { force: true });
      }
    },
  };
}

/**
 * Holds the registry's lock during `work`: an exclusive SQLite transaction, because the system then gives the lock
 * back however the holder ends. Whoever has it also clears away what a killed writer left half-written.
 */
async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  await mkdir(root, { recursive: true });
  const path = join(root, LOCK);
  // SQLite would make the file too, but does not say why it could not.
  await (await open(path, "a")).close();
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    const deadline = Date.now() + LOCK_WAIT_MS;
    while (!tryBegin(lock)) {
      if (Date.now() > deadline)
        throw new DataError(root, `another process has been changing it for ${LOCK_WAIT_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
    }
    for (const name of await readdir(root)) {
      if (name.startsWith(STAGING)) await rm(join(root, name), { recursive: true, force: true });
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

/** Names the folder in the errors of a disk that does not take more. */
async function writing<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = diskFault(error as NodeJS.ErrnoException);
    if (reason === null) throw error;
    throw new DataError(root, `cannot write: ${reason}`, { cause: error });
  }
}

function diskFault({ code = "", message }: NodeJS.ErrnoException): string | null {
  if (code === "ERR_SQLITE_ERROR") return `its lock says ${message}`;
  return Object.hasOwn(DISK_FAULTS, code) ? `${DISK_FAULTS[code]} (${code})` : null;
}

const DISK_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would exceed the allowed size",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the disk failed",
};

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in a folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
