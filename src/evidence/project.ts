/** What a program printed, or why there is nothing. */
export type Printed =
  | { readonly ok: true; readonly text: string }
  /** `noEngine`: there is no Docker engine to ask. */
  | { readonly ok: false; readonly reason: string; readonly noEngine: boolean };

/** The project's own files, and the programs that know of it. */
export interface Project {
  /** A text below the project's folder, or null. */
  read(path: string): Promise<string | null>;
  /** Files below a folder of the project, their paths relative to the project and sorted; none where it is not there. */
  list(folder: string): Promise<readonly string[]>;
  git(args: readonly string[]): Promise<Printed>;
  docker(args: readonly string[]): Promise<Printed>;
  /** The end of a file anywhere, at most so many bytes. */
  tail(path: string, maxBytes: number): Promise<Printed>;
}
