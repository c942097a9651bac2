import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { DataError, InputError } from "../base/errors.ts";
import type { Folder } from "../evidence/folder.ts";

/** A local folder that nothing written to it leaves: not by `..`, and not by links in it. It is made when first written to. */
export function outputFolder(name: string): Folder {
  const root = resolve(name);
  const at = (path: string): string => {
    const full = resolve(root, path);
    const below = relative(root, full);
    if (below === "" || below.startsWith("..") || resolve(root, below) !== full) {
      throw InputError.of("PATH", path, `${path} does not lie in ${name}`);
    }
    return full;
  };
  /** Whether a file's folder is there; refuses one that a link leads elsewhere. */
  const hasParent = async (path: string): Promise<boolean> => {
    const real = await realpath(dirname(at(path))).catch(() => null);
    if (real === null) return false;
    const realRoot = await realpath(root);
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      throw InputError.of("PATH", path, `${join(name, path)} leads out of ${name} by a link`);
    }
    return true;
  };

  return {
    name,
    names: async () => {
      try {
        return (await readdir(root)).sort();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw InputError.of("FOLDER", name, `${name} is no folder that can be read (${codeOf(error)})`);
      }
    },
    read: async (path, maxBytes) => {
      const full = at(path);
      const stat = (await hasParent(path)) ? await lstat(full).catch(() => null) : null;
      if (stat === null) return null;
      if (!stat.isFile()) throw InputError.of("PATH", path, `${join(name, path)} is no plain file`);
      if (stat.size > maxBytes) {
        throw InputError.of("PATH", path, `${join(name, path)} is ${stat.size} bytes, allowed are ${maxBytes}`);
      }
      return new Uint8Array(await readFile(full));
    },
    write: (path, bytes) =>
      writing(join(name, path), async () => {
        const parent = dirname(at(path));
        await mkdir(parent, { recursive: true });
        await hasParent(path);
        const staging = join(parent, `.writing-${randomUUID()}`);
        try {
          await writeFile(staging, bytes, { flag: "wx" });
          await rename(staging, at(path));
        } finally {
          await rm(staging, { force: true });
        }
      }),
    remove: (path) =>
      writing(join(name, path), async () => {
        if (await hasParent(path)) await rm(at(path), { force: true });
      }),
  };
}

async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new DataError(path, `cannot be written (${codeOf(error)})`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
