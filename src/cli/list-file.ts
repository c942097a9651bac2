import type { IdKind } from "../base/ids.ts";

/** Lists of users one after another, a row for each item of each list, as columns of equal length. */
export interface ListRows {
  readonly user: readonly string[];
  /** The place in the list, from 1. */
  readonly rank: Int32Array;
  readonly item: readonly string[];
  readonly score: Float32Array;
  /** Which step made the list: `factors`, `fold_in` or `popular`. */
  readonly source: readonly string[];
}

/** A file of lists under way. */
export interface ListFile {
  append(rows: ListRows): void;
  /** Puts the file in its place, whole; one of that name is replaced. */
  finish(): Promise<void>;
  /** Leaves nothing behind, unless the file was finished. */
  close(): Promise<void>;
}

export interface ListFileOptions {
  readonly userKind: IdKind;
  readonly itemKind: IdKind;
  /** What the lists come from, told in the file's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws InputError when the path cannot be written */
export type OpenListFile = (path: string, options: ListFileOptions) => ListFile;
