import { writeFile } from "node:fs/promises";
import { InputError } from "../base/errors.ts";

/** Writes a file of text. @throws InputError when the path cannot be written */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw InputError.of("FILE", path, `${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
