import { stat } from "node:fs/promises";
import { InputError, NotFoundError } from "../base/errors.ts";

export async function statOf(path: string) {
  return await stat(path).catch((error) => refuse(path, error));
}

/** What the file system says, in the words of our errors. */
export function refuse(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    throw new NotFoundError("path", path, `${path}: no such file or folder`);
  }
  if (code === "EACCES" || code === "EPERM") throw InputError.of("PATH", path, `${path} may not be read`);
  throw error;
}
