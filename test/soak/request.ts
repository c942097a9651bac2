import { join } from "node:path";
import { openConnection } from "../../bench/request/client.ts";
import { pace, saturate } from "../../bench/request/load.ts";
import { publishShape } from "../../bench/request/published.ts";
import { recommendPaths } from "../../bench/request/served.ts";
import { ML_20M, type Shape } from "../../bench/request/shape.ts";
import { compileCache, SERVE_FLAGS } from "../../scripts/serve-flags.mjs";
import { CLI, SERVE, startProcess } from "../runtime/processes.ts";
import { residentBytes } from "./memory.ts";
import { quantile, type Soak } from "./soak.ts";

/** What an isolate of Workers has room for: as MovieLens 1M. */
const ML_1M: Shape = { users: 6_040, items: 3_706, factors: 64, interactions: 1_000_209 };
const CONNECTIONS = 64;
const WARM_UP_REQUESTS = 20_000;
const STEP_SECONDS = 10;
/** Of the throughput. */
const SHARES = [0.5, 0.9];

const RUNTIMES = [
  { runtime: "node", shape: ML_20M },
  { runtime: "deno", shape: ML_20M },
  { runtime: "workerd", shape: ML_1M },
] as const;

/**
 * How many requests for a user's top 10 each runtime answers, and how soon at half and nine tenths of that. Latency counts
 * from when a request was due, so that one that had to wait for others before it is not counted as sent late.
 */
export const request: Soak = async (folder, { say }) => {
  const figures: Record<string, string> = {};
  for (const { runtime, shape } of RUNTIMES) {
    const models = join(folder, `models-${shape.items}`);
    if (runtime !== "deno") {
      say(`making ${shape.users} users and ${shape.items} items …`);
      await publishShape(models, shape);
    }
    say(`starting ${runtime} …`);
    const service = await startProcess(commandOf(runtime), {
      MODEL_REGISTRY: models,
      REPRISE_STATE_DIR: join(folder, runtime),
      WRANGLER_STATE: join(folder, runtime, "wrangler"),
      ...compileCache(folder),
    });
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(service.base)));
    try {
      const paths = recommendPaths(shape);
      await saturate(connections, paths, WARM_UP_REQUESTS);
      say(`loading ${runtime} …`);
      const throughput = await throughputOf((requests) => saturate(connections, paths, requests));
      figures[`${runtime}, requests/s`] = throughput.toFixed(0);
      for (const share of SHARES) {
        const rate = share * throughput;
        const latencies = await pace(connections, paths, Math.ceil(rate * STEP_SECONDS), rate);
        const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => quantile([...latencies], part).toFixed(2));
        figures[`${runtime} at ${100 * share} %, ms`] = `p50 ${p50}, p95 ${p95}, p99 ${p99}`;
      }
      const resident = await residentBytes(service.pid);
      if (runtime !== "workerd" && resident) figures[`${runtime}, MiB resident`] = (resident / (1 << 20)).toFixed(0);
    } finally {
      for (const connection of connections) connection.close();
      await service.stop();
    }
  }
  return { figures, failures: [] };
};

function commandOf(runtime: (typeof RUNTIMES)[number]["runtime"]): readonly string[] {
  if (runtime === "workerd") return SERVE.workerd;
  const [program = "", ...args] = CLI[runtime];
  return [program, ...(runtime === "node" ? SERVE_FLAGS : []), ...args, "serve"];
}

/** Requests a second, over STEP_SECONDS at least. */
async function throughputOf(ask: (requests: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let asked = 0;
  for (; seconds() < STEP_SECONDS; asked += 2_000) await ask(2_000);
  return asked / seconds();
}
