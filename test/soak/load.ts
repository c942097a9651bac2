import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LoadResult, LoadStart } from "./load-thread.ts";

export interface Load {
  /** Lets the requests under way end, and tells what all came to. */
  stop(): Promise<LoadResult>;
}

/** Keeps `connections` requests under way, from a thread of its own. */
export function startLoad(start: LoadStart): Load {
  const worker = new Worker(new URL("./load-thread.ts", import.meta.url), { workerData: start });
  const result = once(worker, "message") as Promise<[LoadResult]>;
  return {
    stop: async () => {
      worker.postMessage("stop");
      return (await result)[0];
    },
  };
}
