import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { click, shownList } from "../../test/contract/conversion-store.ts";
import { exposureOf } from "../../test/contract/trace-store-samples.ts";
import { openSqlite } from "../drivers/sqlite.ts";
import type { Exposure } from "../provenance/trace.ts";
import type { Rollout } from "../rollout/record.ts";
import { type AnalyzeDependencies, analyzeExperimentCommand } from "./analyze-experiment.ts";
import { runCli } from "./run.ts";

const NOW = Date.UTC(2025, 10, 20, 12);
const HOUR_MS = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-experiment-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const database = () => join(folder, "reprise.sqlite");

async function analyze(argv: readonly string[], overrides: Partial<AnalyzeDependencies> = {}) {
  const printed = { out: "", err: "" };
  const deps = {
    out: { write: (text: string) => (printed.out += text) },
    err: { write: (text: string) => (printed.err += text), isTTY: false },
    env: { REPRISE_DATABASE: database(), REPRISE_ADMIN_TOKEN: "secret-token" },
    now: () => NOW,
    database: openSqlite,
    fetch: async () => expect.unreachable("no service was named"),
    ...overrides,
  };
  const program = new Command("reprise").addCommand(analyzeExperimentCommand(deps));
  return { code: await runCli(program, ["analyze-experiment", ...argv], deps), ...printed };
}

const json = async (argv: readonly string[], overrides: Partial<AnalyzeDependencies> = {}) => {
  const { code, out, err } = await analyze([...argv, "--format", "json"], overrides);
  expect(err).toBe("");
  return { code, report: JSON.parse(out) };
};

/** A database with an A/B test that has run for two hours, in which some users of variant_A failed. */
async function keep(failures: number, users = 1_500): Promise<void> {
  const { live, traces, close } = openSqlite(database());
  const rollout: Rollout = {
    strategy: "ab_test",
    primary_version: "v0.1",
    canary_version: "v0.2",
    canary_percentage: 0,
    environment: "test",
  };
  const time = new Date(NOW - 2 * HOUR_MS).toISOString();
  const entry = { time, action: "start", from: null, to: "v0.1", strategy: "ab_test", actor: "service" } as const;
  await live.change(null, rollout, { ...entry, outcome: "done", reason: null });
  const exposures = Array.from({ length: 2 * users }, (_, user): Exposure => {
    const variant = user % 2 === 0 ? "variant_B" : "variant_A";
    const failed = variant === "variant_A" && user < 2 * failures;
    const shown = { variant, rollout_revision: 1, latency_ms: failed ? null : 1 + (user % 5) };
    return exposureOf({ request_id: `r${user}`, ts: NOW - 1_000 }, `${user}`, {
      ...shown,
      status: failed ? "failed" : "ok",
    });
  });
  await traces.append([], exposures);
  close();
}

