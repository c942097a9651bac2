import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { train } from "../../test/builders.ts";
import { importTwoTastes, reprise, startReprise } from "../../test/command-line.ts";
import { artifactDigest, encodeArtifact, fileDigests } from "../artifact/codec.ts";
import { parquetSnapshots } from "../drivers/parquet-snapshots.ts";
import type { CliDependencies } from "./dependencies.ts";
import { runCli } from "./run.ts";
import { tuneCommand } from "./tune.ts";

let cwd: string;
let snapshot: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "reprise-tune-"));
  snapshot = await importTwoTastes(cwd);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const SPACE = ["--space", "factors=2,4,6", "--space", "iterations=1,2,4", "--space", "regularization=0.0001..0.1"];
const arguments_ = (...args: string[]) => ["tune", "--snapshot", snapshot, "--k", "3", ...SPACE, ...args];
const tune = (...args: string[]) => reprise({ cwd }, ...arguments_(...args));
/** Long enough to be interrupted. */
const LONG = ["--search", "random", "--trials", "400", "--threads", "1"];

const linesOf = async (state: string) => (await readFile(join(cwd, state), "utf8")).split("\n").slice(0, -1);

async function untilLines(state: string, count: number): Promise<void> {
  for (;;) {
    const found = await linesOf(state).catch(() => []);
    if (found.length >= count) return;
    await delay(5);
  }
}

describe("tune", () => {
  test("finds the same with any number of threads, and a command that trains just the best", async () => {
    const json = ["--trials", "8", "--format", "json"];
    const [found, again] = await Promise.all([
      tune(...json, "--threads", "1", "--state", "short", "--report", "report.html"),
      tune(...json, "--threads", "2"),
    ]);
    expect([found.code, found.err]).toEqual([0, ""]);
    expect(again.out).toBe(found.out);

    const report = JSON.parse(found.out);
    expect(report).toMatchObject({ snapshot_id: snapshot, seed: 1, protocol: "temporal", search: "halving", k: 3 });
    expect(report.trials).toHaveLength(8);
    const scores = report.trials.map(({ metrics }: { metrics: Record<string, unknown> }) => metrics["ndcg@3"]);
    const values = scores.map(({ value }: { value: number }) => value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(report.best).toEqual(report.trials[0]);

    const [npx, name, ...command] = report.command.split(" ");
    expect([npx, name]).toEqual(["npx", "reprise"]);
    const trained = await reprise({ cwd }, ...command, "--models", "best", "--format", "json");
    const { artifact_digest, hyperparameters } = JSON.parse(trained.out);
    expect(hyperparameters).toEqual(report.best.hyperparameters);
    const imported = await parquetSnapshots(join(cwd, "snapshots")).load(snapshot);
    const expected = await train(imported, report.best.hyperparameters);
    expect(artifact_digest).toBe(artifactDigest(fileDigests(encodeArtifact(expected))));

    const page = await readFile(join(cwd, "report.html"), "utf8");
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("<svg");
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
    expect(page).toContain(report.command);
  });

  test("goes on where a killed process was, to the same end", async () => {
    const { child, ended } = startReprise({ cwd }, ...arguments_(...LONG, "--state", "killed"));
    await untilLines("killed", 6);
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    const kept = await linesOf("killed");
    expect(kept.length).toBeLessThan(402);
    await appendFile(join(cwd, "killed"), '{"kind":"outcome","outc');

    const shorter = ["--search", "random", "--trials", `${kept.length}`, "--threads", "1"];
    const [resumed, whole] = await Promise.all([tune(...shorter, "--state", "killed"), tune(...shorter)]);
    expect([resumed.code, resumed.err]).toEqual([0, ""]);
    expect(resumed.out).toBe(whole.out);
    const lines = await linesOf("killed");
    // A line that says of what, the baselines, and a line for each trial.
    expect(lines).toHaveLength(kept.length + 2);
    expect(lines.slice(0, kept.length)).toEqual(kept);
  });

  test("leaves the state whole when it is interrupted, says how to go on, and exits 130", async () => {
    const { child, ended } = startReprise({ cwd }, ...arguments_(...LONG, "--state", "stopped"));
    await untilLines("stopped", 4);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      code: 130,
      out: "",
      err: "stopped; the same command goes on with stopped\n",
    });
    expect(await readFile(join(cwd, "stopped"), "utf8")).toMatch(/\n$/);
    for (const line of await linesOf("stopped")) expect(() => JSON.parse(line)).not.toThrow();
  });

  test("refuses the state of another search, and leaves it as it is", async () => {
    const before = await linesOf("short");
    const { code, out, err } = await tune("--trials", "8", "--seed", "2", "--state", "short");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe("error: --state: short is of another search: seed 1, not 2\n");
    expect(await linesOf("short")).toEqual(before);
  });

  test.each([
    [["--trials", "0"], "--trials: must be a whole number from 1 to 10000, is 0"],
    [["--k", "501"], "--k: must be a whole number from 1 to 500, is 501"],
    [["--seed", "-1"], "--seed: must be a whole number from 0 to 9007199254740991, is -1"],
    [["--test-share", "1"], "--test-share: must be a number between 0 and 1, is 1"],
    [["--threads", "0"], "--threads: must be a whole number from 1 to 64, is 0"],
    [["--space", "depth=3"], "--space: depth=3: must be NAME=VALUES with one of factors, "],
    [["--search", "grid"], "option '--search <search>' argument 'grid' is invalid."],
  ])("does not take %j", async (args, message) => {
    let said = "";
    const err = { isTTY: false, write: (text: string) => (said += text) };
    const deps = {
      out: err,
      err,
      env: {},
      cores: 1,
      stopped: () => new Promise(() => {}),
    } as unknown as CliDependencies;
    expect(await runCli(tuneCommand(deps), ["--snapshot", "ab", ...args], deps)).toBe(2);
    expect(said.slice(0, `error: ${message}`.length)).toBe(`error: ${message}`);
  });
});
