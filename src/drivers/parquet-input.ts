import { Worker } from "node:worker_threads";
import { DataError } from "../base/errors.ts";
import type { Cell, InputTable } from "../interactions/files.ts";
import type { ParquetShape, RowRange } from "./parquet-scan.ts";

export interface ParquetRequest {
  readonly names: readonly string[];
  /** A range of the file's shape, and the rows of it that are wanted. */
  readonly decoded: RowRange;
  readonly rows: RowRange;
}

export type ParquetReply =
  | { readonly shape: ParquetShape }
  | { readonly columns: readonly ArrayLike<Cell>[] }
  | { readonly fault: string };

/** Rows handed over at a time. */
const BATCH_ROWS = 1 << 16;
const MAX_HEAP_MB = 2048;
const CHECK_MS = 100;

/** Decoding takes about a second for 100 MB. */
const CPU_LIMIT = { base: 5, perMegabyte: 0.25, most: 600 };

/**
 * Opens a Parquet file, which a thread of its own decodes: bytes that were altered can make the decoder run without
 * end, or ask for memory without end. It is ended when a part takes `cpuSeconds` of computing, however busy the machine
 * is otherwise. Throws DataError when it is no Parquet file or is corrupt.
 */
export async function openParquet(path: string, cpuSeconds?: number): Promise<InputTable> {
  const thread = new DecodingThread(path);
  try {
    const opened = await thread.next(cpuSeconds ?? CPU_LIMIT.base);
    if (!("shape" in opened)) throw new DataError(path, "is corrupt");
    const { rows, columns, ranges, largestGroupBytes } = opened.shape;
    const limit = cpuSeconds ?? cpuLimit(largestGroupBytes);
    return {
      path,
      rows,
      columns,
      async *read(names) {
        for (const decoded of ranges) {
          for (let start = decoded.start; start < decoded.end; start += BATCH_ROWS) {
            thread.ask({ names, decoded, rows: { start, end: Math.min(start + BATCH_ROWS, decoded.end) } });
            const reply = await thread.next(limit);
            if ("columns" in reply) yield reply.columns;
          }
        }
      },
      close: () => thread.end(),
    };
  } catch (error) {
    await thread.end();
    throw error;
  }
}

function cpuLimit(groupBytes: number): number {
  const { base, perMegabyte, most } = CPU_LIMIT;
  const limit = base + (groupBytes / 1e6) * perMegabyte;
  return limit < most ? Math.ceil(limit) : most;
}

/** Answers one request at a time; the first answer, the file's shape, comes unasked. */
class DecodingThread {
  readonly #path: string;
  readonly #worker: Worker;

  constructor(path: string) {
    this.#path = path;
    this.#worker = new Worker(new URL("./parquet-thread.ts", import.meta.url), {
      workerData: path,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.#worker.on("error", () => {}); // told to whoever waits
  }

  ask(request: ParquetRequest): void {
    this.#worker.postMessage(request);
  }

  /** The next answer. Throws DataError when the file is corrupt, which taking too long counts as. */
  async next(cpuSeconds: number): Promise<Exclude<ParquetReply, { fault: string }>> {
    const started = process.cpuUsage();
    const { promise, resolve } = Promise.withResolvers<ParquetReply>();
    const onError = (error: Error) => resolve({ fault: error.message });
    const onExit = () => resolve({ fault: "its decoder ended" });
    // This thread waits, so what the process computes meanwhile is the decoder's work.
    const late = () => {
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1e6 > cpuSeconds;
    };
    const tooLong = { fault: `a part of it is not decoded after ${cpuSeconds} s` };
    const timer = setInterval(() => late() && resolve(tooLong), CHECK_MS);
    this.#worker.once("message", resolve).once("error", onError).once("exit", onExit);
    try {
      const answered = await promise;
      // Asked again, so that the limit decides and not when it was last looked at.
      const reply = late() ? tooLong : answered;
      if (!("fault" in reply)) return reply;
      await this.end();
      throw new DataError(this.#path, `is not a Parquet file or is corrupt (${reply.fault})`);
    } finally {
      clearInterval(timer);
      this.#worker.off("message", resolve).off("error", onError).off("exit", onExit);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
