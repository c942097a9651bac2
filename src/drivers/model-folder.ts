import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError, IntegrityError } from "../base/errors.ts";
import type { RegistryStore } from "../registry/store.ts";
import { whileLocked } from "./folder-lock.ts";

const STAGING = ".staging-";
const LOCK_WAIT_MS = 60_000;

/** A model registry in a local folder, which is made when first written to. */
export function modelFolder(root: string): RegistryStore {
  const at = (path: string) => join(root, path);

  const orNull = async <T>(path: string, reading: Promise<T>): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw new IntegrityError(path, `cannot be read (${code})`, { cause: error });
    }
  };

  return {
    read: (path) => orNull(path, readWhole(at(path))),
    stamp: (path) => orNull(path, stampOf(at(path))),
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
    folders: async (path) => {
      const entries = await orNull(path, readdir(at(path), { withFileTypes: true }));
      return (entries ?? [])
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort();
    },
    removeFolder: async (path) => {
      const staging = at(`${STAGING}${randomUUID()}`);
      try {
        await rename(at(path), staging);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
        throw error;
      }
      await syncFolder(dirname(at(path)));
      await rm(staging, { recursive: true, force: true });
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

/** Has the folder to itself during `work`, and first clears away what a killed writer left half-written. */
function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  return whileLocked(root, LOCK_WAIT_MS, async () => {
    for (const name of await readdir(root)) {
      if (name.startsWith(STAGING)) await rm(join(root, name), { recursive: true, force: true });
    }
    return await work();
  });
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

/**
 * Reads a file at one go. `readFile` does it by half a megabyte, and under load each part waits for its turn among the
 * requests, so that a switch took seconds.
 */
async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** The time of the last change of a file's state, which no program can set, and what else changes with its content. */
async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(" ");
}

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
