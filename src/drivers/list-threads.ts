import { Worker } from "node:worker_threads";
import type { ListMakerOptions, ListMakers, ListUser, UserLists } from "../cli/user-lists.ts";

/** What a thread is started with. */
export interface ListThreadStart extends Pick<ListMakerOptions, "verified" | "k"> {
  readonly module: WebAssembly.Module;
}

export type ListRequest = readonly ListUser[];
export type ListReply = { readonly lists: UserLists } | { readonly fault: string };

/** Makes lists on worker threads, each with a copy of the model. Runs on Node and Deno. */
export function listThreads({ engine, verified, k, threads }: ListMakerOptions): ListMakers {
  const start: ListThreadStart = { module: engine.module, verified, k };
  const pool = Array.from({ length: threads }, () => new ListThread(start));
  return {
    make: async (groups) => {
      const made: UserLists[] = [];
      const left = groups.entries();
      await Promise.all(
        pool.map(async (thread) => {
          for (const [place, users] of left) made[place] = await thread.make(users);
        }),
      );
      return made;
    },
    close: async () => {
      await Promise.all(pool.map((thread) => thread.end()));
    },
  };
}

/** One worker thread, which answers one request at a time. */
class ListThread {
  readonly #worker: Worker;
  #settle: { resolve: (lists: UserLists) => void; reject: (error: Error) => void } | null = null;
  /** Why the thread answers no more: it may end between two requests, when nobody waits for it. */
  #fault: Error | null = null;

  constructor(start: ListThreadStart) {
    this.#worker = new Worker(new URL("./list-thread.ts", import.meta.url), { workerData: start });
    this.#worker.on("error", (error) => this.#fail(error as Error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`a thread that makes lists ended with code ${code}`)));
    this.#worker.on("message", (reply: ListReply) => {
      if ("fault" in reply) this.#settle?.reject(new Error(reply.fault));
      else this.#settle?.resolve(reply.lists);
    });
  }

  make(users: ListRequest): Promise<UserLists> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) return reject(this.#fault);
      this.#settle = { resolve, reject };
      this.#worker.postMessage(users);
    });
  }

  async end(): Promise<void> {
    this.#settle = null;
    await this.#worker.terminate();
  }

  #fail(fault: Error): void {
    this.#fault ??= fault;
    this.#settle?.reject(this.#fault);
  }
}
