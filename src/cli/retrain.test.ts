import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidateOf, engine, fitTools, train, twoTastes } from "../../test/builders.ts";
import { rating } from "../../test/events.ts";
import { pemOf, signingKey } from "../../test/signing-keys.ts";
import { modelFolder } from "../drivers/model-folder.ts";
import { parquetSnapshots } from "../drivers/parquet-snapshots.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import { openPublisher } from "../registry/publisher.ts";
import { openRegistry } from "../registry/registry.ts";
import type { CliDependencies } from "./dependencies.ts";
import { retrainCommand } from "./retrain.ts";
import { runCli } from "./run.ts";

let folder: string;
let base: string;
let clock: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "reprise-retrain-verb-"));
  clock = Date.UTC(2024, 5, 1);
  const snapshot = twoTastes();
  base = snapshot.id;
  const counts = { lines: 0, duplicates: 0, ignored: 0, quarantined: 0 };
  const meta = { source: "test", format: "csv", imported_at: "2024-01-01T00:00:00.000Z", ...counts };
  await parquetSnapshots(join(folder, "snapshots")).save(snapshot, meta);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const database = () => openSqlite(at("reprise.sqlite"));
const registry = () => openRegistry(modelFolder(at("models")));

const environment = () => ({
  SNAPSHOT_DIR: at("snapshots"),
  MODEL_REGISTRY: at("models"),
  REPRISE_DATABASE: at("reprise.sqlite"),
});

/** Runs the verb on this folder, in this process. */
async function retrain(args: readonly string[], given: Partial<CliDependencies> = {}) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: environment(),
    now: () => clock++,
    cores: 1,
    runtime: "node",
    code: async () => ({ gitSha: "abc", dirty: false }),
    engine: async () => engine,
    threads: () => fitTools.openSweeper,
    snapshots: parquetSnapshots,
    models: modelFolder,
    keyFiles: {},
    database: openSqlite,
    stopped: () => new Promise<void>(() => {}),
    ...given,
  } as unknown as CliDependencies;
  const code = await runCli(retrainCommand(deps), [...args], deps);
  return { code, ...printed };
}

async function championStands(): Promise<void> {
  await openPublisher(modelFolder(at("models")), Date.now).submit(candidateOf(await train()));
}

/** Events of users 101 to 130, who have the tastes of the others. */
async function newcomersCame(): Promise<void> {
  const opened = database();
  const events = Array.from({ length: 150 }, (_, place) => {
    const [user, day] = [Math.floor(place / 5), place % 5];
    const film = (user % 2 === 0 ? 1 : 9) + ((user + 3 * day) % 8);
    return rating(`${user}-${day}`, String(101 + user), String(film), Date.UTC(2024, 1, 1 + day, user), 4);
  });
  await opened.events.append(events);
  opened.close();
}

async function lastRun() {
  const opened = database();
  const run = await opened.retraining.last();
  opened.close();
  return run;
}

