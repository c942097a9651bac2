import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { candidateOf, train } from "../../test/builders.ts";
import { importTwoTastes, reprise, type Started, startReprise } from "../../test/command-line.ts";
import { rating } from "../../test/events.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";

/** Due every other second: nothing else tells a service of its own to begin. */
const OFTEN = "*/2 * * * * *";
const EVENTUALLY = { timeout: 240_000, interval: 100 };
/** Runs are processes of a low priority: where the machine is busy, they take long. */
const TIMEOUT_MS = 600_000;

let cwd: string;
let base: string;
const started: Started[] = [];
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-serve-retraining-"));
  await openPublisher(modelFolder(join(cwd, "models")), Date.now).submit(candidateOf(await train()));
  base = await importTwoTastes(cwd);
  const database = openSqlite(join(cwd, "var", "reprise.sqlite"));
  // Users 101 to 130 have the tastes of the others.
  const events = Array.from({ length: 150 }, (_, place) => {
    const [user, day] = [Math.floor(place / 5), place % 5];
    const film = (user % 2 === 0 ? 1 : 9) + ((user + 3 * day) % 8);
    return rating(`${user}-${day}`, String(101 + user), String(film), Date.UTC(2024, 1, 1 + day, user), 4);
  });
  await database.events.append(events);
  database.close();
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await rm(cwd, { recursive: true, force: true, maxRetries: 20 });
});

async function serve(...args: string[]) {
  const process = startReprise({ cwd, env: { PORT: "0" } }, "serve", "--retrain-schedule", OFTEN, ...args);
  started.push(process);
  const [, url = ""] = await process.printed(/answers at (http:\S+) /);
  const stop = async () => {
    process.child.kill("SIGTERM");
    return process.ended;
  };
  const health = async () => (await (await fetch(`${url}/healthz`)).json()) as { retraining: object; rollout: object };
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return { url, stop, health, metrics };
}

test("a service retrains when it is due, beside answering, and of two on one database one does", {
  timeout: TIMEOUT_MS,
}, async () => {
  const services = [await serve("--retrain-base", base, "--retrain-rollout", "canary")];
  services.push(await serve("--retrain-base", base, "--retrain-rollout", "canary"));
  for (const { url, health, metrics } of services) {
    // Both have looked at what there is; one trained on it, and after that there was nothing new.
    await expect.poll(metrics, EVENTUALLY).toMatch(/^retrain_runs\{outcome="unchanged"\} ([2-9]|\d\d+)$/m);
    expect(await metrics()).toMatch(/^retrain_runs\{outcome="published"\} 1$/m);
    expect(await metrics()).toMatch(/^retrain_success_timestamp_seconds 1[0-9.e+]+$/m);
    expect((await health()).rollout).toMatchObject({
      ...{ strategy: "canary", primary_version: "v0.1", canary_version: "v0.2", canary_percentage: 10 },
    });
    expect((await fetch(`${url}/recommend/1`)).status).toBe(200);
  }
  expect(await openRegistry(modelFolder(join(cwd, "models"))).versions()).toEqual(["v0.1", "v0.2"]);
  for (const { stop } of services) {
    const { code, err } = await stop();
    expect(code).toBe(0);
    expect(err).toContain("retraining: next due at ");
  }
});

test("a run that fails is told, and neither ends the service nor keeps the next from being tried", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { health, metrics, url, stop } = await serve("--retrain-base", base);
  // A run may be about to write there.
  await rm(join(cwd, "snapshots"), { recursive: true, maxRetries: 20 });
  await expect.poll(metrics, EVENTUALLY).toMatch(/^retrain_runs\{outcome="failed"\} ([2-9]|\d\d+)$/m);
  expect((await health()).retraining).not.toBeNull();
  expect((await fetch(`${url}/recommend/1`)).status).toBe(200);
  const { code, err } = await stop();
  expect(code).toBe(0);
  expect(err).toMatch(/"level":"warning","message":"retraining: failed with [12]: .*snapshot/);
});

test("a schedule that does not parse and a base that is not there stop the start", {
  timeout: TIMEOUT_MS,
}, async () => {
  const refused = async (...args: string[]) => {
    const { code, out, err } = await reprise({ cwd, env: { PORT: "0" } }, "serve", ...args);
    expect([code, out]).toEqual([2, ""]);
    return err;
  };
  expect(await refused("--retrain-schedule", "at noon")).toMatch(
    /^error: --retrain-schedule: must be a cron schedule like "0 3 \* \* \*", in UTC: [^\n]+\n$/,
  );
  expect(await refused("--retrain-schedule", OFTEN, "--retrain-base", "beef")).toMatch(/^error: [^\n]*beef[^\n]*\n$/);
});
