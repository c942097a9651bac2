import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError, InputError, NotFoundError } from "../base/errors.ts";
import type { InputFile, InputLocation, InteractionFiles, QuarantineFile } from "../interactions/files.ts";
import type { RejectedLine } from "../interactions/source.ts";

const READ_BYTES = 1 << 18;
const QUARANTINE_BUFFER_CHARACTERS = 1 << 16;
const GZIP_MAGIC = [0x1f, 0x8b];

/** Files on a disk, unpacked where they are gzip. */
export const interactionFiles: InteractionFiles = { locate, quarantine };

async function locate(path: string): Promise<InputLocation> {
  const isFolder = (await statOf(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  return {
    path,
    name: basename(resolve(path)),
    file: isFolder ? null : basename(path),
    names: await readdir(folder).catch((error) => refuse(folder, error)),
    open: (name) => openInput(isFolder || name !== basename(path) ? join(folder, name) : path),
  };
}

async function openInput(path: string): Promise<InputFile> {
  const status = await statOf(path);
  if (!status.isFile()) throw InputError.of("PATH", path, `${path} is not a file`);
  return { path, bytes: status.size, read: (onBytes) => readUnpacked(path, status.size, onBytes) };
}

async function* readUnpacked(path: string, size: number, onBytes: (done: number) => void): AsyncGenerator<Uint8Array> {
  if (size === 0) throw new DataError(path, "is empty");
  const packed = await hasGzipMagic(path);
  if (path.endsWith(".gz") && !packed) throw new DataError(path, "is named .gz and is not gzip");
  const stored = countBytes(createReadStream(path, { highWaterMark: READ_BYTES }), onBytes);
  // Errors come out of the iteration below; the callback only keeps them from being thrown twice.
  const content = packed ? pipeline(stored, createGunzip({ chunkSize: READ_BYTES }), () => {}) : stored;
  try {
    yield* content;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw new DataError(path, "is truncated: its gzip data ends early", { cause: error });
    if (code?.startsWith("Z_")) throw new DataError(path, `is corrupt gzip (${message})`, { cause: error });
    refuse(path, error);
  }
}

async function* countBytes(chunks: AsyncIterable<Uint8Array>, onBytes: (done: number) => void) {
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    onBytes(done);
    yield chunk;
  }
}

async function hasGzipMagic(path: string): Promise<boolean> {
  const file = await open(path).catch((error) => refuse(path, error));
  try {
    const { buffer } = await file.read(new Uint8Array(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
    return GZIP_MAGIC.every((byte, i) => buffer[i] === byte);
  } finally {
    await file.close();
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

async function statOf(path: string) {
  return await stat(path).catch((error) => refuse(path, error));
}

/** What the file system says, in the words of our errors. */
function refuse(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    throw new NotFoundError("path", path, `${path}: no such file or folder`);
  }
  if (code === "EACCES" || code === "EPERM") throw InputError.of("PATH", path, `${path} may not be read`);
  throw error;
}
