import { UUID_RANDOM_BYTES, uuidv7 } from "./base/uuid.ts";
import { openDriftMonitor } from "./drift-watch.ts";
import type { ServeEnvironment } from "./environment.ts";
import { groupedAppends } from "./events/grouped.ts";
import type { RetrainLog } from "./events/retraining.ts";
import type { EventStore } from "./events/store.ts";
import { openAnalyser } from "./experiment/analyser.ts";
import { openFeedback } from "./feedback.ts";
import type { AdminAccess } from "./http/admin-access.ts";
import { createApp } from "./http/app.ts";
import type { AssetReader } from "./http/assets.ts";
import { LOG_LEVELS } from "./http/log-entry.ts";
import { rateLimit } from "./http/rate-limit.ts";
import type { Recommender } from "./http/recommender.ts";
import type { Core } from "./kernel/core.ts";
import { openOperator } from "./operator.ts";
import type { ConversionStore } from "./provenance/conversion.ts";
import { keptTraces } from "./provenance/kept-traces.ts";
import type { FindEngine } from "./provenance/replay-engines.ts";
import { openReplayer } from "./provenance/replayer.ts";
import type { TraceStore } from "./provenance/trace.ts";
import { openTraceBuffer } from "./provenance/trace-buffer.ts";
import type { Registry } from "./registry/registry.ts";
import { openShadowRuns } from "./rollout/shadow.ts";
import type { LiveStore } from "./rollout/store.ts";
import { openService } from "./service.ts";
import type { PublishingState } from "./stream/outbox.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import { openTelemetry } from "./telemetry/telemetry.ts";

/** How far back drift is measured, and how often. */
const DRIFT_WINDOW_MS = 24 * 3_600_000;
const DRIFT_EVERY_MS = 300_000;

/** What the whole service is made of on one platform. */
export interface AppParts {
  readonly environment: ServeEnvironment;
  /** The commit of the running code, where it is known. */
  readonly gitSha: string | null;
  /** `node`, `deno` or `workerd`. */
  readonly runtime: string;
  readonly registry: Registry;
  /** Lets an alias of the registry name a version; null where the registry cannot be written. */
  readonly alias: ((alias: string, version: string) => Promise<void>) | null;
  readonly engine: { readonly digest: string; readonly newCore: () => Core };
  /** Engines that answered before. */
  readonly keptEngines: FindEngine;
  readonly live: LiveStore;
  readonly maxLiveAgeMs: number;
  /** Models held in memory beside those that answer: so many for switching back and pins, and as many for replay. */
  readonly spareModels: number;
  readonly traces: TraceStore;
  readonly events: EventStore;
  readonly conversions: ConversionStore;
  readonly assets: AssetReader;
  readonly onlyLoopbackReaches: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never going back; `clockMoves` says whether it does while an answer is computed. */
  readonly monotonicMs: () => number;
  readonly clockMoves: boolean;
  readonly randomBytes: (length: number) => Uint8Array;
  /** SHA-256 in lower-case hex. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** Runs work after so many milliseconds, off the path of requests. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** Whether timers outlive requests; on Workers they do not, and `flush` must follow every answer. */
  readonly timersOutliveRequests: boolean;
  readonly log: (entry: object) => void;
  readonly metrics: Metrics;
  /** Publishes events and answers; null where there is no broker. */
  readonly outbox: PublishingState | null;
  /** The runs of retraining; null where nothing is retrained. */
  readonly retraining: Pick<RetrainLog, "last" | "tally"> | null;
}

export interface App {
  /** Everything behind `fetch`; routes may be added until the first request. */
  readonly http: Pick<ReturnType<typeof createApp>, "get">;
  /** @param client the address of who asks, where it is known */
  readonly fetch: (request: Request, client: string | null) => Response | Promise<Response>;
  readonly recommender: Recommender;
  /** Writes the traces that wait. */
  readonly flush: () => Promise<void>;
  /** Takes no more traces and writes those that wait. */
  readonly close: () => Promise<void>;
}

