/** Reads a registry's files. Paths are made by this room from checked versions and digests, never from a request. */
export interface RegistryFiles {
  /** The whole file in memory of its own, which the caller may give up (`release`); null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** A text that differs after every change of the file, without reading it; null where there is none. */
  stamp(path: string): Promise<string | null>;
}

/** Where new versions are put; every call leaves either all of its effect or none, whenever the process dies. */
export interface RegistryStore extends RegistryFiles {
  /** Runs `work` while no other process changes this registry. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Makes the folder `path` with these files, taking the place of a folder of that name. */
  putFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Writes or replaces one file. */
  putFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Names of the folders in the folder `path`, "" for the registry's own; none where it is not there. */
  folders(path: string): Promise<readonly string[]>;
  /** Removes the folder `path` with all that is in it; what is not there is removed already. */
  removeFolder(path: string): Promise<void>;
}
