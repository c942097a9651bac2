import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { memoryMetrics, type Scraped, scrapes } from "../../test/memory-metrics.ts";
import { runCli } from "./run.ts";
import { type UpdatesDependencies, verifyModelUpdatesCommand } from "./verify-model-updates.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);

/** An entry of the live record's history, so many hours ago. */
const entry = (hoursAgo: number, from: string | null, to: string, outcome = "done") => ({
  time: new Date(NOW - hoursAgo * HOUR).toISOString(),
  action: "switch",
  from,
  to,
  outcome,
});
const HISTORY = [
  entry(5, "v0.1", "v0.2"),
  entry(6, "v0.1", "v0.9", "refused"),
  entry(30, "v0.2", "v0.1"),
  entry(40, "v0.2", "v0.2"),
  entry(170, "v0.1", "v0.2"),
  entry(200, null, "v0.1"),
];

async function run(
  argv: readonly string[],
  pages: readonly object[] | null = [{ entries: HISTORY, next: null }],
  scraped: Scraped = {},
) {
  const printed = { out: "", err: "", asked: [] as string[] };
  const deps: UpdatesDependencies = {
    out: { write: (text) => (printed.out += text) },
    err: { write: (text) => (printed.err += text), isTTY: false },
    env: { PORT: "8081" },
    now: () => NOW,
    fetch: async (url) => {
      const page = pages?.[printed.asked.length];
      printed.asked.push(url);
      if (!page) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
      return new Response(JSON.stringify(page));
    },
    writeText: async () => {},
    metricsQuery: () => memoryMetrics(scraped, 24 * HOUR),
  };
  const program = new Command("reprise").addCommand(verifyModelUpdatesCommand(deps));
  return { code: await runCli(program, ["verify-model-updates", ...argv], deps), ...printed };
}

describe("switches of the live record", () => {
  test("are those that were done within the last 168 hours", async () => {
    const { code, out, asked } = await run(["--format", "json"]);
    expect(code).toBe(0);
    expect(asked).toEqual(["http://127.0.0.1:8081/rollout/history?limit=1000"]);
    const { switches, requirement } = JSON.parse(out);
    expect(switches.map(({ timestamp, to_version }: Record<string, string>) => [timestamp, to_version])).toEqual([
      ["2026-11-19T06:00:00.000Z", "v0.1"],
      ["2026-11-20T07:00:00.000Z", "v0.2"],
    ]);
    expect(requirement).toMatchObject({ minimum_updates: 2, actual_updates: 2, meets_requirement: true });
  });

  test("are read on while a page may hold more of the window", async () => {
    const pages = [
      { entries: HISTORY.slice(0, 2), next: 7 },
      { entries: HISTORY.slice(2, 5), next: 3 },
      { entries: [], next: null },
    ];
    const { asked } = await run([], pages);
    expect(asked.map((url) => new URL(url).searchParams.get("before"))).toEqual([null, "7"]);
  });
});

describe("the exit code", () => {
  test("is 1 where there were too few, which the report says", async () => {
    const { code, out, err } = await run(["--required", "3"]);
    expect([code, err]).toEqual([1, ""]);
    expect(out).toContain("NOT MET: insufficient model updates");
    expect((await run(["--hours", "10"])).code).toBe(1);
  });

  test("is 2 without any source, with nulls and a line that says why", async () => {
    const { code, out, err } = await run(["--format", "json"], null);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ total_switches: null, requirement: { actual_updates: null } });
    expect(err).toBe(
      "error: API not accessible at http://127.0.0.1:8081/ (ECONNREFUSED); no data found in Prometheus\n",
    );
  });

  test("is Prometheus' to say where there is no service", async () => {
    const live = [{ version: "v0.1", job: "reprise", instance: "a" }, scrapes(NOW - 9 * HOUR, HOUR, [1, 1])] as const;
    const { code, out } = await run(["--format", "json"], null, { model_version_info: [live] });
    expect([code, JSON.parse(out).total_switches]).toEqual([1, 0]);
  });

  test.each([
    [["--required", "1.5"], /--required: must be a whole number/],
    [["--api-url", "x"], /--api-url: "x" must be an address/],
  ])("is 2 for %j", async (argv, message) => {
    const { code, err } = await run(argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
