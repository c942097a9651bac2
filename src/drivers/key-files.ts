import { open, readFile, rm } from "node:fs/promises";
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
        await create(file);
        made.push(file.path);
      }
    } catch (error) {
      for (const path of made) await rm(path);
      throw error;
    }
  },
};

async function create({ path, text, secret }: KeyFile): Promise<void> {
  try {
    const file = await open(path, "wx", secret ? SECRET_MODE : PUBLIC_MODE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "exists already, and a key is never written over" : `cannot be made (${code})`;
    throw InputError.of("--output", path, `${path} ${reason}`);
  }
}
