import type { AssetReader } from "../http/assets.ts";
import type { InteractionFiles } from "../interactions/files.ts";
import type { Engine } from "../kernel/engine.ts";
import type { TraceStore } from "../provenance/trace.ts";
import type { RegistryStore } from "../registry/store.ts";
import type { LiveStore } from "../rollout/store.ts";
import type { KeyFiles } from "../signing/key-files.ts";
import type { SnapshotStore } from "../snapshot/store.ts";
import type { OpenSweeper } from "../training/sweeps.ts";
import type { OpenJournal } from "./journal.ts";
import type { Fetch } from "./replay-remote.ts";

/** Somewhere to print. */
export interface TextOutput {
  write(text: string): unknown;
}

/** The commit of the running code, where it is known, and whether files differ from it. */
export interface CodeIdentity {
  readonly gitSha: string | null;
  readonly dirty: boolean | null;
}

/** An open port. */
export interface Listener {
  readonly url: string;
  /** Takes no more requests and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** What the service remembers between starts. */
export interface Database {
  readonly live: LiveStore;
  readonly traces: TraceStore;
  close(): void;
}

/** What verbs need of the world outside. */
export interface CliDependencies {
  readonly out: TextOutput;
  readonly err: TextOutput & { readonly isTTY: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from an arbitrary start, never going back. */
  readonly monotonicMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** `node` or `deno`. */
  readonly runtime: string;
  /** How many threads run at once on this machine. */
  readonly cores: number;
  readonly code: () => Promise<CodeIdentity>;
  readonly files: InteractionFiles;
  /** Reads a text whole; `-` is standard input. @throws InputError when the path cannot be read. */
  readonly readText: (path: string) => Promise<string>;
  readonly fetch: Fetch;
  /** Writes a file, in place of one of that name. @throws InputError when the path cannot be written. */
  readonly writeText: (path: string, text: string) => Promise<void>;
  readonly journal: OpenJournal;
  readonly snapshots: (directory: string) => SnapshotStore;
  readonly models: (directory: string) => RegistryStore;
  readonly keyFiles: KeyFiles;
  readonly engine: () => Promise<Engine>;
  readonly threads: (engine: Engine, count: number) => OpenSweeper;
  readonly assets: AssetReader;
  /** Opens the database, which is made when it is not there unless `create` is false. */
  readonly database: (path: string, options?: { readonly create?: boolean }) => Database;
  /** Runs work after so many milliseconds. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** @throws InputError when the address cannot be had. */
  readonly listen: (
    answer: (request: Request) => Response | Promise<Response>,
    address: { readonly host: string; readonly port: number },
  ) => Promise<Listener>;
  /** Resolves when the process is told to end. */
  readonly stopped: () => Promise<void>;
}
