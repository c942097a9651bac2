import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { DataError, InputError } from "../base/errors.ts";
import type { Journal } from "../cli/journal.ts";

const NEWLINE = 0x0a;

/** A journal in a file, which comes into being with the first line. */
export async function openJournal(path: string): Promise<Journal> {
  const bytes = contentOf(path);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  const text = bytes.toString("utf8", 0, whole);
  let length = whole;
  return {
    lines: text === "" ? [] : text.slice(0, -1).split("\n"),
    rest: bytes.toString("utf8", whole),
    async append(line) {
      const added = Buffer.from(`${line}\n`);
      try {
        addAt(path, length, added);
      } catch (error) {
        throw new DataError(path, `cannot be written (${(error as NodeJS.ErrnoException).code})`, { cause: error });
      }
      length += added.length;
    },
  };
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return Buffer.alloc(0);
    throw InputError.of("--state", path, `${path} cannot be read (${code})`);
  }
}

/** In one synchronous piece, so that a signal that is handled never finds half of it. */
function addAt(path: string, length: number, bytes: Buffer): void {
  const isNew = length === 0;
  const file = openSync(path, "a");
  try {
    ftruncateSync(file, length);
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncFolder(dirname(path));
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
