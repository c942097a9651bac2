import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { InputError } from "../base/errors.ts";

/** Reads a file of UTF-8 whole, or standard input for `-`. @throws InputError when it cannot be read */
export async function readText(path: string): Promise<string> {
  if (path === "-") return text(process.stdin);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw InputError.of("FILE", path, `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
