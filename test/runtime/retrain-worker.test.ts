import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { type D1, d1Retraining } from "../../src/drivers/d1.ts";
import { parquetSnapshots } from "../../src/drivers/parquet-snapshots.ts";
import type { WritableBucket } from "../../src/drivers/r2-objects.ts";
import { r2WritableRegistry } from "../../src/drivers/r2-registry.ts";
import { r2Snapshots } from "../../src/drivers/r2-snapshots.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import type { RegistryStore } from "../../src/registry/store.ts";
import { type Retrained, retrainOnce } from "../../src/retrain.ts";
import { candidateOf, engine, fitTools, memoryRegistry, SMALL, train, twoTastes } from "../builders.ts";
import { rating } from "../events.ts";
import { memoryLeases } from "../leases.ts";
import { ROOT } from "./processes.ts";
import { eventually, serviceWorker } from "./worker-harness.ts";

const NIGHTLY = "0 3 * * *";
const BASE = twoTastes();
const ORIGIN = {
  source: "test",
  format: "csv",
  imported_at: "2024-01-01T00:00:00.000Z",
  lines: 0,
  duplicates: 0,
  ignored: 0,
  quarantined: 0,
};

/** Events of users 101 to 130, who have the tastes of the others, some days after them. */
const NEWCOMERS = Array.from({ length: 30 }, (_, user) =>
  Array.from({ length: 5 }, (_, day) => {
    const film = (user % 2 === 0 ? 1 : 9) + ((user + 3 * day) % 8);
    return rating(`${user}-${day}`, String(101 + user), String(film), Date.UTC(2024, 1, 1 + day, user), 4);
  }),
).flat();

const harness = createTestHarness({
  root: ROOT,
  workers: [
    serviceWorker({
      vars: {
        REPRISE_ADMIN_TOKEN: "letmein",
        REPRISE_RETRAIN_SCHEDULE: NIGHTLY,
        REPRISE_RETRAIN_BASE: BASE.id.slice(0, 12),
        REPRISE_RETRAIN_ROLLOUT: "canary",
        REPRISE_RETRAIN_PERCENTAGE: "25",
      },
    }),
  ],
});

let folder: string;
let bound: { readonly MODELS: WritableBucket; readonly SNAPSHOTS: WritableBucket; readonly TRACES: D1 };
let modelsOfWorker: RegistryStore;
let onNode: Retrained | null;

const worker = () => harness.getWorker("reprise");
const due = (cron: string) => worker().scheduled({ cron, scheduledTime: new Date() });
const health = async () =>
  (await (await worker().fetch("https://worker.invalid/healthz")).json()) as { retraining: Record<string, unknown> };

async function publishFirst(store: RegistryStore): Promise<void> {
  const artifact = await train(BASE);
  await openPublisher(store, Date.now).submit(candidateOf(artifact, { data_snapshot_id: BASE.id }));
}

/** The same story with files, threads and SQLite. */
async function retrainHere(): Promise<Retrained | null> {
  const store = memoryRegistry();
  await publishFirst(store);
  const { events, retraining, close } = openSqlite(join(folder, "reprise.sqlite"));
  await events.append(NEWCOMERS);
  const snapshots = parquetSnapshots(join(folder, "snapshots"));
  await snapshots.save(BASE, ORIGIN);
  const code = { gitSha: null, dirty: null };
  const retrained = await retrainOnce(
    { base: BASE.id, hyperparameters: null, trustEvents: false },
    {
      events,
      runs: retraining,
      snapshots,
      place: { registry: openRegistry(store), publisher: openPublisher(store, Date.now) },
      tools: { ...fitTools, engine, threads: 1, now: Date.now, code, runtime: "node" },
      defaults: SMALL,
      limits: null,
      deadAfterMs: 120_000,
      rollOut: async () => null,
    },
  );
  close();
  return retrained;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-retrain-worker-"));
  await harness.listen();
  bound = (await worker().getEnv()) as typeof bound;
  const parts = { leases: memoryLeases(), now: Date.now, pause: async () => {} };
  modelsOfWorker = r2WritableRegistry(bound.MODELS, parts);
  await publishFirst(modelsOfWorker);
  await r2Snapshots(bound.SNAPSHOTS).save(BASE, ORIGIN);
  const response = await worker().fetch("https://worker.invalid/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(NEWCOMERS.map(({ request_id: _, ...event }) => event)),
  });
  expect(response.status).toBe(202);
  onNode = await retrainHere();
}, 120_000);
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

