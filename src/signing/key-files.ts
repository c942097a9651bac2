export interface KeyFile {
  readonly path: string;
  readonly text: string;
  /** Only the file's owner may read it. */
  readonly secret: boolean;
}

/** Files that hold keys. */
export interface KeyFiles {
  /** A file's text; null where there is none that can be read. */
  read(path: string): Promise<string | null>;
  /**
   * Makes all of these files or none.
   * @throws InputError naming the one that exists already, and stays as it is, or cannot be made.
   */
  create(files: readonly KeyFile[]): Promise<void>;
}
