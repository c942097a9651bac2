import { Worker } from "node:worker_threads";
import { DataError } from "../base/errors.ts";
import type { Side } from "../kernel/generate.ts";
import type { OpenSweeper, SweepProblem } from "../training/sweeps.ts";
import { rowsBetween, type SparseRows } from "../training/training-set.ts";

/** Chunks a thread gets in each half-sweep, so that a slow one does not hold up the others. */
const CHUNKS_PER_THREAD = 8;

/** What a thread is started with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly sizes: Pick<SweepProblem, "users" | "items" | "parameters">;
}

export type ThreadRequest =
  | { readonly kind: "hold"; readonly side: Side; readonly fixed: Float32Array }
  | {
      readonly kind: "solve";
      readonly side: Side;
      /** As `rowsBetween` cuts them out. */
      readonly rows: SparseRows;
      readonly from: number;
      readonly to: number;
    };

export type ThreadReply = { readonly solved: Float32Array } | { readonly fault: string };

/**
 * Sweeps on `threads` worker threads, each with an instance of the core and a copy of the fixed side; rows are sent to
 * them to be solved and sent back, nothing is shared. Runs on Node and Deno.
 */
export function workerThreadSweeper(module: WebAssembly.Module, threads: number): OpenSweeper {
  return async (problem) => {
    const { users, items, parameters } = problem;
    const start: ThreadStart = { module, sizes: { users, items, parameters } };
    const pool = Array.from({ length: threads }, () => new SweepThread(start));
    // The second is made while the threads start.
    const rows: Readonly<Record<Side, SparseRows>> = { user: problem.byUser, item: problem.byItem };
    return {
      solve: (side, fixed, onRows) => sweep(pool, rows[side], parameters.factors, side, fixed, onRows),
      close: async () => {
        await Promise.all(pool.map((thread) => thread.end()));
      },
    };
  };
}

type Solved = Extract<ThreadReply, { solved: unknown }>;

/** One worker thread, which answers one request at a time. */
class SweepThread {
  readonly #worker: Worker;
  #settle: { resolve: (solved: Solved) => void; reject: (error: unknown) => void } | null = null;
  /** Why the thread answers no more: it may end between two requests, when nobody waits for it. */
  #fault: unknown = null;

  constructor(start: ThreadStart) {
    this.#worker = new Worker(new URL("./sweep-thread.ts", import.meta.url), { workerData: start });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`a training thread ended with code ${code}`)));
    this.#worker.on("message", (reply: ThreadReply) => {
      if ("fault" in reply) this.#settle?.reject(new DataError("training", reply.fault));
      else this.#settle?.resolve(reply);
    });
  }

  hold(side: Side, fixed: Float32Array): void {
    const request: ThreadRequest = { kind: "hold", side, fixed };
    this.#worker.postMessage(request);
  }

  solve(side: Side, rows: SparseRows, from: number, to: number): Promise<Solved> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) return reject(this.#fault);
      this.#settle = { resolve, reject };
      const { indptr, index, weight } = rows;
      const request: ThreadRequest = { kind: "solve", side, rows, from, to };
      this.#worker.postMessage(request, [indptr.buffer, index.buffer, weight.buffer] as ArrayBuffer[]);
    });
  }

  async end(): Promise<void> {
    this.#settle = null;
    await this.#worker.terminate();
  }

  #fail(fault: unknown): void {
    this.#fault ??= fault;
    this.#settle?.reject(this.#fault);
  }
}

/** Every thread takes the next range of rows until none is left. */
async function sweep(
  pool: readonly SweepThread[],
  rows: SparseRows,
  factors: number,
  side: Side,
  fixed: Float32Array,
  onRows: (solved: number) => void,
): Promise<Float32Array> {
  const chunks = chunksOf(rows, factors, pool.length * CHUNKS_PER_THREAD);
  const solved = new Float32Array((rows.indptr.length - 1) * factors);
  await Promise.all(
    pool.map(async (thread) => {
      thread.hold(side, fixed);
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        const { from, to } = chunk;
        const reply = await thread.solve(side, rowsBetween(rows, from, to), from, to);
        solved.set(reply.solved, from * factors);
        onRows(to - from);
      }
    }),
  );
  return solved;
}

/**
 * Cuts the rows into at most `count` ranges of about equal work: entries cost d² each and a solve d³/3, or in a step of
 * conjugate gradients 2d and d², which is near enough to the same ratio.
 */
function chunksOf({ indptr }: SparseRows, factors: number, count: number): { from: number; to: number }[] {
  const rows = indptr.length - 1;
  const costUpTo = (row: number) => (indptr[row] as number) + (row * factors) / 3;
  const share = costUpTo(rows) / count;
  const chunks: { from: number; to: number }[] = [];
  for (let from = 0, to = 1; from < rows; from = to++) {
    while (to < rows && costUpTo(to) < share * (chunks.length + 1)) to++;
    chunks.push({ from, to });
  }
  return chunks;
}
