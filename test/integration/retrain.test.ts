import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { seededRandom } from "../../src/base/random.ts";
import { type Ended, reprise } from "../command-line.ts";
import { CLI, type Service, startProcess } from "../runtime/processes.ts";
import { type Missing, testGiven } from "./requirement.ts";

const RATINGS = fileURLToPath(new URL("../../../shared/data/ml-latest-small/ratings.csv.gz", import.meta.url));
const missing: Missing = existsSync(RATINGS)
  ? null
  : "MovieLens ml-latest-small: not in ../shared/data; get it from https://grouplens.org/datasets/movielens/";

/** What is imported; the rest comes as events, in so many rounds. */
const BASE_SHARE = 0.6;
const ROUNDS = 6;
/** The gate finds one slice too small to tell a model from popularity; nothing here is random, so it is always that one. */
const PUBLISHED = 5;
/** Most of the newest fifth, by which the gate judges: of less, the honest rest would carry the model. */
const POISONED = 20_000;
const BATCH = 1_000;

interface Rating {
  readonly user: string;
  readonly film: string;
  readonly rating: number;
  /** Seconds since 1970. */
  readonly time: number;
}

interface Retrained {
  readonly outcome: string;
  readonly version: string;
  readonly event_seq: number;
  readonly gate: { readonly passed: boolean; readonly reasons: readonly string[] } | null;
}

let cwd: string;
let base: string;
let service: Service;
let ratings: readonly Rating[];
let slices: readonly (readonly Rating[])[];
let environment: Record<string, string>;

