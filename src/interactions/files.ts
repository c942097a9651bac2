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

/** What the cells of a column are, however the file stores them. `other` are those that no interaction is made of. */
export type CellKind = "integer" | "decimal" | "text" | "time" | "other";

export interface TableColumn {
  readonly name: string;
  readonly kind: CellKind;
}

/** A cell: times are in whole milliseconds since 1970, and what is not known is null, undefined or NaN. */
export type Cell = string | number | bigint | null | undefined;

/** A file of typed columns. */
export interface InputTable {
  /** How messages name it. */
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** The cells of the columns `names`, some rows at a time and in order. Throws DataError when the file is corrupt. */
  read(names: readonly string[]): AsyncIterable<readonly ArrayLike<Cell>[]>;
  close(): Promise<void>;
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
  /** Opens a Parquet file. Throws DataError when it is none or is corrupt. */
  openTable(name: string): Promise<InputTable>;
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

/** The first of `wanted` that is there, packed or not, or null. */
export function findFirstName(location: InputLocation, wanted: readonly string[]): string | null {
  return wanted.map((name) => findName(location, name)).find((name) => name !== null) ?? null;
}

/** The names that end in `ending` or `ending.gz`, in order; of a file that is there packed and not, the latter. */
export function findNamesEnding({ names }: InputLocation, ending: string): string[] {
  return names
    .filter((name) => name.endsWith(ending) || (name.endsWith(`${ending}.gz`) && !names.includes(name.slice(0, -3))))
    .toSorted();
}

/** The name among `location.names` that is `wanted` or `wanted.gz`, or null. */
function findName(location: InputLocation, wanted: string): string | null {
  return [wanted, `${wanted}.gz`].find((name) => location.names.includes(name)) ?? null;
}