/** Puts the service together: what answers, what remembers, what lets operators in, and HTTP in front. */
export function openApp(parts: AppParts): App {
  const { environment, registry, engine, traces, now, monotonicMs, clockMoves, schedule, log } = parts;
  const buffer = openTraceBuffer(traces, {
    retentionDays: environment.traceRetentionDays,
    now,
    schedule,
    flushesItself: parts.timersOutliveRequests,
  });
  const breathe = () => new Promise<void>((resolve) => schedule(0, () => resolve()));
  const shadow = openShadowRuns((work) => schedule(0, work), now, clockMoves ? monotonicMs : null);
  // A group would wait for the one request among them that writes it, and be lost where that is given up.
  const events = parts.timersOutliveRequests ? groupedAppends(parts.events, (work) => schedule(0, work)) : parts.events;
  const gitSha = environment.gitSha ?? parts.gitSha ?? "unknown";
  const telemetry = openTelemetry({ instruments: parts.metrics.instruments, gitSha, now, monotonicMs });
  const service = openService({
    registry: telemetry.registry(registry),
    newCore: engine.newCore,
    identity: {
      gitSha,
      containerImageDigest: environment.containerImageDigest,
      engineDigest: engine.digest,
      runtime: parts.runtime,
    },
    liveStore: parts.live,
    maxLiveAgeMs: parts.maxLiveAgeMs,
    first: environment.first,
    traces: buffer,
    events,
    shadow,
    spareModels: parts.spareModels,
    lastRetraining: async () => (await parts.retraining?.last()) ?? null,
    publishingFault: async () => (await parts.outbox?.fault()) ?? null,
    breathe,
    sha256: parts.sha256,
    now,
    monotonicMs,
    clockMoves,
  });
  const { primary, manifest } = service;
  const steering = telemetry.steering(service.steering, registry.versions);
  const recommender = telemetry.recommender(service.recommender, steering);
  telemetry.observe({
    health: recommender.health,
    describe: manifest,
    comparisons: shadow.comparisons,
    droppedTraces: buffer.dropped,
    outbox: parts.outbox,
    retraining: parts.retraining,
    published: registry.versions,
  });
  const drift = openDriftMonitor({
    gauges: telemetry.drift,
    liveModel: primary,
    traces,
    events,
    breathe,
    now,
    schedule,
    windowMs: DRIFT_WINDOW_MS,
    everyMs: DRIFT_EVERY_MS,
    log,
  });
  if (parts.timersOutliveRequests) drift.start();
  const feedback = openFeedback({
    events,
    registry,
    primary,
    traceRetentionDays: environment.traceRetentionDays,
    now,
  });
  const findTraces = keptTraces(buffer, traces);
  const replayer = openReplayer({
    loadArtifact: registry.load,
    engine: parts.keptEngines,
    stamp: registry.stamp,
    traces: findTraces,
    events,
    capacity: parts.spareModels,
    breathe,
  });
  const analyser = openAnalyser({
    live: steering.current,
    history: steering.history,
    flush: buffer.flush,
    exposures: traces.exposures,
    conversions: parts.conversions,
    breathe,
    now,
  });
  const http = createApp({
    recommender,
    operator: openOperator({
      steering,
      recommender,
      manifest,
      traces: findTraces,
      shadow,
      replayer,
      analyser,
      alias: parts.alias,
    }),
    feedback: telemetry.feedback(feedback),
    ingest: {
      token: environment.ingest.token,
      admitRate: rateLimit(environment.ingest.rateLimit, monotonicMs),
      now,
    },
    access: accessOf(environment, parts.onlyLoopbackReaches),
    assets: parts.assets,
    newRequestId: () => uuidv7(now(), parts.randomBytes(UUID_RANDOM_BYTES)),
    monotonicMs,
    log: (entry) => LOG_LEVELS.indexOf(entry.level) <= LOG_LEVELS.indexOf(environment.logLevel) && log(entry),
    measure: telemetry.measure,
    metrics: parts.metrics.page,
  });
  return {
    http,
    fetch: (request, client) => http.fetch(request, { client }),
    recommender,
    flush: buffer.flush,
    close: () => {
      drift.stop();
      return buffer.close();
    },
  };
}

function accessOf({ access }: ServeEnvironment, listensOnLoopback: boolean): AdminAccess {
  return { token: access.adminToken, listensOnLoopback, open: access.adminOpen, allowedHosts: access.allowedHosts };
}
