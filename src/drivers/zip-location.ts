import { type FileHandle, open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { DataError, InputError, NotFoundError } from "../base/errors.ts";
import type { InputFile, InputLocation } from "../interactions/files.ts";
import { refuse } from "./file-faults.ts";
import { bounded, EXPANSION_LIMITS, unpacked } from "./unpacked.ts";

/** A set has a handful of files; a directory of millions is made to cost memory. */
const MAX_ENTRIES = 10_000;

/**
 * A zip archive as a folder of what lies in the folder that all of its files share, or an archive of one file as that
 * file. Throws DataError when it is no zip archive, is corrupt, or holds no files or too many.
 */
export async function zipLocation(path: string): Promise<InputLocation> {
  const stored = (await withEntries(path, async (entries) => entries)).map(({ filename }) => filename);
  if (stored.length === 0) throw new DataError(path, "holds no files");
  const shared = sharedFolder(stored);
  const names = stored.map((name) => name.slice(shared.length));
  return {
    path,
    name: basename(resolve(path)),
    file: names.length === 1 ? names[0] : null,
    names,
    async open(name) {
      if (!names.includes(name)) throw new NotFoundError("path", name, `${path} has no ${name}`);
      return await withEntries(path, async (entries) => inputFile(path, entryNamed(entries, shared + name)));
    },
    openTable: async (name) => {
      throw InputError.of("PATH", path, `${path}/${name}: Parquet is read from a file, not out of an archive`);
    },
  };
}

function inputFile(archive: string, { filename, compressedSize, encrypted }: FileEntry): InputFile {
  const path = `${archive}/${filename}`;
  if (encrypted) throw new DataError(path, "is encrypted");
  return {
    path,
    bytes: compressedSize,
    read: (onBytes) => {
      const content = entryContent(archive, filename, onBytes);
      return unpacked(
        path,
        bounded(path, content, () => compressedSize, EXPANSION_LIMITS),
      );
    },
  };
}

async function* entryContent(archive: string, filename: string, onBytes: (done: number) => void) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = withEntries(archive, async (entries) => {
    await entryNamed(entries, filename).getData(writable, {
      useWebWorkers: false,
      checkSignature: true,
      onprogress: async (done) => onBytes(done),
    });
  });
  written.catch((error) => writable.abort(error).catch(() => {}));
  try {
    yield* readable;
  } catch (error) {
    await written; // rejects with what is wrong, in our words
    throw error;
  }
  await written;
}

/** Opens an archive for as long as `use` takes, and puts what is wrong with it in our words. */
async function withEntries<T>(path: string, use: (entries: readonly FileEntry[]) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error) => refuse(path, error));
  try {
    const entries: FileEntry[] = [];
    const reader = new ZipReader(new FileReader(file, (await file.stat()).size), { useWebWorkers: false });
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.length === MAX_ENTRIES) throw new DataError(path, `holds more than ${MAX_ENTRIES} files`);
      if (!entry.directory && isOfSet(entry.filename)) entries.push(entry);
    }
    return await use(entries);
  } catch (error) {
    if (error instanceof DataError || error instanceof NotFoundError) throw error;
    throw new DataError(path, `is not a zip archive or is corrupt (${(error as Error).message})`, { cause: error });
  } finally {
    await file.close();
  }
}

function entryNamed(entries: readonly FileEntry[], filename: string): FileEntry {
  const entry = entries.find((candidate) => candidate.filename === filename);
  if (entry === undefined) throw new NotFoundError("path", filename, `there is no ${filename} any more`);
  return entry;
}

/** Not what the Finder of macOS adds. */
function isOfSet(filename: string): boolean {
  return !filename.startsWith("__MACOSX/") && !basename(filename).startsWith(".");
}

/** The longest path of folders that all names begin with, with its slash. */
function sharedFolder(names: readonly string[]): string {
  let shared = names[0].slice(0, names[0].lastIndexOf("/") + 1);
  while (!names.every((name) => name.startsWith(shared))) {
    shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1);
  }
  return shared;
}

class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle;

  constructor(file: FileHandle, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, index);
    return bytes.subarray(0, bytesRead);
  }
}
