import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../base/errors.ts";
import type { InputFile, InputLocation, InteractionFiles, QuarantineFile } from "../interactions/files.ts";
import type { RejectedLine } from "../interactions/source.ts";
import { refuse, statOf } from "./file-faults.ts";
import { unpacked } from "./unpacked.ts";

const READ_BYTES = 1 << 18;
const QUARANTINE_BUFFER_CHARACTERS = 1 << 16;

/** Files on a disk, unpacked where they are gzip, or in a zip archive. */
export const interactionFiles: InteractionFiles = { locate, quarantine };

async function locate(path: string): Promise<InputLocation> {
  const isFolder = (await statOf(path)).isDirectory();
  if (!isFolder && /\.zip$/i.test(path)) {
    const { zipLocation } = await import("./zip-location.ts");
    return await zipLocation(path);
  }
  const folder = isFolder ? path : dirname(path);
  const pathOf = (name: string) => (isFolder || name !== basename(path) ? join(folder, name) : path);
  return {
    path,
    name: basename(resolve(path)),
    file: isFolder ? null : basename(path),
    names: await readdir(folder).catch((error) => refuse(folder, error)),
    open: (name) => openInput(pathOf(name)),
    async openTable(name) {
      await fileSize(pathOf(name));
      const { openParquet } = await import("./parquet-input.ts");
      return await openParquet(pathOf(name));
    },
  };
}

async function openInput(path: string): Promise<InputFile> {
  const bytes = await fileSize(path);
  return { path, bytes, read: (onBytes) => unpacked(path, storedBytes(path, onBytes)) };
}

async function fileSize(path: string): Promise<number> {
  const status = await statOf(path);
  if (!status.isFile()) throw InputError.of("PATH", path, `${path} is not a file`);
  return status.size;
}

async function* storedBytes(path: string, onBytes: (done: number) => void): AsyncGenerator<Uint8Array> {
  let done = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
      done += chunk.length;
      onBytes(done);
      yield chunk;
    }
  } catch (error) {
    refuse(path, error);
  }
}

function quarantine(directory: string, name: string): QuarantineFile {
  const path = join(directory, name);
  let file: number | null = null;
  let buffered = "";
  const flush = (): void => {
    if (file === null) {
      mkdirSync(directory, { recursive: true });
      file = openSync(path, "wx");
    }
    writeSync(file, buffered);
    buffered = "";
  };
  return {
    add(line: RejectedLine) {
      buffered += `${JSON.stringify(line)}\n`;
      if (buffered.length >= QUARANTINE_BUFFER_CHARACTERS) flush();
    },
    close() {
      if (buffered !== "") flush();
      if (file === null) return null;
      closeSync(file);
      return path;
    },
  };
}
