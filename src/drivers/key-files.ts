import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { InputError } from "../base/errors.ts";
import type { KeyFile, KeyFiles } from "../signing/key-files.ts";

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;

/** Keys in local files. */
export const keyFiles: KeyFiles = {
  read: (path) => readFile(path, "utf8").catch(() => null),
  create: async (files) => {
    const made: string[] = [];
    try {
      for (const file of files) {
        const handle = await make(file);
        made.push(file.path);
        await write(handle, file.text);
      }
    } catch (error) {
      for (const path of made) await rm(path);
      throw error;
    }
  },
};

async function make({ path, secret }: KeyFile): Promise<FileHandle> {
  try {
    return await open(path, "wx", secret ? SECRET_MODE : PUBLIC_MODE);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "exists already, and a key is never written over" : `cannot be made (${code})`;
    throw InputError.of("--output", path, `${path} ${reason}`);
  }
}

async function write(handle: FileHandle, text: string): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
