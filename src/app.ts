import { UUID_RANDOM_BYTES, uuidv7 } from "./base/uuid.ts";
import type { ServeEnvironment } from "./environment.ts";
import type { AdminAccess } from "./http/admin-access.ts";
import { createApp } from "./http/app.ts";
import type { AssetReader } from "./http/assets.ts";
import type { Recommender } from "./http/recommender.ts";
import type { Core } from "./kernel/core.ts";
import { openOperator } from "./operator.ts";
import type { FindEngine } from "./provenance/replay-engines.ts";
import { openReplayer } from "./provenance/replayer.ts";
import type { TraceStore } from "./provenance/trace.ts";
import { openTraceBuffer } from "./provenance/trace-buffer.ts";
import type { Registry } from "./registry/registry.ts";
import { openShadowRuns } from "./rollout/shadow.ts";
import type { LiveStore } from "./rollout/store.ts";
import { openService } from "./service.ts";

/** What the whole service is made of on one platform. */
export interface AppParts {
  readonly environment: ServeEnvironment;
  /** The commit of the running code, where it is known. */
  readonly gitSha: string | null;
  /** `node`, `deno` or `workerd`. */
  readonly runtime: string;
  readonly registry: Registry;
  readonly engine: { readonly digest: string; readonly newCore: () => Core };
  /** Engines that answered before. */
  readonly keptEngines: FindEngine;
  readonly live: LiveStore;
  readonly maxLiveAgeMs: number;
  /** Models held in memory beside those that answer: so many for switching back and pins, and as many for replay. */
  readonly spareModels: number;
  readonly traces: TraceStore;
  readonly assets: AssetReader;
  readonly onlyLoopbackReaches: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never going back; `clockMoves` says whether it does while an answer is computed. */
  readonly monotonicMs: () => number;
  readonly clockMoves: boolean;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Runs work after so many milliseconds, off the path of requests. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** Whether timers outlive requests; on Workers they do not, and `flush` must follow every answer. */
  readonly timersOutliveRequests: boolean;
  readonly log: (entry: object) => void;
}

export interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
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
  const shadow = openShadowRuns((work) => schedule(0, work), clockMoves ? monotonicMs : null);
  const { recommender, steering, manifest } = openService({
    registry,
    newCore: engine.newCore,
    identity: {
      gitSha: environment.gitSha ?? parts.gitSha ?? "unknown",
      containerImageDigest: environment.containerImageDigest,
      engineDigest: engine.digest,
      runtime: parts.runtime,
    },
    liveStore: parts.live,
    maxLiveAgeMs: parts.maxLiveAgeMs,
    first: environment.first,
    traces: buffer,
    shadow,
    spareModels: parts.spareModels,
    breathe,
    now,
    monotonicMs,
    clockMoves,
  });
  const replayer = openReplayer({
    loadArtifact: registry.load,
    engine: parts.keptEngines,
    capacity: parts.spareModels,
    breathe,
  });
  const { fetch } = createApp({
    recommender,
    operator: openOperator({ steering, recommender, manifest, buffer, traces, shadow, replayer }),
    access: accessOf(environment, parts.onlyLoopbackReaches),
    assets: parts.assets,
    newRequestId: () => uuidv7(now(), parts.randomBytes(UUID_RANDOM_BYTES)),
    monotonicMs,
    log: (entry) => entry.level === "error" && log(entry),
  });
  return { fetch, recommender, flush: buffer.flush, close: buffer.close };
}

function accessOf({ access }: ServeEnvironment, listensOnLoopback: boolean): AdminAccess {
  return { token: access.adminToken, listensOnLoopback, open: access.adminOpen, allowedHosts: access.allowedHosts };
}
