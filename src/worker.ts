import { waitUntil } from "cloudflare:workers";
import core from "../build/core.wasm";
import engine from "../build/engine.json" with { type: "json" };
import { type App, openApp } from "./app.ts";
import { sha256Hex } from "./base/hash.ts";
import { type D1, d1Conversions, d1Events, d1Traces } from "./drivers/d1.ts";
import { durableMetrics, type MetricsNamespace, type WorkerMetrics } from "./drivers/durable-metrics.ts";
import { durableLiveStore, type LiveNamespace } from "./drivers/durable-object.ts";
import { type Bucket, r2Registry } from "./drivers/r2.ts";
import { type Assets, workersAssets } from "./drivers/workers-assets.ts";
import { serveEnvironment } from "./environment.ts";
import { instantiateCore } from "./kernel/core.ts";
import { bundledEngine } from "./provenance/replay-engines.ts";
import { openRegistry } from "./registry/registry.ts";
import { noKeyFiles, trustedKeys } from "./signing/configured-keys.ts";
import { openMetering } from "./telemetry/metering.ts";

export { MetricsObject } from "./drivers/durable-metrics.ts";
export { LiveRecordObject } from "./drivers/durable-object.ts";

/** How old an isolate's reading of the live record may be. */
const MAX_LIVE_AGE_MS = 2_000;
/** An isolate has 128 MB for all models. */
const SPARE_MODELS = 1;

/** Bindings of the Worker, as wrangler.toml declares them, and variables as text. */
interface Env {
  readonly MODELS: Bucket;
  readonly ASSETS: Assets;
  readonly LIVE: LiveNamespace;
  readonly TRACES: D1;
  readonly METRICS: MetricsNamespace;
  readonly [variable: string]: unknown;
}

interface Opened extends App {
  readonly settle: WorkerMetrics["settle"];
}

async function open({ MODELS, ASSETS, LIVE, TRACES, METRICS, ...given }: Env): Promise<Opened> {
  const variables = given as Record<string, string | undefined>;
  const environment = serveEnvironment(variables);
  const { resource } = environment;
  const metrics = durableMetrics(METRICS, openMetering({ resource, deltas: true, now: Date.now }), resource, {
    newId: () => crypto.randomUUID(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: Date.now,
  });
  const newCore = () => instantiateCore(core);
  const app = openApp({
    environment,
    gitSha: null,
    runtime: "workerd",
    registry: openRegistry(r2Registry(MODELS), await trustedKeys(variables, noKeyFiles)),
    alias: null,
    engine: { digest: engine.digest, newCore },
    keptEngines: bundledEngine(engine.digest, newCore),
    live: durableLiveStore(LIVE),
    maxLiveAgeMs: MAX_LIVE_AGE_MS,
    spareModels: SPARE_MODELS,
    traces: d1Traces(TRACES),
    events: d1Events(TRACES),
    conversions: d1Conversions(TRACES),
    assets: workersAssets(ASSETS),
    onlyLoopbackReaches: false,
    now: Date.now,
    monotonicMs: () => performance.now(),
    // Between two waits for I/O the clock of a Worker does not move, so it cannot time an answer.
    clockMoves: false,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    sha256: sha256Hex,
    schedule: (delayMs, work) => waitUntil(new Promise((resolve) => setTimeout(resolve, delayMs)).then(work)),
    timersOutliveRequests: false,
    log: (entry) => console.error(JSON.stringify({ time: new Date().toISOString(), ...entry })),
    outbox: null,
    retraining: null,
    metrics,
  });
  return { ...app, settle: metrics.settle };
}

/** One app an isolate, opened by its first request; where that fails, the next one tries again. */
let opening: Promise<Opened> | null = null;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (!opening) {
      opening = open(env);
      // Other requests wait for it too, so it outlives the one that began it.
      waitUntil(opening.catch(() => (opening = null)));
    }
    const app = await opening;
    const response = await app.fetch(request, request.headers.get("CF-Connecting-IP"));
    waitUntil(app.flush());
    waitUntil(app.settle());
    return response;
  },
};
