import { parentPort, workerData } from "node:worker_threads";
import { listMaker } from "../cli/user-lists.ts";
import { instantiateCore } from "../kernel/core.ts";
import type { ListReply, ListRequest, ListThreadStart } from "./list-threads.ts";

/** Runs in each thread that makes lists, with a core and a copy of the model of its own. */
const { module, verified, k } = workerData as ListThreadStart;
const lists = listMaker(verified, instantiateCore(module), k);

parentPort?.on("message", (users: ListRequest) => {
  const reply = (message: ListReply) => parentPort?.postMessage(message);
  try {
    reply({ lists: lists(users) });
  } catch (error) {
    reply({ fault: error instanceof Error ? error.message : String(error) });
  }
});
