import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { memoryMetrics, type Scraped, scrapes } from "../../test/memory-metrics.ts";
import { prometheus } from "../drivers/prometheus.ts";
import { type AvailabilityDependencies, calculateAvailabilityCommand } from "./calculate-availability.ts";
import { runCli } from "./run.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);
const hourly = Array.from({ length: 100 }, (_, at) => 10 * at);
const counter = (status: string, share: number) =>
  [
    { job: "reprise", instance: "a", status },
    scrapes(
      NOW - 99 * HOUR,
      HOUR,
      hourly.map((value) => share * value),
    ),
  ] as const;
const METRICS = { recommend_requests_total: [counter("200", 8), counter("500", 2)] };

async function run(argv: readonly string[], scraped: Scraped = METRICS) {
  const printed = { out: "", err: "", files: {} as Record<string, string>, address: "" };
  const deps: AvailabilityDependencies = {
    out: { write: (text) => (printed.out += text) },
    err: { write: (text) => (printed.err += text), isTTY: false },
    env: { PROMETHEUS_URL: "http://from-environment:9090" },
    now: () => NOW,
    writeText: async (path, text) => {
      printed.files[path] = text;
    },
    metricsQuery: (address) => {
      prometheus(address, fetch);
      printed.address = address;
      return memoryMetrics(scraped, 24 * HOUR);
    },
  };
  const program = new Command("reprise").addCommand(calculateAvailabilityCommand(deps));
  return { code: await runCli(program, ["calculate-availability", ...argv], deps), ...printed };
}

const json = async (...argv: string[]) => {
  const { code, out } = await run([...argv, "--format", "json"]);
  return { code, report: JSON.parse(out) };
};

describe("the window", () => {
  test("is the last 72 hours, or as many as are named", async () => {
    const { report } = await json();
    expect(report.time_window).toEqual({
      start: "2026-11-17T12:00:00.000Z",
      end: "2026-11-20T12:00:00.000Z",
      duration_hours: 72,
    });
    expect(report.metrics.total_requests).toBe(7_200);
    expect((await json("--hours", "1.5")).report.time_window.duration_hours).toBe(1.5);
  });

  test("is from one time to another, in UTC", async () => {
    const { report } = await json("--start", "2026-11-18", "--end", "2026-11-18T06:00:00Z");
    expect(report.time_window).toMatchObject({ start: "2026-11-18T00:00:00.000Z", duration_hours: 6 });
    expect(report.metrics.total_requests).toBe(600);
  });

  test.each([
    [["--hours", "0"], /--hours: must be a number above 0/],
    [["--hours", "x"], /--hours.*must be a number/],
    [["--start", "2026-11-18"], /--end: is missing: --start and --end go together/],
    [["--end", "2026-11-18"], /--start: is missing/],
    [["--start", "2026-11-18", "--end", "2026-11-18"], /--end: must be after --start/],
    [["--start", "yesterday", "--end", "2026-11-18"], /--start: must be a day or a time in UTC.*"yesterday"/],
    [["--start", "2020-01-01", "--end", "2026-11-18"], /--start: must be at most 8784 hours before/],
    [["--hours", "3", "--start", "2026-11-18", "--end", "2026-11-19"], /cannot be used with option '--hours/],
    [["--required", "101"], /--required: must be a number from 0 to 100, is 101/],
    [["--prometheus-url", "nowhere"], /--prometheus-url: "nowhere" must be an address/],
  ])("of %j is refused in one line", async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^error: [^\n]+\n$/);
  });
});

describe("the exit code", () => {
  test("is 0 where the requirement is met, 1 where it is not", async () => {
    expect((await json("--required", "80")).code).toBe(0);
    expect((await json("--required", "80.01")).code).toBe(1);
  });

  test("is 2 without data, with nulls and a line that says so", async () => {
    const { code, out, err } = await run(["--format", "json"], {});
    expect(code).toBe(2);
    expect(JSON.parse(out).metrics.availability_percent).toBeNull();
    expect(err).toBe("error: no data found in Prometheus from 2026-11-17T12:00:00.000Z to 2026-11-20T12:00:00.000Z\n");
  });
});

describe("the report", () => {
  test("is headed by a box", async () => {
    const { out, err } = await run([]);
    expect(err).toBe("");
    expect(out).toMatch(/^╔═+╗\n║ +AVAILABILITY +║\n╚═+╝\n/);
    expect(out).toMatch(/availability +80\.00 %/);
  });

  test("is also written to a file, as its name says", async () => {
    const { files, out } = await run(["--output", "a.json"]);
    expect(JSON.parse(files["a.json"]).metrics.availability_percent).toBe(80);
    expect((await run(["--output", "a.txt", "--format", "json"])).files["a.txt"]).toBe(out);
  });
});

test("Prometheus is the one that is named, else the environment's", async () => {
  expect((await run([])).address).toBe("http://from-environment:9090");
  expect((await run(["--prometheus-url", "http://other:1"])).address).toBe("http://other:1");
});
