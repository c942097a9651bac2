/** A folder that is read from and written to; paths are relative, with `/`, and never leave it. */
export interface Folder {
  /** How it was named, for messages. */
  readonly name: string;
  /** Names directly in it; none where there is no folder. */
  names(): Promise<readonly string[]>;
  /** @returns null where there is no such file. @throws InputError for one larger than `maxBytes`, or no plain file */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Writes or replaces a file in one step. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file if it is there. */
  remove(path: string): Promise<void>;
}