describe("retraining on a Worker", () => {
  test("does nothing at other times", async () => {
    await due("* * * * *");
    expect(await health()).toMatchObject({ retraining: null });
  });

  test("publishes what Node would, bit for bit, and gives it to some users", async () => {
    await due(NIGHTLY);
    const { snapshot_id, manifest } = onNode as Retrained;
    expect(await health()).toMatchObject({
      retraining: { outcome: "published", version: "v0.2", snapshot_id, event_seq: NEWCOMERS.length },
    });
    const { manifest: made, artifact } = await openRegistry(modelsOfWorker).load("v0.2");
    expect(made.artifact_digest).toBe(manifest?.artifact_digest);
    expect(made.gate).toEqual(manifest?.gate);
    expect(made.evaluation).toEqual(manifest?.evaluation);
    expect([made.training.runtime, artifact.histories.eventSequence]).toEqual(["workerd", NEWCOMERS.length]);
    expect((await r2Snapshots(bound.SNAPSHOTS).load(made.data_snapshot_id)).users).toHaveLength(54);
    const headers = { Authorization: "Bearer letmein" };
    const live = async () =>
      (await (await worker().fetch("https://worker.invalid/rollout/status", { headers })).json()) as {
        revision: number;
      };
    // An isolate reads what is live every two seconds.
    expect(await eventually(live, ({ revision }) => revision > 1)).toMatchObject({
      rollout: { strategy: "canary", primary_version: "v0.1", canary_version: "v0.2", canary_percentage: 25 },
    });
    const finished = /^retrain_finished_timestamp_seconds\{outcome="published"\} 1\d{9}/m;
    const page = async () => (await worker().fetch("https://worker.invalid/metrics")).text();
    expect(await eventually(page, (text) => finished.test(text))).toMatch(finished);
  }, 180_000);

  test("stays where nothing is new", async () => {
    await due(NIGHTLY);
    expect(await health()).toMatchObject({ retraining: { outcome: "unchanged", version: "v0.2" } });
  });

  test("refuses what is larger than an isolate, says so, and leaves what is live", async () => {
    const path = `${BASE.id}/snapshot.json`;
    const description = await (await bound.SNAPSHOTS.get(path))?.arrayBuffer();
    const fields = JSON.parse(new TextDecoder().decode(description));
    const larger = new TextEncoder().encode(JSON.stringify({ ...fields, interactions: 10_000_000 }));
    await bound.SNAPSHOTS.put(path, larger);
    await due(NIGHTLY);
    const { retraining } = await health();
    expect(retraining).toMatchObject({ outcome: "refused", version: null });
    expect(retraining.reason).toMatch(/^size: 10000150 interactions, and \d+ can be trained here: retrain where/);
    expect(await openRegistry(modelsOfWorker).versions()).toEqual(["v0.1", "v0.2"]);
  });

  test("says why it cannot begin", async () => {
    expect(await modelsOfWorker.folders("")).toContain("engines");
    await modelsOfWorker.removeFolder("engines");
    await due(NIGHTLY).catch(() => {}); // told as an exception too
    // Why something failed is not for anybody who asks.
    expect(await health()).toMatchObject({ retraining: { outcome: "failed", reason: null } });
    const run = await d1Retraining(bound.TRACES).last();
    expect(run?.reason).toMatch(/^registry: does not hold the engine sha256:[0-9a-f]{64}: bring engines\//);
  });
});
