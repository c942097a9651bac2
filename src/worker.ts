import core from "../build/core.wasm";
import engine from "../build/engine.json" with { type: "json" };
import { UUID_RANDOM_BYTES, uuidv7 } from "./base/uuid.ts";
import { type Bucket, r2Registry } from "./drivers/r2.ts";
import { type Assets, workersAssets } from "./drivers/workers-assets.ts";
import { serveEnvironment } from "./environment.ts";
import { createApp } from "./http/app.ts";
import { instantiateCore } from "./kernel/core.ts";
import { openRegistry } from "./registry/registry.ts";
import { startService } from "./service.ts";

/** Bindings and variables of the Worker, as wrangler.toml declares them. */
export interface Env {
  readonly MODELS: Bucket;
  readonly ASSETS: Assets;
  readonly MODEL_VERSION?: string;
  readonly GIT_SHA?: string;
  readonly CONTAINER_IMAGE_DIGEST?: string;
}

async function openApp({ MODELS, ASSETS, ...variables }: Env) {
  const environment = serveEnvironment(variables);
  const recommender = await startService({
    registry: openRegistry(r2Registry(MODELS)),
    newCore: () => instantiateCore(core),
    identity: {
      gitSha: environment.gitSha ?? "unknown",
      containerImageDigest: environment.containerImageDigest,
      engineDigest: engine.digest,
      runtime: "workerd",
    },
    preferredVersion: environment.modelVersion,
    now: Date.now,
    // Between two waits for I/O the clock of a Worker does not move, so it cannot time an answer.
    elapsedMs: () => null,
  });
  return createApp({
    recommender,
    assets: workersAssets(ASSETS),
    newRequestId: () => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(UUID_RANDOM_BYTES))),
    monotonicMs: () => performance.now(),
    log: (entry) => {
      if (entry.level === "error") console.error(JSON.stringify(entry));
    },
  });
}

/** One app an isolate, opened by its first request; after a failure the next request tries again. */
let opening: ReturnType<typeof openApp> | null = null;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    opening ??= openApp(env);
    try {
      return await (await opening).fetch(request);
    } catch (error) {
      opening = null;
      throw error;
    }
  },
};
