import type { RetrainLog } from "../events/retraining.ts";
import type { EventStore } from "../events/store.ts";
import type { Folder } from "../evidence/folder.ts";
import type { RenderPdf } from "../evidence/pdf/node.ts";
import type { Project } from "../evidence/project.ts";
import type { AssetReader } from "../http/assets.ts";
import type { InteractionFiles } from "../interactions/files.ts";
import type { Engine } from "../kernel/engine.ts";
import type { ConversionStore } from "../provenance/conversion.ts";
import type { AnswerLog, TraceStore } from "../provenance/trace.ts";
import type { RegistryStore } from "../registry/store.ts";
import type { LiveStore } from "../rollout/store.ts";
import type { KeyFiles } from "../signing/key-files.ts";
import type { MetricsQuery } from "../slo/metrics-query.ts";
import type { SnapshotStore } from "../snapshot/store.ts";
import type { Broker } from "../stream/broker.ts";
import type { OutboxCursors } from "../stream/outbox.ts";
import type { SchemaIds } from "../stream/schema-ids.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Labels } from "../telemetry/reading.ts";
import type { OpenSweeper } from "../training/sweeps.ts";
import type { OpenJournal } from "./journal.ts";
import type { OpenListFile } from "./list-file.ts";
import type { Fetch } from "./remote-service.ts";
import type { OpenListMakers } from "./user-lists.ts";

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
  readonly events: EventStore;
  readonly conversions: ConversionStore;
  readonly retraining: RetrainLog;
  /** Kept answers in the order of keeping. */
  readonly answers: AnswerLog;
  readonly outbox: OutboxCursors;
  close(): void;
}

export interface LocalMetricsOptions {
  /** What is measured, by OpenTelemetry's names. */
  readonly resource: Labels;
  /** How metrics are pushed to a collector; null where they are not. */
  readonly otlp: { readonly intervalMs: number; readonly timeoutMs: number } | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

export interface LocalMetrics extends Metrics {
  /** Pushes what is left, for a bounded time. */
  close(): Promise<void>;
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
  /** SHA-256 in lower-case hex. */
  readonly sha256: (bytes: Uint8Array) => string;
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
  readonly listFile: OpenListFile;
  readonly listMakers: OpenListMakers;
  /** Prometheus at an address. @throws InputError when that is none */
  readonly metricsQuery: (address: string) => MetricsQuery;
  /** A folder that evidence and packages are read from and written to. */
  readonly outputFolder: (path: string) => Folder;
  /** The project that runs. */
  readonly project: Project;
  readonly renderPdf: RenderPdf;
  readonly snapshots: (directory: string) => SnapshotStore;
  readonly models: (directory: string) => RegistryStore;
  readonly keyFiles: KeyFiles;
  readonly engine: () => Promise<Engine>;
  readonly threads: (engine: Engine, count: number) => OpenSweeper;
  readonly assets: AssetReader;
  /** Opens the database, which is made when it is not there unless `create` is false. */
  readonly database: (path: string, options?: { readonly create?: boolean }) => Database;
  readonly metrics: (options: LocalMetricsOptions) => Promise<LocalMetrics>;
  /** A broker at these addresses, `host:port` separated by commas. */
  readonly broker: (bootstrap: string) => Promise<Broker>;
  /** Numbers of schemas: from the registry at an address, or, where there is none, those that were pinned. */
  readonly schemaIds: (registry: string | null) => Promise<SchemaIds>;
  /** Runs work on a cron schedule, in UTC, once at a time. @throws InputError for one that does not parse */
  readonly cron: (
    pattern: string,
    work: () => Promise<unknown>,
  ) => { readonly next: () => Date | null; readonly stop: () => void };
  /** Runs work after so many milliseconds. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** @throws InputError when the address cannot be had. */
  readonly listen: (
    answer: (request: Request, client: string | null) => Response | Promise<Response>,
    address: { readonly host: string; readonly port: number },
  ) => Promise<Listener>;
  /** Resolves when the process is told to end. */
  readonly stopped: () => Promise<void>;
}
