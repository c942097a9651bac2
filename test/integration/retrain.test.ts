import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { serve } from "../../src/cli/serve.ts";
import { listenOnNode } from "../../src/drivers/node-http.ts";
import { localDependencies } from "../../src/local.ts";
import { type Ended, reprise } from "../command-line.ts";
import { type Audience, twinsOf } from "./audience.ts";
import { inOrderOfTime, missingRatings, RATINGS, type Rating, shuffled } from "./ratings.ts";
import { testGiven } from "./requirement.ts";

/** What is imported; the rest comes as events, in so many slices of one size. docs/EVENTS.md says how both were chosen. */
const BASE_SHARE = 0.37;
const SLICES = 7;
/** The last slice is what came later than all rounds; shuffled, so much of it is the poisoned one. */
const POISONED_SHARE = 0.067;
/** The gate finds one round too close to popularity; nothing here is random, so it is always that one. */
const PROMOTED = 5;
const BATCH = 1_000;
/** Of the whole, which takes a minute or two of a machine's own time. */
const TIMEOUT_MS = 1_800_000;
/** Films of a list. */
const K = 100;
/** Minutes that an experiment looks back. */
const WINDOW_MINUTES = 60;
/** The service's clock is ahead of that of `retrain`, so that a rollout is older than a window as soon as it is there. */
const AHEAD_MS = 2 * WINDOW_MINUTES * 60_000;

interface Retrained {
  readonly outcome: string;
  readonly version: string;
  readonly event_seq: number;
  readonly gate: {
    readonly passed: boolean;
    readonly reasons: readonly string[];
    readonly checks: readonly Check[];
  } | null;
}

interface Check {
  readonly name: string;
  readonly outcome: string;
  readonly detail: string;
}

let cwd: string;
let base: string;
let url: string;
let stop: () => Promise<void> = async () => {};
let slices: readonly (readonly Rating[])[];
let environment: Record<string, string>;

