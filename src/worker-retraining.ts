import { DataError, IntegrityError } from "./base/errors.ts";
import { noProgress } from "./base/progress.ts";
import { type D1, d1Events, d1Leases, d1Retraining } from "./drivers/d1.ts";
import { durableLiveStore, type LiveNamespace } from "./drivers/durable-object.ts";
import type { WritableBucket } from "./drivers/r2-objects.ts";
import { r2WritableRegistry } from "./drivers/r2-registry.ts";
import { r2Snapshots } from "./drivers/r2-snapshots.ts";
import { serveEnvironment } from "./environment.ts";
import type { RetrainLog } from "./events/retraining.ts";
import type { Core } from "./kernel/core.ts";
import { engineDigest } from "./kernel/engine.ts";
import { openPublisher } from "./registry/publisher.ts";
import { openRegistry, type Registry } from "./registry/registry.ts";
import { type Retrained, type RetrainLimits, retrainOnce } from "./retrain.ts";
import { canaryStart } from "./rollout/canary-start.ts";
import { configuredSigningKey, noKeyFiles, trustedKeys } from "./signing/configured-keys.ts";
import { DEFAULT_HYPERPARAMETERS } from "./training/hyperparameters.ts";
import { callingThreadSweeper } from "./training/sweeps.ts";
import type { WorkerRetraining } from "./worker-environment.ts";

/** What fits into an isolate's 128 MB and a cron trigger's 15 minutes, with room to spare: docs/EVENTS.md. */
const LIMITS: RetrainLimits = { interactions: 150_000, factorValues: 1_000_000 };
/** A cron trigger runs for 15 minutes at most; while it computes, its clock stands still and it gives no sign of life. */
const DEAD_AFTER_MS = 16 * 60_000;
/** As who changes of the rollout stand in its history. */
const ACTOR = "retrain";

export interface RetrainingBindings {
  readonly MODELS: WritableBucket;
  readonly SNAPSHOTS: WritableBucket;
  readonly LIVE: LiveNamespace;
  readonly TRACES: D1;
}

/**
 * One run of retraining on this thread: the same story as elsewhere, with what a Worker is bound to.
 * @param engine the core that this Worker is bundled with
 * @returns null where another run is under way
 */
export async function retrainOnWorker(
  { MODELS, SNAPSHOTS, LIVE, TRACES }: RetrainingBindings,
  variables: Readonly<Record<string, string | undefined>>,
  { base, canaryPercentage }: WorkerRetraining,
  engine: { readonly digest: string; readonly newCore: () => Core },
): Promise<Retrained | null> {
  const { first, gitSha } = serveEnvironment(variables);
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const store = r2WritableRegistry(MODELS, { leases: d1Leases(TRACES), now: Date.now, pause });
  const registry = openRegistry(store);
  const runs = d1Retraining(TRACES);
  const { newCore } = engine;
  const [bytes, key, trusted] = await Promise.all([
    bytesOf(engine.digest, registry),
    configuredSigningKey(variables, noKeyFiles),
    trustedKeys(variables, noKeyFiles),
  ]).catch(async (error) => {
    await noteFailure(runs, error).catch(() => {}); // what went wrong first is what is told
    throw error;
  });
  const startCanary = canaryStart({
    live: durableLiveStore(LIVE),
    registry: openRegistry(store, trusted), // what no isolate would load must not be put before users
    environment: first.environment,
    percentage: canaryPercentage ?? 0,
    actor: ACTOR,
    now: Date.now,
  });
  return retrainOnce(
    { base, hyperparameters: null, trustEvents: false },
    {
      events: d1Events(TRACES),
      runs,
      snapshots: r2Snapshots(SNAPSHOTS),
      place: { registry, publisher: openPublisher(store, Date.now, key) },
      tools: {
        newCore,
        openSweeper: callingThreadSweeper(newCore),
        progress: noProgress,
        engine: { digest: engine.digest, bytes },
        threads: 1,
        now: Date.now,
        code: { gitSha, dirty: null },
        runtime: "workerd",
      },
      defaults: DEFAULT_HYPERPARAMETERS,
      limits: LIMITS,
      deadAfterMs: DEAD_AFTER_MS,
      rollOut: async (version) => (canaryPercentage !== null ? startCanary(version) : null),
    },
  );
}

/**
 * The core's bytes: a Worker has it compiled, and a registry keeps the bytes beside what they trained.
 * @throws DataError where they are not there, IntegrityError where they are others
 */
async function bytesOf(digest: string, registry: Registry): Promise<Uint8Array> {
  const bytes = await registry.engine(digest);
  if (bytes === null) throw new DataError("registry", `does not hold the engine ${digest}: bring engines/ there too`);
  if (engineDigest(bytes) !== digest) throw new IntegrityError(digest, "the kept engine was altered");
  return bytes;
}

/** Writes down why a run could not begin, where status is looked for. */
async function noteFailure(runs: RetrainLog, error: unknown): Promise<void> {
  const now = Date.now();
  const run = await runs.begin(now, now - DEAD_AFTER_MS);
  const reason = error instanceof Error ? error.message : String(error);
  const failed = { outcome: "failed", version: null, snapshot_id: null, event_seq: null, reason } as const;
  if (run !== null) await runs.finish(run, failed, now);
}
