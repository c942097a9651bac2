import type { RejectedLine } from "./source.ts";

/** A file of bytes, already unpacked where it is packed. */
export interface InputFile {
  /** How messages name it. */
  readonly path: string;
  /** Size as stored, packed or not. */
  readonly bytes: number;
  /**
   * Its content from the start, at each call anew. `onBytes` hears how many stored bytes have been read.
   * Throws DataError when the file is empty or its packing is truncated or corrupt.
   */
  read(onBytes: (done: number) => void): AsyncIterable<Uint8Array>;
}

/** What a path given by the user names. */
export interface InputLocation {
  readonly path: string;
  /** Last part of the path, resolved. */
  readonly name: string;
  /** The file's name when the path names a file, null for a folder. */
  readonly file: string | null;
  /** Names in the folder, or in the folder of the file. */
  readonly names: readonly string[];
  open(name: string): Promise<InputFile>;
}

/** Takes lines that could not be read; the file comes into being with the first. */
export interface QuarantineFile {
  add(line: RejectedLine): void;
  /** Path of the file, or null when no line was added. */
  close(): string | null;
}

export interface InteractionFiles {
  /** Throws NotFoundError when nothing is there, InputError when it cannot be read. */
  locate(path: string): Promise<InputLocation>;
  /** One JSON object a line, in `directory`, created when needed. */
  quarantine(directory: string, name: string): QuarantineFile;
}

/** The name among `location.names` that is `wanted` or `wanted.gz`, or null. */
export function findName(location: InputLocation, wanted: string): string | null {
  return [wanted, `${wanted}.gz`].find((name) => location.names.includes(name)) ?? null;
}
