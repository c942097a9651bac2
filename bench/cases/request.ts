import { setTimeout as sleep } from "node:timers/promises";
import type { Case } from "../case.ts";
import { pace, saturate } from "../request/load.ts";
import { recommendPaths, type Served, serveFolder, shapeFolder } from "../request/served.ts";
import { ML_20M } from "../request/shape.ts";

const CONNECTIONS = 16;
/** Requests of each kind before anything is measured: V8 goes on compiling for some ten thousand. */
const WARM_UP_REQUESTS = 30_000;
/** After a run, until its last traces are written. */
const SETTLE_MS = 300;
const EMPTY = ["/empty"];

interface Load {
  readonly about: string;
  readonly requests: number;
  readonly send: (served: Served, paths: readonly string[]) => Promise<unknown>;
}

/** As many requests a second for both, so that both find the process as idle. */
const PACED: Load = {
  about: "1,000 requests a second",
  requests: 1_000,
  send: ({ connections }, paths) => pace(connections, paths, 1_000, 1_000),
};

/** As many requests as each can take, so that both find the process as busy. */
const SATURATED: Load = {
  about: `${CONNECTIONS} connections, on each one request after the other`,
  requests: 4_000,
  send: ({ connections }, paths) => saturate(connections, paths, 4_000),
};

/**
 * A request for a user's top 10 on Node, with receipt, trace and metrics, beside one to a route that answers `{}` behind
 * the same middleware of the same app; the load comes from this process, the service is another.
 */
export const requestRows: readonly Case[] = [
  requestCase("request", PACED),
  requestCase("request-saturated", SATURATED),
];

function requestCase(id: string, { about, requests, send }: Load): Case {
  return {
    id,
    peer: "a route that answers {}",
    unit: "µs of CPU",
    isRate: false,
    isLong: false,
    prepare: async () => {
      const { folder, close } = await shapeFolder(ML_20M);
      const served = await serveFolder("node", folder, CONNECTIONS);
      const paths = recommendPaths(ML_20M);
      for (const asked of [paths, EMPTY]) await saturate(served.connections, asked, WARM_UP_REQUESTS);
      const measure = (asked: readonly string[]) => async (): Promise<number> => {
        const before = await served.cpuMicroseconds();
        await send(served, asked);
        await sleep(SETTLE_MS);
        return ((await served.cpuMicroseconds()) - before) / requests;
      };
      return {
        reprise: measure(paths),
        peer: measure(EMPTY),
        note: `${about}; CPU time of the service's process for one request; 137,000 users, 20,000 items, 64 dimensions`,
        close: async () => {
          await served.close();
          await close();
        },
      };
    },
  };
}
