/** A file of lines that only grows. */
export interface Journal {
  /** The whole lines that it held when it was opened; none where there was no file. */
  readonly lines: readonly string[];
  /** What stood after the last of them: the beginning of a line whose writer was killed. */
  readonly rest: string;
  /** Adds a line, in place of the rest. When it resolves, the line survives whatever becomes of the process. */
  append(line: string): Promise<void>;
}

/** @throws InputError when the file cannot be read. */
export type OpenJournal = (path: string) => Promise<Journal>;