describe("retrain", () => {
  test("publishes what passes and says what it did, once as text and once as JSON", async () => {
    await championStands();
    await newcomersCame();
    const first = await retrain(["--base", base.slice(0, 12), "--format", "json"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(first.out)).toMatchObject({ outcome: "published", version: "v0.2", event_seq: 150 });
    expect(JSON.parse(first.out).gate.checks).toContainEqual(
      expect.objectContaining({ name: "new events carry preference", outcome: "passed" }),
    );
    const second = await retrain(["--base", base]);
    expect(second.out).toMatch(/^v0\.2 stays: snapshot [0-9a-f]{12}, events to 150\. v0\.2 was trained on the same /);
    expect(await registry().versions()).toEqual(["v0.1", "v0.2"]);
  });

  test("with --rollout puts it before as many users as it is told", async () => {
    await championStands();
    await newcomersCame();
    expect((await retrain(["--base", base, "--rollout", "canary", "--percentage", "25"])).code).toBe(0);
    const opened = database();
    expect((await opened.live.read())?.rollout).toMatchObject({
      ...{ strategy: "canary", primary_version: "v0.1", canary_version: "v0.2", canary_percentage: 25 },
    });
    opened.close();
  });

  test.each(["ab_test", "shadow"] as const)("leaves an experiment as it is that is under way: %s", async (strategy) => {
    await championStands();
    await newcomersCame();
    const rollout = { ...{ strategy, primary_version: "v0.1", canary_version: "v0.9" }, canary_percentage: 0 };
    const opened = database();
    const entry = { time: "2024-01-01T00:00:00.000Z", action: "start", from: null, to: "v0.1", strategy } as const;
    const done = { ...entry, actor: "token", outcome: "done", reason: null } as const;
    await opened.live.change(null, { ...rollout, environment: "test" }, done);
    const { code, out } = await retrain(["--base", base, "--rollout", "canary"]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(`not rolled out: ${strategy} of v0.1 and v0.9 is under way`),
    ]);
    expect((await opened.live.read())?.rollout).toMatchObject(rollout);
    opened.close();
  });

  test("puts nothing before users that no trusted key signed, and what one signed", async () => {
    await championStands();
    await newcomersCame();
    const signer = await signingKey(7);
    const trusting = { ...environment(), REPRISE_TRUSTED_KEYS: signer.publicKey.text };
    const args = ["--base", base, "--rollout", "canary"];
    expect(await retrain(args, { env: trusting })).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^error: v0\.2 is published but not rolled out: .*signature: not signed[^\n]*\n$/),
    });
    const opened = database();
    expect((await opened.live.read())?.rollout).toMatchObject({ strategy: "fixed", primary_version: "v0.1" });
    await opened.events.append([rating("one-more", "1", "2", Date.UTC(2024, 2, 1), 4)]);
    const signing = { ...trusting, REPRISE_SIGNING_KEY: pemOf(7) };
    expect(await retrain(args, { env: signing })).toMatchObject({ code: 0, err: "" });
    expect((await opened.live.read())?.rollout).toMatchObject({ strategy: "canary", canary_version: "v0.3" });
    opened.close();
  });

  test("exits with 1 where the gate refuses, and publishes nothing", async () => {
    const opened = database();
    const noise = Array.from({ length: 200 }, (_, place) =>
      rating(`n${place}`, `x${place % 4}`, `${place % 3}`, place),
    );
    await opened.events.append(noise);
    opened.close();
    const { code, out } = await retrain(["--format", "json"]);
    expect([code, JSON.parse(out).outcome, JSON.parse(out).gate.passed]).toEqual([1, "refused", false]);
    expect(await registry().versions()).toEqual([]);
  });

  test("exits with 2 where another process is at it", async () => {
    const opened = database();
    await opened.retraining.begin(clock, 0);
    opened.close();
    expect(await retrain(["--base", base])).toEqual({
      code: 2,
      out: "Another process is retraining on this database; nothing was done.\n",
      err: "",
    });
  });

  test("told to end before it has begun, begins no run", async () => {
    let beginsTo = () => {};
    const begun = new Promise<void>((resolve) => {
      beginsTo = resolve;
    });
    const code: CliDependencies["code"] = async () => {
      beginsTo();
      // Long enough for a rejection that nobody waits for to be noticed.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      return { gitSha: "abc", dirty: false };
    };
    const ended = await retrain(["--base", base], { stopped: () => begun, code });
    expect(ended).toEqual({ code: 2, out: "", err: "error: the run was told to end\n" });
    expect(await lastRun()).toBeNull();
  });

  test("told to end, gives the run up, and the next one begins at once", async () => {
    let tellToEnd = () => {};
    const stopped = new Promise<void>((resolve) => {
      tellToEnd = resolve;
    });
    const neverEnds: CliDependencies["threads"] = () => async () => {
      tellToEnd();
      return new Promise<never>(() => {});
    };
    const { code, err } = await retrain(["--base", base], { stopped: () => stopped, threads: neverEnds });
    expect([code, err]).toEqual([2, "error: the run was told to end\n"]);
    expect(await lastRun()).toMatchObject({ outcome: "failed", reason: "the run was told to end" });
    expect((await retrain(["--base", base])).code).toBe(0);
  });

  test.each([
    [["--percentage", "101"], "error: --percentage: must be a number from 0 to 100, is 101\n"],
    [["--percentage", "many"], /^error: option '--percentage <n>' argument 'many' is invalid\. must be a number\.\n$/],
    [["--threads", "0"], /^error: --threads: must be a whole number from 1 to /],
    [
      ["--rollout", "all"],
      /^error: option '--rollout <strategy>' argument 'all' is invalid\. Allowed choices are canary\.\n$/,
    ],
    [["--base", "beef"], /^error: .*beef/],
  ])("refuses %j in one line", async (args, message) => {
    const { code, out, err } = await retrain(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});

describe("retrain --schedule", () => {
  test("retrains whenever it is due until it is told to end, and a run that fails is not the last", async () => {
    let tellToEnd = () => {};
    const stopped = new Promise<void>((resolve) => {
      tellToEnd = resolve;
    });
    const versions: (readonly string[])[] = [];
    const cron: CliDependencies["cron"] = (pattern, work, option) => {
      expect([pattern, option]).toEqual(["0 3 * * *", "--schedule"]);
      const ticks = async () => {
        await work();
        await newcomersCame();
        await work();
        versions.push(await registry().versions());
        tellToEnd();
      };
      setTimeout(ticks, 0);
      return { next: () => new Date(Date.UTC(2024, 5, 2, 3)), stop: () => {} };
    };
    // Without a base, the first run has nothing to train on.
    const { code, out, err } = await retrain(["--schedule", "0 3 * * *"], { cron, stopped: () => stopped });
    expect(code).toBe(0);
    expect(err).toContain("Retraining is due at 2024-06-02T03:00:00.000Z (0 3 * * *, UTC). Ctrl-C ends it.\n");
    expect(err).toMatch(/^2024-06-01T\S+ failed: events: none are held, and no base is named$/m);
    expect(out).toMatch(/^v0\.1 published: /);
    expect(versions).toEqual([["v0.1"]]);
    // Being told to end says nothing of runs that have ended.
    expect(await lastRun()).toMatchObject({ outcome: "published", version: "v0.1", event_seq: 150 });
  });
});
