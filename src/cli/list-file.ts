import type { IdKind } from "../base/ids.ts";

/** Some users' lists, one after another; the file has a row for each item of each. */
export interface ListRows {
  /** Of each list, whose it is. */
  readonly users: readonly string[];
  /** Of each list, the step that made it: `factors`, `fold_in` or `popular`. */
  readonly sources: readonly string[];
  /** Of each list, how many items it holds. */
  readonly lengths: Int32Array;
  /** Of each place of each list, the item by its number among those of the file. */
  readonly items: Int32Array;
  readonly scores: Float32Array;
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
  /** Ids of the items that lists name by number. */
  readonly items: readonly string[];
  /** What the lists come from, told in the file's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws InputError when the path cannot be written */
export type OpenListFile = (path: string, options: ListFileOptions) => ListFile;
