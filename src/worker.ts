import { waitUntil } from "cloudflare:workers";
import core from "../build/core.wasm";
import engine from "../build/engine.json" with { type: "json" };
import schemaNumbers from "../schemas/ids.json" with { type: "json" };
import { type App, openApp } from "./app.ts";
import { sha256Hex } from "./base/hash.ts";
import { cloudflareQueue, type QueueBinding } from "./drivers/cloudflare-queue.ts";
import { type D1, d1Conversions, d1Events, d1Leases, d1Publishing, d1Retraining, d1Traces } from "./drivers/d1.ts";
import { durableMetrics, type MetricsNamespace, type WorkerMetrics } from "./drivers/durable-metrics.ts";
import { durableLiveStore, type LiveNamespace } from "./drivers/durable-object.ts";
import { r2Registry } from "./drivers/r2.ts";
import type { WritableBucket } from "./drivers/r2-objects.ts";
import { type Assets, workersAssets } from "./drivers/workers-assets.ts";
import { serveEnvironment } from "./environment.ts";
import { instantiateCore } from "./kernel/core.ts";
import { bundledEngine } from "./provenance/replay-engines.ts";
import { openRegistry } from "./registry/registry.ts";
import { noKeyFiles, trustedKeys } from "./signing/configured-keys.ts";
import { type DrainedOutbox, openDrainedOutbox } from "./stream/drained-outbox.ts";
import { pinnedSchemaIds } from "./stream/schema-ids.ts";
import { openMetering } from "./telemetry/metering.ts";
import { workerRetraining } from "./worker-environment.ts";
import { retrainOnWorker } from "./worker-retraining.ts";

export { MetricsObject } from "./drivers/durable-metrics.ts";
export { LiveRecordObject } from "./drivers/durable-object.ts";

/** How old an isolate's reading of the live record may be. */
const MAX_LIVE_AGE_MS = 2_000;
/** An isolate has 128 MB for all models. */
const SPARE_MODELS = 1;

/** Bindings of the Worker, as wrangler.toml declares them, and variables as text. */
interface Env {
  readonly MODELS: WritableBucket;
  readonly ASSETS: Assets;
  readonly LIVE: LiveNamespace;
  readonly TRACES: D1;
  readonly METRICS: MetricsNamespace;
  /** Where events and answers are published; without it, nothing is. */
  readonly STREAM?: QueueBinding;
  /** What retraining begins with and keeps; without it, nothing is retrained. */
  readonly SNAPSHOTS?: WritableBucket;
  readonly [variable: string]: unknown;
}

interface Opened extends App {
  readonly settle: WorkerMetrics["settle"];
  readonly publishing: DrainedOutbox | null;
}

const newCore = () => instantiateCore(core);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const log = (entry: object) => console.error(JSON.stringify({ time: new Date().toISOString(), ...entry }));

async function open({ MODELS, ASSETS, LIVE, TRACES, METRICS, STREAM, SNAPSHOTS, ...given }: Env): Promise<Opened> {
  const variables = given as Record<string, string | undefined>;
  const environment = serveEnvironment(variables);
  const publishing = STREAM
    ? openDrainedOutbox({
        events: d1Events(TRACES),
        ...d1Publishing(TRACES),
        schemas: pinnedSchemaIds(schemaNumbers),
        producer: cloudflareQueue(STREAM),
        leases: d1Leases(TRACES),
        pause,
        now: Date.now,
        log: (message) => log({ level: "warning", message }),
      })
    : null;
  const { resource } = environment;
  const warn = (message: string) => log({ level: "warning", message });
  const metering = openMetering({ resource, deltas: true, now: Date.now, warn });
  const metrics = durableMetrics(METRICS, metering, resource, {
    newId: () => crypto.randomUUID(),
    pause,
    now: Date.now,
  });
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
    log,
    outbox: publishing,
    retraining: SNAPSHOTS ? d1Retraining(TRACES) : null,
    metrics,
  });
  return { ...app, settle: metrics.settle, publishing };
}

/** One app an isolate, opened by its first request; where that fails, the next one tries again. */
let opening: Promise<Opened> | null = null;

function opened(env: Env): Promise<Opened> {
  if (!opening) {
    opening = open(env);
    // Other requests wait for it too, so it outlives the one that began it.
    waitUntil(opening.catch(() => (opening = null)));
  }
  return opening;
}

/** Retrains, where the cron trigger that fired is the one that variables name for it. */
async function retrainWhenDue(cron: string, { MODELS, LIVE, TRACES, SNAPSHOTS, ...given }: Env): Promise<void> {
  const variables = given as unknown as Record<string, string | undefined>;
  const retraining = workerRetraining(variables, SNAPSHOTS !== undefined);
  if (!SNAPSHOTS || retraining?.schedule !== cron) return;
  const bindings = { MODELS, LIVE, TRACES, SNAPSHOTS };
  const retrained = await retrainOnWorker(bindings, variables, retraining, { digest: engine.digest, newCore });
  const { outcome = "busy", version = null, reason = null } = retrained ?? {};
  log({ level: "info", message: "retraining", outcome, version, reason });
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const app = await opened(env);
    const response = await app.fetch(request, request.headers.get("CF-Connecting-IP"));
    waitUntil(app.flush());
    waitUntil(app.settle());
    if (app.publishing) waitUntil(app.publishing.settle());
    return response;
  },

  async scheduled({ cron }: { readonly cron: string }, env: Env): Promise<void> {
    const { publishing } = await opened(env);
    await publishing?.drain();
    await retrainWhenDue(cron, env);
  },
};