beforeAll(async () => {
  if (missingRatings !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-retrain-"));
  environment = {
    REPRISE_STATE_DIR: join(cwd, "state"),
    MODEL_REGISTRY: join(cwd, "models"),
    SNAPSHOT_DIR: join(cwd, "snapshots"),
  };
  const ratings = inOrderOfTime(gunzipSync(await readFile(RATINGS)).toString());
  const first = Math.floor(ratings.length * BASE_SHARE);
  const size = Math.ceil((ratings.length - first) / SLICES);
  slices = Array.from({ length: SLICES }, (_, place) =>
    ratings.slice(first + place * size, first + (place + 1) * size),
  );
  const lines = ratings
    .slice(0, first)
    .map(({ user, film, rating, time }) => `${user},${film},${rating},${time / 1_000}`);
  await writeFile(join(cwd, "base.csv"), `user,item,rating,timestamp\n${lines.join("\n")}\n`);
  base = JSON.parse((await done("import", "base.csv", "--input-format", "csv", "--format", "json")).out).snapshot_id;
  await done("train", "--snapshot", base, "--factors", "32", "--iterations", "8", "--solver", "cholesky");
  await start();
});
afterAll(async () => {
  await stop();
  if (cwd) await rm(cwd, { recursive: true, force: true });
});

/** Starts the service as the command line does, but for its clocks. */
async function start(): Promise<void> {
  let ticks = 0;
  let tellToEnd = () => {};
  const stopped = new Promise<void>((resolve) => {
    tellToEnd = resolve;
  });
  let running: Promise<void> | null = null;
  url = await new Promise<string>((resolve, reject) => {
    const deps = {
      ...localDependencies("node", listenOnNode),
      out: { write: (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? text) },
      err: { write: () => true, isTTY: false },
      env: { ...environment, PORT: "0", REPRISE_RATE_LIMIT: "100000" },
      now: () => Date.now() + AHEAD_MS,
      // Latencies that do not depend on the machine.
      monotonicMs: () => ticks++ / 8,
      stopped: () => stopped,
    };
    running = serve(environment.MODEL_REGISTRY as string, deps);
    running.catch(reject);
  });
  stop = async () => {
    tellToEnd();
    await running;
  };
}

const run = (...args: string[]): Promise<Ended> => reprise({ cwd, env: environment }, ...args);

async function done(...args: string[]): Promise<Ended> {
  const ended = await run(...args);
  expect([args[0], ended.code, ended.err]).toEqual([args[0], 0, ""]);
  return ended;
}

async function post<Body>(path: string, body: unknown = {}): Promise<Body> {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  expect([path, response.status < 300, response.status < 300 || text]).toEqual([path, true, true]);
  return JSON.parse(text) as Body;
}

interface Sent extends Omit<Rating, "time"> {
  /** Null: now. */
  readonly time: number | null;
}

async function report(name: string, ratings: readonly Sent[]): Promise<void> {
  for (let from = 0; from < ratings.length; from += BATCH) {
    const batch = ratings.slice(from, from + BATCH).map(({ user, film, rating, time }, at) => ({
      ...{ event_id: `${name}-${from + at}`, type: "rate", user_id: user, movie_id: film, rating },
      ...(time !== null && { ts: time }),
    }));
    expect(await post("/events", batch)).toEqual({ accepted: batch.length, duplicates: 0, rejected: [] });
  }
}

/** Shows lists to users and gives how many were folded in. */
async function show(users: readonly string[]): Promise<number> {
  let folded = 0;
  for (let from = 0; from < users.length; from += BATCH) {
    const body = { user_ids: users.slice(from, from + BATCH), k: K };
    const { results } = await post<{ results: { source: string; variant: string }[] }>("/recommend/batch", body);
    expect(results.filter(({ variant }) => variant === null)).toEqual([]);
    folded += results.filter(({ source }) => source === "fold_in").length;
  }
  return folded;
}

async function retrain(): Promise<{ code: number | null; retrained: Retrained }> {
  const args = ["--base", base, "--rollout", "canary", "--percentage", "50", "--format", "json"];
  const { code, out, err } = await run("retrain", ...args);
  expect(err).toBe("");
  return { code, retrained: JSON.parse(out) };
}

async function rollout() {
  const response = await fetch(`${url}/rollout/status`);
  return ((await response.json()) as { rollout: { strategy: string; primary_version: string; canary_version: string } })
    .rollout;
}

/** What a version's manifest says of NDCG@10 on the newest fifth, beside popularity. */
async function quality(version: string) {
  const { evaluation, interactions, preference } = JSON.parse((await done("models", "show", version)).out);
  const of = (metrics: Record<string, { value: number }> | undefined) => metrics?.["ndcg@10"]?.value.toFixed(4);
  return {
    interactions,
    version,
    "NDCG@10": of(evaluation.metrics),
    popularity: of(evaluation.baselines.popularity),
    users: evaluation.users,
    preference: preference?.parts.at(-1)?.percentile.value.toFixed(3),
  };
}

/**
 * An experiment with those who come next: visitors post what real viewers rated next, look at their lists, and then
 * rate what those viewers rated after that. All that is known ask too.
 */
async function experiment(name: string, { given, next, visitors }: Audience): Promise<Analysis> {
  await report(`${name}-given`, given);
  // A visitor who begins with films that are all new is shown what is popular.
  expect(await show(visitors)).toBeGreaterThan(0.9 * visitors.length);
  await show(Array.from({ length: 610 }, (_, at) => String(at + 1)));
  await report(
    `${name}-next`,
    next.map((rating) => ({ ...rating, time: null })),
  );
  const analysis = await fetch(`${url}/experiment/analyze?time_window_minutes=${WINDOW_MINUTES}`);
  return (await analysis.json()) as Analysis;
}

interface Analysis {
  readonly metrics: Record<"variant_A" | "variant_B", { users: number; conversion: { rate: number } }>;
  readonly statistical_analysis: {
    readonly metric: string;
    readonly decision: string;
  };
}

const championAlias = async () =>
  JSON.parse(await readFile(join(cwd, "models", "registry.json"), "utf8")).aliases.champion as string;

describe("ml-latest-small in the order of time", () => {
  testGiven(missingRatings)(
    "is retrained on round by round, each version a canary and then promoted, and a poisoned slice is refused",
    { timeout: TIMEOUT_MS },
    async () => {
      const rows: object[] = [{ round: "base", ...(await quality("v0.1")) }];
      const promoted: string[] = [];
      let champion = "v0.1";
      for (const [place, slice] of slices.slice(0, -1).entries()) {
        await report(`round-${place}`, slice);
        const before = await rollout();
        const { code, retrained } = await retrain();
        const { outcome, version, gate } = retrained;
        expect([code, outcome]).toEqual(gate?.passed ? [0, "published"] : [1, "refused"]);
        // Honest slices carry preference, also where the gate refuses for another reason.
        expect(gate?.checks).toContainEqual(
          expect.objectContaining({ name: "new events carry preference", outcome: "passed" }),
        );
        if (outcome === "refused") {
          expect(await rollout()).toEqual(before);
          rows.push({ round: place + 1, version: "refused", reason: gate?.reasons[0] });
          continue;
        }
        const canary = { strategy: "canary", primary_version: champion, canary_version: version };
        // The service looks at what another process made live after half a second at the latest.
        await expect.poll(rollout, { timeout: 30_000 }).toMatchObject(canary);
        // Before anybody was shown anything there is nothing to promote by, and it says so.
        expect(await post("/experiment/promote?time_window_minutes=30")).toMatchObject({
          promoted: false,
          decision: "inconclusive",
        });
        const comers = twinsOf(slices[place + 1] as readonly Rating[], `visitor-${place}`);
        const { metrics, statistical_analysis } = await experiment(`visitors-${place}`, comers);
        const { variant_A, variant_B } = metrics;
        expect(statistical_analysis.metric).toBe("conversion");
        expect(Math.min(variant_A.users, variant_B.users)).toBeGreaterThan(1_000);
        const promotion = await post<{ promoted: boolean; reason: string }>(
          `/experiment/promote?dry_run=false&max_latency_regression_pct=1000&time_window_minutes=${WINDOW_MINUTES}`,
        );
        console.info(`${version}: ${promotion.reason}`);
        expect(promotion).toMatchObject({ promoted: true, decision: "ship_variant_b", target_version: version });
        expect(await rollout()).toMatchObject({ strategy: "fixed", primary_version: version });
        expect(await championAlias()).toBe(version);
        expect((await retrain()).retrained).toMatchObject({ outcome: "unchanged", version });
        const rates = [variant_A, variant_B].map(({ conversion }) => conversion.rate.toFixed(4)).join(" → ");
        rows.push({
          round: place + 1,
          ...(await quality(version)),
          "users an arm": variant_A.users,
          conversion: rates,
        });
        promoted.push(version);
        champion = version;
      }
      console.table(rows);
      expect(promoted).toHaveLength(PROMOTED);

      const live = await rollout();
      const size = Math.ceil((slices.flat().length / (1 - BASE_SHARE)) * POISONED_SHARE);
      await report("poisoned", shuffled((slices.at(-1) as readonly Rating[]).slice(0, size), 1));
      const { code, retrained } = await retrain();
      expect([code, retrained.outcome]).toEqual([1, "refused"]);
      console.info(`poisoned slice: ${retrained.gate?.reasons.join("; ")}`);
      expect(retrained.gate?.reasons).toContainEqual(
        expect.stringMatching(/^the new events do not carry personal preference: /),
      );
      expect(await rollout()).toEqual(live);
      expect(await championAlias()).toBe(champion);
      const answer = (await (await fetch(`${url}/recommend/1`)).json()) as { model: string };
      expect(answer.model).toBe(champion);
      const { models } = JSON.parse((await done("models", "list", "--format", "json")).out);
      expect(models).toHaveLength(1 + PROMOTED);
    },
  );
});