beforeAll(async () => {
  if (missing !== null) return;
  cwd = await mkdtemp(join(tmpdir(), "reprise-retrain-"));
  environment = {
    REPRISE_STATE_DIR: join(cwd, "state"),
    MODEL_REGISTRY: join(cwd, "models"),
    SNAPSHOT_DIR: join(cwd, "snapshots"),
  };
  ratings = inOrderOfTime(gunzipSync(await readFile(RATINGS)).toString());
  const first = Math.floor(ratings.length * BASE_SHARE);
  const size = Math.ceil((ratings.length - first) / ROUNDS);
  slices = Array.from({ length: ROUNDS }, (_, round) =>
    ratings.slice(first + round * size, first + (round + 1) * size),
  );
  const lines = ratings.slice(0, first).map(({ user, film, rating, time }) => [user, film, rating, time].join(","));
  await writeFile(join(cwd, "base.csv"), `user,item,rating,timestamp\n${lines.join("\n")}\n`);
  base = JSON.parse((await done("import", "base.csv", "--input-format", "csv", "--format", "json")).out).snapshot_id;
  await done("train", "--snapshot", base, "--factors", "32", "--iterations", "8");
  service = await startProcess([...CLI.node, "serve"], environment);
});
afterAll(async () => {
  await service?.stop();
  if (cwd) await rm(cwd, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<Ended> => reprise({ cwd, env: environment }, ...args);

async function done(...args: string[]): Promise<Ended> {
  const ended = await run(...args);
  expect([args[0], ended.code, ended.err]).toEqual([args[0], 0, ""]);
  return ended;
}

function inOrderOfTime(csv: string): Rating[] {
  const [, ...lines] = csv.trim().split(/\r?\n/);
  return lines
    .map((line) => {
      const [user = "", film = "", rating, time] = line.split(",");
      return { user, film, rating: Number(rating), time: Number(time) };
    })
    .sort((a, b) => a.time - b.time);
}

async function post<Body>(path: string, body: unknown = {}): Promise<Body> {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${service.base}${path}`, init);
  const text = await response.text();
  expect([path, response.status < 300, text]).toEqual([path, true, text]);
  return JSON.parse(text) as Body;
}

async function report(name: string, ratings: readonly Rating[]): Promise<void> {
  for (let from = 0; from < ratings.length; from += BATCH) {
    const batch = ratings.slice(from, from + BATCH).map(({ user, film, rating, time }, at) => ({
      event_id: `${name}-${from + at}`,
      type: "rate",
      user_id: user,
      movie_id: film,
      rating,
      ts: time * 1_000,
    }));
    expect(await post("/events", batch)).toEqual({ accepted: batch.length, duplicates: 0, rejected: [] });
  }
}

async function retrain(): Promise<{ code: number | null; retrained: Retrained }> {
  const { code, out, err } = await run("retrain", "--base", base, "--rollout", "canary", "--format", "json");
  expect(err).toBe("");
  return { code, retrained: JSON.parse(out) };
}

async function rollout() {
  const response = await fetch(`${service.base}/rollout/status`);
  return ((await response.json()) as { rollout: { strategy: string; primary_version: string; canary_version: string } })
    .rollout;
}

/** What a version's manifest says of NDCG@10 on the newest fifth, beside popularity. */
async function quality(version: string) {
  const { evaluation, interactions } = JSON.parse((await done("models", "show", version)).out);
  const of = (metrics: Record<string, { value: number }> | undefined) => metrics?.["ndcg@10"]?.value.toFixed(4);
  return {
    version,
    interactions,
    "NDCG@10": of(evaluation.metrics),
    popularity: of(evaluation.baselines.popularity),
    users: evaluation.users,
  };
}

describe("ml-latest-small in the order of time", () => {
  testGiven(missing)(
    "is retrained on round by round, each version a canary and then live, and a poisoned slice is refused",
    async () => {
      const rows: object[] = [{ round: 0, ...(await quality("v0.1")) }];
      const published: string[] = [];
      let champion = "v0.1";
      for (const [place, slice] of slices.entries()) {
        await report(`round-${place}`, slice);
        const before = await rollout();
        const { code, retrained } = await retrain();
        const { outcome, version, gate } = retrained;
        expect([code, outcome]).toEqual(gate?.passed ? [0, "published"] : [1, "refused"]);
        if (outcome === "refused") {
          expect(await rollout()).toEqual(before);
          rows.push({ round: place + 1, version: "refused", reason: gate?.reasons[0] });
          continue;
        }
        const canary = { strategy: "canary", primary_version: champion, canary_version: version };
        // The service looks at what another process made live after half a second at the latest.
        await expect.poll(rollout, { timeout: 30_000 }).toMatchObject(canary);
        // 610 viewers are too few for a verdict between two arms, and the experiment says so.
        expect(await post("/experiment/promote?dry_run=true")).toMatchObject({ promoted: false });
        await post(`/switch?model=${version}`);
        await done("models", "alias", "champion", version);
        expect((await retrain()).retrained).toMatchObject({ outcome: "unchanged", version });
        rows.push({ round: place + 1, ...(await quality(version)) });
        published.push(version);
        champion = version;
      }
      console.table(rows);
      expect(published).toHaveLength(PUBLISHED);

      const live = await rollout();
      await report("poisoned", shuffledFilms(ratings, POISONED));
      const { code, retrained } = await retrain();
      expect([code, retrained.outcome]).toEqual([1, "refused"]);
      expect(retrained.gate?.reasons.length).toBeGreaterThan(0);
      console.info(`poisoned slice: ${retrained.gate?.reasons.join("; ")}`);
      expect(await rollout()).toEqual(live);
      const answer = (await (await fetch(`${service.base}/recommend/1`)).json()) as { model: string };
      expect(answer.model).toBe(champion);
      const { models } = JSON.parse((await done("models", "list", "--format", "json")).out);
      expect(models).toHaveLength(1 + PUBLISHED);
    },
  );
});

/** The newest viewers at later times, each with films that are as popular as ever and chosen by nobody. */
function shuffledFilms(all: readonly Rating[], count: number): Rating[] {
  const random = seededRandom(7);
  const films = all.map(({ film }) => film);
  for (let at = films.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [films[at], films[other]] = [films[other] as string, films[at] as string];
  }
  const last = all.at(-1)?.time ?? 0;
  return all.slice(-count).map((rating, at) => ({ ...rating, film: films[at] as string, time: last + 1 + at }));
}
