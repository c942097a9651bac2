import { parentPort, workerData } from "node:worker_threads";
import { instantiateCore } from "../kernel/core.ts";
import { rangeSolvers } from "../training/sweeps.ts";
import type { ThreadReply, ThreadRequest, ThreadStart } from "./worker-threads.ts";

/** Runs in each training thread: solves the ranges of rows it is sent, with a core of its own. */
const { module, sizes } = workerData as ThreadStart;
const solvers = rangeSolvers(instantiateCore(module), sizes);

parentPort?.on("message", (request: ThreadRequest) => {
  const reply = (message: ThreadReply, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);
  try {
    if (request.kind === "hold") return solvers[request.side].hold(request.fixed);
    const { side, rows, from, to } = request;
    const solved = solvers[side].solve(rows, from, to, () => {});
    reply({ solved }, [solved.buffer as ArrayBuffer]);
  } catch (error) {
    reply({ fault: error instanceof Error ? error.message : String(error) });
  }
});
