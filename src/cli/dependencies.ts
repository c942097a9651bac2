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
import type { LeasingQueue } from "../stream/bridge.ts";
import type { Broker } from "../stream/broker.ts";
import type { OutboxCursors } from "../stream/publishing.ts";
import type { SchemaIds } from "../stream/schema-ids.ts";
import type { KafkaSecurity } from "../stream/security.ts";
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

/** A verb that runs as a process of its own. */
export interface RunningVerb {
  /** How it ended; never rejects. */
  readonly ended: Promise<EndedVerb>;
  /** Tells it to end, and ends it where it takes too long. */
  stop(): void;
}

export interface EndedVerb {
  /** The exit code or the name of the signal that ended it. */
  readonly code: number | string;
  /** What it printed, of much of it the end. */
  readonly out: string;
  readonly err: string;
}

/** A queue of Cloudflare, and who may read it. */
export interface QueueAddress {
  /** Cloudflare's API, or what speaks like it. */
  readonly api: string;
  readonly account: string;
  readonly queue: string;
  /** A token that may read and write queues. */
  readonly token: string;
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
  /**
   * A broker at these addresses, `host:port` separated by commas; verbs open it by `openBroker`.
   * @throws InputError naming the variable whose file cannot be used
   */
  readonly broker: (bootstrap: string, security: KafkaSecurity) => Promise<Broker>;
  /** Numbers of schemas: from the registry at an address, or, where there is none, those that were pinned. */
  readonly schemaIds: (registry: string | null) => Promise<SchemaIds>;
  readonly leasingQueue: (address: QueueAddress) => LeasingQueue;
  /**
   * Runs work on a cron schedule, in UTC, once at a time.
   * @param option how the schedule was given
   * @param leftOut told when work is due while the last is under way
   * @throws InputError naming the option, for a schedule that does not parse
   */
  readonly cron: (
    pattern: string,
    work: () => Promise<unknown>,
    option: string,
    leftOut: () => void,
  ) => { readonly next: () => Date | null; readonly stop: () => void };
  /** Starts a verb as a process of its own, which gives way to this one. */
  readonly startVerb: (args: readonly string[]) => RunningVerb;
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
