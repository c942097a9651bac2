import { hash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/artifact/artifact.ts";
import type { CliDependencies } from "../../src/cli/dependencies.ts";
import { serve } from "../../src/cli/serve.ts";
import { modelFolder } from "../../src/drivers/model-folder.ts";
import { listenOnNode } from "../../src/drivers/node-http.ts";
import { openLocalMetrics } from "../../src/drivers/opentelemetry.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { openPublisher } from "../../src/registry/publisher.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { candidateOf, engine, train, twoTastes } from "../builders.ts";

const MINUTE_MS = 60_000;
const USERS = 2_400;
const BATCH = 1_000;

let artifacts: readonly Artifact[];
let folder: string;
/** The service's clock is ahead by this, so that an experiment takes no hour. */
let aheadMs: number;
let ended: (() => Promise<void>)[];

beforeAll(async () => {
  artifacts = [await train(), await train(twoTastes(22))];
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-promotion-"));
  const publisher = openPublisher(modelFolder(join(folder, "models")), Date.now);
  for (const artifact of artifacts) await publisher.submit(candidateOf(artifact));
  aheadMs = 0;
  ended = [];
});
afterEach(async () => {
  for (const end of ended) await end();
  await rm(folder, { recursive: true, force: true });
});

/** The service as the command line starts it, but for its clocks; gives its address. */
async function start(): Promise<string> {
  let ticks = 0;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let running: Promise<void> | null = null;
  const url = await new Promise<string>((resolve, reject) => {
    const deps = {
      out: { write: (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? text) },
      err: { write: () => true, isTTY: false },
      env: { PORT: "0", REPRISE_DATABASE: join(folder, "reprise.sqlite") },
      now: () => Date.now() + aheadMs,
      // Latencies that do not depend on the machine.
      monotonicMs: () => ticks++ / 8,
      randomBytes,
      sha256: (bytes: Uint8Array) => hash("sha256", bytes, "hex"),
      runtime: "node",
      code: async () => ({ gitSha: null }),
      models: modelFolder,
      engine: async () => engine,
      assets: { read: async () => null },
      database: openSqlite,
      metrics: openLocalMetrics,
      schedule: (delayMs: number, work: () => unknown) => void setTimeout(work, delayMs),
      listen: listenOnNode,
      stopped: () => stopped,
    } as unknown as CliDependencies;
    running = serve(join(folder, "models"), deps);
    running.catch(reject);
  });
  ended.push(async () => {
    stop();
    await running;
  });
  return url;
}

interface Answer {
  readonly user_id: number;
  readonly items: readonly number[];
  readonly provenance: { readonly request_id: string };
}

/** An answer as it came; that it has the contract's shape is checked elsewhere. */
// biome-ignore lint/suspicious/noExplicitAny: each test looks at members of its own
type Json = any;

async function ask(url: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<Json> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(url, { method, ...(body !== undefined && { headers, body: JSON.stringify(body) }) });
  expect(response.status, `${method} ${url}`).toBeLessThan(300);
  return response.json();
}

/**
 * An hour of an A/B test: users of each arm are shown lists, and click on a film of theirs so often in ten times; most
 * of them say which list it was.
 */
async function experiment(base: string, clicksInTen: Readonly<Record<"A" | "B", number>>): Promise<void> {
  await ask(`${base}/rollout/update`, { strategy: "ab_test", primary_version: "v0.1", canary_version: "v0.2" });
  aheadMs += 10 * MINUTE_MS;
  for (let from = 1; from <= USERS; from += BATCH) {
    const user_ids = Array.from({ length: Math.min(BATCH, USERS - from + 1) }, (_, at) => from + at);
    const { results } = await ask(`${base}/recommend/batch`, { user_ids, k: 3 });
    aheadMs += MINUTE_MS;
    const clicks = (results as Answer[]).filter(({ user_id }) => {
      return Math.floor(user_id / 2) % 10 < clicksInTen[user_id % 2 === 0 ? "B" : "A"];
    });
    const events = clicks.map(({ user_id, items, provenance: { request_id } }) => ({
      ...{ event_id: `click-${user_id}`, type: "click", user_id, movie_id: items[user_id % items.length] },
      ...(user_id % 3 > 0 && { request_id }),
    }));
    // Before they saw a list, and on a film that is in none: these count for nobody.
    const others = results.slice(0, 300).flatMap(({ user_id }: Answer) => [
      { event_id: `early-${user_id}`, type: "click", user_id, movie_id: 1, ts: Date.now() },
      { event_id: `other-${user_id}`, type: "watch", user_id, movie_id: 999, minute: 5 },
    ]);
    expect(await ask(`${base}/events`, events)).toEqual({ accepted: events.length, duplicates: 0, rejected: [] });
    await ask(`${base}/events`, others);
  }
  aheadMs += 60 * MINUTE_MS;
}

const promote = (base: string, query: string) =>
  ask(`${base}/experiment/promote?max_latency_regression_pct=1000&${query}`, undefined, "POST");

const championOf = async () => (await openRegistry(modelFolder(join(folder, "models"))).catalog()).aliases.champion;

describe("an experiment in which users click more often on one version's lists", () => {
  test("ships that version, and a promotion makes it live for everyone and the champion", async () => {
    const base = await start();
    await experiment(base, { A: 2, B: 3 });
    const { metrics, statistical_analysis } = await ask(`${base}/experiment/analyze?time_window_minutes=70`);
    const arm = { users: 1_200, requests: 1_200, successes: 1_200, success_rate: 1 };
    expect(metrics).toMatchObject({
      variant_A: { ...arm, conversion: { users: 1_200, conversions: 240, rate: 0.2, requests_unknown: 0 } },
      variant_B: { ...arm, conversion: { users: 1_200, conversions: 360, rate: 0.3, requests_unknown: 0 } },
    });
    // (0.3 - 0.2) / sqrt(0.25 * 0.75 * 2 / 1200)
    expect(statistical_analysis).toMatchObject({
      metric: "conversion",
      decision: "ship_variant_b",
      results: { test: { z: expect.closeTo(5.656854, 6), difference: expect.closeTo(0.1, 12) } },
      comparisons: { request_success: { test: { difference: 0, z: null } } },
    });

    const before = await ask(`${base}/rollout/status`);
    expect(await promote(base, "time_window_minutes=70")).toMatchObject({
      promoted: false,
      dry_run: true,
      decision: "ship_variant_b",
      action: "promote",
      target_version: "v0.2",
    });
    expect([await ask(`${base}/rollout/status`), await championOf()]).toEqual([before, "v0.1"]);

    expect(await promote(base, "time_window_minutes=70&dry_run=false")).toMatchObject({
      promoted: true,
      dry_run: false,
      action: "promote",
      target_version: "v0.2",
      message: "v0.2 is the only live version, and the champion.",
    });
    expect(await championOf()).toBe("v0.2");
    const after = await ask(`${base}/rollout/status`);
    expect(after).toMatchObject({
      rollout: { strategy: "fixed", primary_version: "v0.2" },
      active_version: "v0.2",
      revision: before.revision + 1,
    });
    expect((await ask(`${base}/rollout/history?limit=1`)).entries[0]).toMatchObject({ from: "v0.1", to: "v0.2" });
    for (const user of [1, 2]) {
      expect(await ask(`${base}/recommend/${user}`)).toMatchObject({ model: "v0.2", variant: null });
    }
    expect(await promote(base, "time_window_minutes=70&dry_run=false")).toMatchObject({
      promoted: false,
      decision: "inconclusive",
    });
    expect(await ask(`${await start()}/recommend/1`)).toMatchObject({ model: "v0.2", variant: null });
  }, 120_000);

  test("keeps the version that is live where that is the better one", async () => {
    const base = await start();
    await experiment(base, { A: 3, B: 2 });
    const before = await ask(`${base}/rollout/status`);
    expect(await promote(base, "time_window_minutes=70&dry_run=false")).toMatchObject({
      promoted: false,
      decision: "ship_variant_a",
      action: "none",
    });
    expect([await ask(`${base}/rollout/status`), await championOf()]).toEqual([before, "v0.1"]);
  }, 120_000);
});
