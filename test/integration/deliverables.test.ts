import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, startProgram, untilReady } from "../../scripts/observe/programs.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import { openSqlite } from "../../src/drivers/sqlite.ts";
import { EVIDENCE_PATHS } from "../../src/evidence/layout.ts";
import { type Ended, reprise, type Started, startReprise } from "../command-line.ts";
import { freePort } from "../runtime/processes.ts";
import { missingPrograms } from "./debian.ts";
import { DOWN, GAP, LAST_MINUTE, metricsHistory, SWITCHES } from "./metrics-history.ts";
import { publishEmbedded } from "./trained.ts";

/** The sequence of docs/DELIVERABLES_GUIDE.md, on a Prometheus that is filled with what nine days would have left. */
const missing =
  missingPrograms(["prometheus", "promtool"], ["prometheus"]) ?? missingPrograms(["pdftotext"], ["poppler-utils"]);
if (missing) console.warn(`SKIPPED: the hand-in; ${missing}`);

const MINUTE_MS = 60_000;
const TOKEN = "a-token-that-must-not-show";

describe.skipIf(missing !== null)("what is handed in", () => {
  let folder: string;
  let submission: number;
  let service: Started;
  let prometheus: Running;
  let addresses: readonly string[];
  let env: Record<string, string>;

  const at = (...path: string[]) => join(folder, ...path);
  const json = async (...path: string[]) => JSON.parse(await readFile(at(...path), "utf8"));
  const iso = (minute: number) => new Date(submission + minute * MINUTE_MS).toISOString();
  const run = (...args: string[]): Promise<Ended> => reprise({ cwd: folder, env }, ...args);
  const pack = async (evidence = "evidence", output = `deliverables-${evidence}`) => {
    const args = ["--evidence", evidence, "--output", output, "--format", "json"];
    const { code, out, err } = await run("package-deliverables", ...args);
    expect(err).toBe("");
    return { code, checklist: JSON.parse(out) as Checklist };
  };

  /** Makes a summary say that a file was collected as it now is. */
  const stateAsCollected = async (evidence: string, path: string) => {
    const summary = await json(evidence, "EVIDENCE_SUMMARY.json");
    const item = summary.items.find((each: { path: string }) => each.path === path);
    item.sha256 = sha256Hex(await readFile(at(evidence, path)));
    await writeFile(at(evidence, "EVIDENCE_SUMMARY.json"), JSON.stringify(summary));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "reprise-deliverables-"));
    submission = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - (LAST_MINUTE + 10) * MINUTE_MS;
    await publishEmbedded(folder);
    await recordSwitches(at("var"), submission);
    const [port, prometheusPort] = [await freePort(), await freePort()];
    env = { PORT: String(port), REPRISE_ADMIN_TOKEN: TOKEN, PROMETHEUS_URL: `http://127.0.0.1:${prometheusPort}` };

    const log = at("prometheus.log");
    await writeFile(at("history.om"), metricsHistory(submission / 1000));
    const backfill = [
      "tsdb",
      "create-blocks-from",
      "openmetrics",
      "--max-block-duration=240h",
      at("history.om"),
      at("data"),
    ];
    execFileSync("promtool", backfill, { stdio: "ignore" });
    await writeFile(at("prometheus.yml"), "global: {}\n");
    const listen = `--web.listen-address=127.0.0.1:${prometheusPort}`;
    const files = [`--config.file=${at("prometheus.yml")}`, `--storage.tsdb.path=${at("data")}`];
    prometheus = startProgram("prometheus", ["prometheus", ...files, listen], log, process.env);
    await untilReady(prometheus, `${env.PROMETHEUS_URL}/-/ready`, log);
    service = startReprise({ cwd: folder, env }, "serve");
    await service.printed(/answers at/);
    addresses = ["--api-url", `http://127.0.0.1:${port}`];
    // What a log of the service could hold by mistake.
    await writeFile(at("api.log"), `{"message":"hello","authorization":"Bearer ${TOKEN}"}\nplain ${TOKEN}\n`);
  });

  afterAll(async () => {
    service?.child.kill("SIGTERM");
    await Promise.all([service?.ended, prometheus?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  test("availability is known to two decimals, over restarts, a gap, an outage and two instances", async () => {
    const window = ["--start", iso(0), "--end", iso(LAST_MINUTE), "--format", "json"];
    const { code, out, err } = await run("calculate-availability", ...window);
    expect([code, err]).toEqual([0, ""]);
    const report = JSON.parse(out);
    expect(report.metrics).toEqual({
      // Minutes by ten: 8,220 of one instance, 6,920 of the other.
      successful_requests: 151_400,
      error_requests: 7_200,
      client_error_requests: 8_580 + 7_280,
      total_requests: 151_400 + 7_200 + 8_580 + 7_280,
      availability_percent: expect.closeTo((100 * 151_400) / 158_600, 9),
      avg_health_status: expect.closeTo(1 - 720 / (8_640 - 299 - 60 + 7_440 - 299 - 60), 3),
      p95_latency_seconds: expect.closeTo(0.01675, 9),
    });
    expect(report.metrics.availability_percent.toFixed(2)).toBe("95.46");
    expect(report.gaps).toEqual([{ start: iso(GAP.after), end: iso(GAP.until) }]);
    expect(report.unreachable).toEqual([{ start: iso(DOWN.after + 1), end: iso(DOWN.until + 1) }]);
    expect(report.slo_compliance).toMatchObject({ required_availability: 70, meets_requirement: true });
  });

  test("a requirement that is not met exits 1, and a time without data 2", async () => {
    const window = ["--start", iso(0), "--end", iso(LAST_MINUTE)];
    const failed = await run("calculate-availability", ...window, "--required", "95.47", "--output", at("a.txt"));
    expect([failed.code, failed.err]).toEqual([1, ""]);
    expect(await readFile(at("a.txt"), "utf8")).toContain("NOT MET");
    const none = await run(
      "calculate-availability",
      "--start",
      "2020-01-01",
      "--end",
      "2020-01-04",
      "--format",
      "json",
    );
    expect(none.code).toBe(2);
    expect(none.err).toContain("no data found in Prometheus");
    expect(JSON.parse(none.out).metrics).toMatchObject({ total_requests: null, availability_percent: null });
  });

  test("switches are known to the second by the record, and to a scrape by Prometheus", async () => {
    const window = ["--start", iso(-4_320), "--end", iso(LAST_MINUTE), "--format", "json"];
    const both = await run("verify-model-updates", ...window, ...addresses);
    expect([both.code, both.err]).toEqual([0, ""]);
    const told = SWITCHES.map(({ minute, from, to }) => ({
      timestamp: iso(minute),
      from_version: from,
      to_version: to,
      recorded: true,
      scraped: true,
    }));
    expect(JSON.parse(both.out)).toMatchObject({
      total_switches: 2,
      switches: told,
      requirement: { actual_updates: 2 },
    });
    const alone = await run("verify-model-updates", ...window, "--api-url", "http://127.0.0.1:9");
    const { switches, sources } = JSON.parse(alone.out);
    expect(switches.map((each: { timestamp: string }) => each.timestamp)).toEqual([iso(2_001), iso(6_321)]);
    expect(sources.history).toContain("API not accessible");
    const most = await run("verify-model-updates", ...window, ...addresses, "--required", "3");
    expect(most.code).toBe(1);
  });

  test("evidence of windows that have not ended is pending: well collected, and not yet complete", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { code: collected, out } = await run(
      "collect-evidence",
      "--output",
      "early",
      ...addresses,
      "--submission-date",
      soon,
      "--format",
      "json",
    );
    expect(collected).toBe(0);
    const { items } = JSON.parse(out);
    const statusOf = (path: string) => items.find((item: { path: string }) => item.path === path).status;
    expect(statusOf("availability/availability_72h.json")).toBe("pending");
    expect(statusOf("availability/availability_144h.json")).toBe("pending");
    const { code, checklist } = await pack("early");
    expect(code).toBe(1);
    expect(lineOf(checklist, "availability window, 144 h after the submission").status).toBe("pending");
  });

  test("everything that is there and sound is complete, and exits 0", async () => {
    const logs = ["--api-log", at("api.log"), "--prometheus-log", at("prometheus.log")];
    const date = ["--submission-date", new Date(submission).toISOString()];
    const collected = await run("collect-evidence", ...addresses, ...date, ...logs);
    expect([collected.code, collected.err]).toEqual([0, ""]);
    const { items } = await json("evidence", "EVIDENCE_SUMMARY.json");
    expect(items.map(({ path }: { path: string }) => path)).toEqual(EVIDENCE_PATHS);
    for (const { path, sha256 } of items) {
      if (sha256 !== null) expect(sha256Hex(await readFile(at("evidence", path)))).toBe(sha256);
    }
    const people = ["--team", "Team 7", "--contact", "team@example.org"];
    const packed = await run("package-deliverables", "--pdf", ...people, "--format", "json");
    expect(packed.err).toBe("");
    const checklist = JSON.parse(packed.out) as Checklist;
    expect(checklist.lines.filter(({ status }) => status !== "complete")).toEqual([]);
    expect(packed.code).toBe(0);

    const pdf = execFileSync("pdftotext", ["-layout", at("deliverables", "deliverables.pdf"), "-"], {
      encoding: "utf8",
    });
    for (const heading of ["Contents", "Availability", "Models", "Provenance", "Experiment", "Drift", "Checklist"]) {
      expect(pdf).toMatch(new RegExp(`^\\s*${heading}\\b`, "m"));
    }
    expect(pdf).toContain("95.46 %");
    const readme = await readFile(at("deliverables", "README.md"), "utf8");
    expect(readme).toContain("Team 7");
  });

  test("no secret is in any file", async () => {
    for (const root of ["evidence", "deliverables"]) {
      for (const file of await readdir(at(root), { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        const bytes = await readFile(join(file.parentPath, file.name));
        expect(bytes.includes(TOKEN), file.name).toBe(false);
      }
    }
    expect(await readFile(at("evidence", "logs", "api_logs_sample.txt"), "utf8")).toContain("plain [redacted]");
  });

  test("a piece of evidence that is gone is named", async () => {
    await cp(at("evidence"), at("gone"), { recursive: true });
    await rm(at("gone", "api_samples", "metrics.txt"));
    const { code, checklist } = await pack("gone");
    expect(code).toBe(1);
    expect(lineOf(checklist, "monitoring")).toMatchObject({
      status: "incomplete",
      missing: ["api_samples/metrics.txt: is missing, though it was collected"],
    });
    expect(open(checklist)).toEqual(["monitoring"]);
  });

  test("a trace that was altered is named, though its digest is made to fit", async () => {
    await cp(at("evidence"), at("altered"), { recursive: true });
    const path = ["altered", "api_samples", "trace_sample.json"] as const;
    const trace = await json(...path);
    trace.trace.answer.recommendations[0].score += 0.25;
    await writeFile(at(...path), JSON.stringify(trace));
    const noticed = await pack("altered");
    expect(noticed.code).toBe(1);
    expect(lineOf(noticed.checklist, "provenance").missing.join()).toMatch(/trace_sample\.json: was altered/);

    // And with a summary that says that it was collected so.
    await stateAsCollected("altered", "api_samples/trace_sample.json");
    const replayed = await pack("altered");
    expect(replayed.code).toBe(1);
    expect(lineOf(replayed.checklist, "provenance").missing.join()).toMatch(
      /the trace is not that of the answer, .*recommendations\.0\.score/,
    );
    expect(open(replayed.checklist)).toEqual(["provenance"]);
  });

  test("a sample that does not replay is named, though its digest is right", async () => {
    await cp(at("evidence"), at("broken"), { recursive: true });
    const path = "api_samples/recommend_with_provenance.json";
    const answer = await json("broken", path);
    answer.recommendations[1].score = answer.recommendations[0].score;
    await writeFile(at("broken", path), JSON.stringify(answer));
    await stateAsCollected("broken", path);
    const { code, checklist } = await pack("broken");
    expect(code).toBe(1);
    expect(lineOf(checklist, "provenance").missing.join()).toMatch(/the answer does not replay: .*score/);
    expect(open(checklist)).toEqual(["provenance"]);
  });

  test("a manifest that was altered is named, when packing and when collecting", async () => {
    const path = at("models", "v0.2", "manifest.json");
    const before = await readFile(path, "utf8");
    await writeFile(path, before.replace(/"users": \d+/, '"users": 1000000'));
    try {
      const { code, checklist } = await pack("evidence", "again");
      expect(code).toBe(1);
      expect(lineOf(checklist, "training pipeline").missing.join()).toMatch(/manifests: v0\.2: .*manifest\.json/);
      const date = ["--submission-date", new Date(submission).toISOString()];
      const collected = await run("collect-evidence", "--output", "spoilt", ...addresses, ...date, "--format", "json");
      expect(collected.code).toBe(1);
      const { checks } = JSON.parse(collected.out);
      expect(checks).toContainEqual(expect.objectContaining({ name: "manifests", outcome: "fails" }));
    } finally {
      await writeFile(path, before);
    }
  });

  test("folders of others are not written to", async () => {
    await mkdir(at("theirs"));
    await writeFile(at("theirs", "README.md"), "mine");
    for (const verb of ["collect-evidence", "package-deliverables"]) {
      const { code, err } = await run(verb, "--output", "theirs");
      expect(code).toBe(2);
      expect(err).toMatch(/^error: --output: theirs holds other files \(README\.md\)/);
    }
    expect(await readdir(at("theirs"))).toEqual(["README.md"]);
  });

  test("without the service and Prometheus, evidence cannot tell", async () => {
    const nowhere = ["--api-url", "http://127.0.0.1:9", "--prometheus-url", "http://127.0.0.1:9"];
    const { code, out } = await run("collect-evidence", "--output", "nothing", ...nowhere);
    expect(code).toBe(2);
    expect(out).toContain("API not accessible at http://127.0.0.1:9/");
  });
});

interface Checklist {
  readonly lines: readonly { readonly item: string; readonly status: string; readonly missing: readonly string[] }[];
}

function lineOf({ lines }: Checklist, item: string) {
  return lines.find((line) => line.item === item) ?? expect.unreachable(`there is no line ${item}`);
}

function open({ lines }: Checklist): string[] {
  return lines.filter(({ status }) => status !== "complete").map(({ item }) => item);
}

/** Leaves the record of a service that was switched at the times of the history. */
async function recordSwitches(state: string, submission: number): Promise<void> {
  await mkdir(state, { recursive: true });
  const { live, close } = openSqlite(join(state, "reprise.sqlite"));
  const rollout = (version: string) => ({
    strategy: "fixed" as const,
    primary_version: version,
    canary_version: null,
    canary_percentage: 0,
    environment: "development",
  });
  const entry = { strategy: "fixed", actor: "token", outcome: "done" as const, reason: null };
  const start = new Date(submission - 4_400 * MINUTE_MS).toISOString();
  await live.change(null, rollout("v0.1"), { ...entry, time: start, action: "start", from: null, to: "v0.1" });
  for (const [revision, { minute, from, to }] of SWITCHES.entries()) {
    const time = new Date(submission + minute * MINUTE_MS).toISOString();
    await live.change(revision + 1, rollout(to), { ...entry, time, action: "switch", from, to });
  }
  close();
}