describe("analyze-experiment --counts", () => {
  test("tells the known answer in the contract's shape", async () => {
    const { code, report } = await json(["--counts", "200,1000,260,1000"]);
    const { bootstrap, ...known } = report.test;
    expect({ code, ...report, test: known }).toEqual({
      code: 0,
      arms: {
        variant_A: { users: 1_000, conversions: 200, rate: 0.2 },
        variant_B: { users: 1_000, conversions: 260, rate: 0.26 },
      },
      test: {
        difference: expect.closeTo(0.06, 12),
        z: expect.closeTo(3.188063565, 9),
        p: expect.closeTo(0.0014322905, 9),
        wald: [expect.closeTo(0.0232069, 7), expect.closeTo(0.0967931, 7)],
        newcombe: [expect.closeTo(0.0231235, 7), expect.closeTo(0.0966861, 7)],
      },
      srm: { expected_share: 0.5, chi2: 0, p: 1 },
      decision: "ship_variant_b",
      reasons: expect.any(Array),
      recommendation: expect.stringMatching(/variant_B/),
    });
    expect(bootstrap[0]).toBeCloseTo(0.0232, 2);
    expect(bootstrap[1]).toBeCloseTo(0.0968, 2);
  });

  test.each([
    ["1500,1500,1500,1500", 0, /^no_difference$/m],
    ["260,1000,200,1000", 0, /^ship_variant_a$/m],
    ["500,1000,510,1000", 2, /^inconclusive$/m],
    ["0,0,0,0", 2, /variant_A +0 +0 +-/],
  ])("of %s exits with %i, and prints what was decided", async (counts, code, text) => {
    const printed = await analyze(["--counts", counts]);
    expect([printed.code, printed.err]).toEqual([code, ""]);
    expect(printed.out).toMatch(text);
  });

  test("expects the share that it is told", async () => {
    const counts = ["--counts", "1800,9000,300,1000"];
    expect((await json(counts)).report.decision).toBe("inconclusive");
    const { code, report } = await json([...counts, "--expected-share", "0.1"]);
    expect([code, report.decision, report.srm]).toEqual([0, "ship_variant_b", { expected_share: 0.1, chi2: 0, p: 1 }]);
  });

  test.each([
    [["--counts", "1,2,3"], "--counts: must be a_successes,a_total,b_successes,b_total"],
    [["--counts", "3,2,1,2"], 'is "3,2,1,2"'],
    [["--counts", "1,2,1,10000001"], "at most 10000000"],
    [["--counts", "-1,2,1,2"], "--counts"],
    [["--counts", "1,2,1,2", "--expected-share", "1"], "--expected-share: must lie between 0 and 1, is 1"],
    [["--counts", "1,2,1,2", "--api-url", "http://x"], "cannot be used with"],
    [["--counts", "1,2,1,2", "--time-window-minutes", "5"], "cannot be used with"],
    [["--time-window-minutes", "0"], "--time-window-minutes: must be a whole number from 1 to 10080, is 0"],
  ])("%j is refused", async (argv, message) => {
    const { code, out, err } = await analyze(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});

describe("analyze-experiment of a local database", () => {
  test("ships what does better over the window", async () => {
    await keep(100);
    const { code, report } = await json([]);
    expect(code).toBe(0);
    expect(report.experiment).toMatchObject({ strategy: "ab_test", time_window_minutes: 60, revision: 1 });
    expect(report.metrics.variant_A).toMatchObject({ users: 1_500, requests: 1_500, successes: 1_400 });
    expect(report.statistical_analysis.decision).toBe("ship_variant_b");
    expect(report.latency_comparison).toMatchObject({ variant_A_p95_ms: 5, variant_B_p95_ms: 5, percent_change: 0 });
    const { out } = await analyze([]);
    expect(out).toContain("ab_test: v0.1 (variant_A) and v0.2 (variant_B), revision 1, 2025-11-20T11:00:00.000Z to");
    expect(out).toMatch(/variant_A +1500 +1500 +1400 +- +93\.33 % +5\.00 ms/);
    expect(out).toMatch(/^ship_variant_b$/m);
  });

  test("compares by conversion, once events are held", async () => {
    await keep(0);
    const { traces, events, close } = openSqlite(database());
    const lists = Array.from({ length: 3_000 }, (_, user) => shownList(`r${user}`, NOW - 1_000, user, [user, "film"]));
    // Of the last ten, one in variant_A and nine in variant_B, the lists are not held.
    await traces.append(lists.slice(0, 2_981).concat(lists.slice(2_981, 2_999).filter((_, at) => at % 2 === 0)), []);
    await events.append(
      lists.flatMap((_, user) => (user < 1_000 || user % 4 === 0 ? [click(`${user}`, "film", NOW)] : [])),
    );
    close();
    const { code, report } = await json([]);
    const { metric, results, reasons, decision } = report.statistical_analysis;
    expect([code, metric, decision]).toEqual([0, "conversion", "ship_variant_b"]);
    expect(results.arms.variant_A).toEqual({ users: 1_499, conversions: 500, rate: 500 / 1_499 });
    expect(report.metrics.variant_B.conversion).toMatchObject({ users: 1_491, requests_unknown: 9 });
    expect(reasons.at(-1)).toMatch(/What came of 10 requests is not known \(0\.07 % of those in variant_A, 0\.60 % /);
    const { out } = await analyze([]);
    expect(out).toMatch(/^metric +conversion, within 24 hours of a list$/m);
    expect(out).toMatch(/variant_A +1500 +1500 +1500 +500 +33\.36 % +5\.00 ms/);
  });

  test("ships nothing before the window is over", async () => {
    await keep(100);
    const { code, report } = await json(["--time-window-minutes", "180"]);
    expect([code, report.statistical_analysis.decision]).toEqual([2, "inconclusive"]);
    expect(report.statistical_analysis.reasons[0]).toMatch(/60 of 180 minutes are left/);
  });

  test("cannot tell of a database that is not there, or in which nothing was live", async () => {
    const missing = await analyze([]);
    expect([missing.code, missing.err]).toEqual([2, `error: there is no database ${database()}\n`]);
    openSqlite(database()).close();
    const empty = await analyze([]);
    expect([empty.code, empty.err]).toEqual([2, `error: nothing has been live in ${database()} yet\n`]);
  });
});

describe("analyze-experiment of a running service", () => {
  const asks = (body: unknown, status = 200) => {
    const asked: [string, RequestInit][] = [];
    const fetch: AnalyzeDependencies["fetch"] = async (url, init) => {
      asked.push([url, init]);
      return Response.json(body, { status });
    };
    return { asked, fetch };
  };

  test("prints its analysis", async () => {
    await keep(0);
    const { report } = await json([]);
    const { asked, fetch } = asks(report);
    const answer = await json(["--api-url", "http://api:8080", "--time-window-minutes", "30"], { fetch });
    expect(answer).toEqual({ code: 0, report });
    expect(asked).toEqual([
      [
        "http://api:8080/experiment/analyze?time_window_minutes=30",
        { headers: { Authorization: "Bearer secret-token" } },
      ],
    ]);
    const { out } = await analyze(["--api-url", "http://api:8080"], { fetch });
    expect(out).toMatch(/^no_difference$/m);
  });

  test.each([
    [{ detail: "no model is published" }, 503, "answers 503: no model is published"],
    [{ detail: "no such route" }, 404, "answers 404: no such route"],
    [{ experiment: {} }, 200, "answers, but not with an analysis"],
  ])("that answers %j with %i could not be told", async (body, status, message) => {
    const { code, out, err } = await analyze(["--api-url", "http://api:8080"], asks(body, status));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  test("that does not answer, or has no address, could not be told", async () => {
    const fetch = async () => {
      throw new TypeError("fetch failed");
    };
    const down = await analyze(["--api-url", "http://api:8080"], { fetch });
    expect([down.code, down.err]).toEqual([
      2,
      "error: http://api:8080/experiment/analyze?time_window_minutes=60 does not answer\n",
    ]);
    expect((await analyze(["--api-url", "nowhere"])).err).toContain("--api-url: must be an address");
  });
});
