import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { getPlatformProxy } from "wrangler";
import { type D1, d1Leases } from "../../src/drivers/d1.ts";
import { deleteUnder, type WritableBucket } from "../../src/drivers/r2-objects.ts";
import { r2WritableRegistry } from "../../src/drivers/r2-registry.ts";
import { r2Snapshots } from "../../src/drivers/r2-snapshots.ts";
import { registryStoreContract } from "../contract/registry-store.ts";
import { snapshotStoreContract } from "../contract/snapshot-store.ts";

/** Of the Worker's bindings those that hold registries and snapshots. */
const CONFIG = `name = "stores"
compatibility_date = "2026-08-04"
r2_buckets = [{ binding = "MODELS", bucket_name = "models" }]
d1_databases = [{ binding = "TRACES", database_name = "traces", database_id = "local" }]
`;

interface Env {
  readonly MODELS: WritableBucket;
  readonly TRACES: D1;
}

let folder: string;
let platform: Awaited<ReturnType<typeof getPlatformProxy<Env>>>;

/** The local R2 and D1 of workerd, seen from here. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-r2-"));
  const configPath = join(folder, "wrangler.toml");
  await writeFile(configPath, CONFIG);
  platform = await getPlatformProxy<Env>({ configPath, persist: { path: join(folder, "state") } });
}, 60_000);
beforeEach(() => deleteUnder(platform.env.MODELS, ""));
afterAll(async () => {
  await platform.dispose();
  await rm(folder, { recursive: true, force: true });
});

const registry = () =>
  r2WritableRegistry(platform.env.MODELS, { leases: d1Leases(platform.env.TRACES), now: Date.now, pause });

describe("a registry in R2 that is published to", () => {
  registryStoreContract(registry, async () => {
    const leases = d1Leases(platform.env.TRACES);
    const holder = await leases.take("registry", Date.now(), Date.now() + 60_000);
    if (holder !== null) await leases.giveBack("registry", holder);
    return holder !== null;
  });
});

describe("snapshots in R2", () => {
  snapshotStoreContract(() => ({
    store: r2Snapshots(platform.env.MODELS),
    overwrite: async (path, bytes) => {
      if (bytes === null) await platform.env.MODELS.delete([path]);
      else await platform.env.MODELS.put(path, bytes);
    },
  }));
});
