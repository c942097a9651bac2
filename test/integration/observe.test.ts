import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertReceiver } from "../../scripts/observe/alert-receiver.ts";
import { alertmanagerCommand, prometheusCommand, writeConfiguration } from "../../scripts/observe/configuration.ts";
import { type Running, startProgram, untilReady } from "../../scripts/observe/programs.ts";
import { ROOT, SERVE, type Service, startProcess } from "../runtime/processes.ts";
import { committedPanels } from "./dashboard-panels.ts";
import { missingPrograms } from "./debian.ts";
import { dashboardPage, type FilledPanel, panelImage } from "./panel-images.ts";
import { type PrometheusApi, prometheusApi } from "./prometheus-api.ts";

/** The service, a real Prometheus and a real Alertmanager with the files of `otel/`, and traffic of every kind. */
const PROGRAMS = ["prometheus", "promtool", "amtool", "prometheus-alertmanager"];
const missing = missingPrograms(PROGRAMS, ["prometheus", "prometheus-alertmanager"]);
if (missing) console.warn(`SKIPPED: what watches the service; ${missing}`);

/** Scrapes and judges every second, so that nothing here waits longer than it must. */
const QUICKLY = {
  prometheus: { "scrape_interval: 15s": "scrape_interval: 1s", "evaluation_interval: 15s": "evaluation_interval: 1s" },
  alertmanager: { "group_wait: 30s": "group_wait: 1s" },
};
const VARIABLES = { job: "reprise", __rate_interval: "1m", __range: "15m" };
const SOON = { timeout: 60_000, interval: 250 };
/** So long ago may the last request have been, where the machine is slow. */
const SINCE_TRAFFIC_SECONDS = 900;
/** As often as is scraped: what stood between two restarts may have stood for one scrape only. */
const STEP_SECONDS = 1;

const at = (path: string) => join(ROOT, path);
const promtool = (...args: string[]) => promisify(execFile)("promtool", args, { cwd: ROOT });

describe.skipIf(missing !== null)("what watches the service", () => {
  let folder: string;
  let service: Service;
  let prometheus: PrometheusApi;
  let prometheusUrl: string;
  let configured: string;
  let environment: Record<string, string>;
  const running: Running[] = [];
  const alerts: { alertname: string; receiver: string }[] = [];
  const receiver = alertReceiver((line) => void alerts.push(JSON.parse(line)));
  /** What was sent to each endpoint of `recommend_requests_total`, by the status that it answered. */
  const sent: Record<string, number> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "reprise-observe-"));
    const [port, prometheusPort, alertmanagerPort] = await freePorts(3);
    environment = {
      MODEL_REGISTRY: join(folder, "models"),
      SNAPSHOT_DIR: join(folder, "snapshots"),
      REPRISE_STATE_DIR: join(folder, "state"),
      PORT: String(port),
    };
    await startService();
    const address = (number: unknown) => `127.0.0.1:${number}`;
    const addresses = {
      service: address(port),
      prometheus: address(prometheusPort),
      alertmanager: address(alertmanagerPort),
      alertReceiver: address(await listen(receiver)),
    };
    const configuration = await writeConfiguration(folder, addresses, QUICKLY);
    configured = configuration.prometheus;
    prometheusUrl = `http://${addresses.prometheus}`;
    await start(prometheusCommand("prometheus", configured, join(folder, "data"), addresses.prometheus), prometheusUrl);
    const store = join(folder, "alerts");
    const { alertmanager } = addresses;
    await start(
      alertmanagerCommand("prometheus-alertmanager", configuration.alertmanager, store, alertmanager),
      `http://${alertmanager}`,
    );
    prometheus = prometheusApi(prometheusUrl);
  });

  afterAll(async () => {
    await service?.stop();
    for (const program of running) await program.stop();
    receiver.closeAllConnections();
    receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function startService(): Promise<void> {
    service = await startProcess(SERVE.node, environment);
  }

  async function start(command: readonly string[], url: string): Promise<void> {
    const log = join(folder, `${command[0]}.log`);
    const program = startProgram(command[0] as string, command, log, process.env);
    running.push(program);
    await untilReady(program, `${url}/-/ready`, log);
  }

  const total = async (query: string): Promise<number | null> => {
    const [only] = await prometheus.instant(`sum(${query})`);
    return only?.values[0]?.[1] ?? null;
  };

  /** Sends requests to one endpoint and notes what they must be counted as. */
  async function send(endpoint: string, status: number, paths: readonly string[], init?: RequestInit): Promise<void> {
    for (const path of paths) {
      const answer = await fetch(service.base + path, init);
      expect([path, answer.status, await answer.text()]).toEqual([path, status, expect.anything()]);
    }
    const key = `${endpoint} ${status}`;
    sent[key] = (sent[key] ?? 0) + paths.length;
  }

  async function steer(path: string, status = 200): Promise<void> {
    const answer = await fetch(service.base + path, { method: "POST" });
    expect([path, answer.status]).toEqual([path, status]);
  }

  const users = (count: number) => Array.from({ length: count }, (_, user) => `/recommend/${user + 1}?k=5`);
  const json = (body: object): RequestInit => ({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

  /** What Prometheus holds of this process' requests, by endpoint and status, without what was never asked. */
  async function counted(): Promise<Record<string, number>> {
    const series = await prometheus.instant('sum by (endpoint, status) (recommend_requests_total{job="reprise"}) > 0');
    return Object.fromEntries(
      series.map(({ metric, values }) => [`${metric.endpoint} ${metric.status}`, values[0]?.[1] ?? 0]),
    );
  }

  test("counts exactly what was sent, through switches, a canary, an A/B test and a shadow", async () => {
    await expect.poll(() => total('up{job="reprise"}'), SOON).toBe(1);
    await send("/recommend/{user_id}", 200, users(137));
    await send("/recommend/{user_id}", 404, Array(11).fill("/recommend/1?model=v9.9"));
    await send("/recommend/{user_id}", 400, Array(5).fill("/recommend/1?k=0"));
    await send("/recommend", 200, Array(13).fill("/recommend"), json({ items: [{ movie_id: 1 }], k: 5 }));
    await send("/recommend/batch", 200, Array(3).fill("/recommend/batch"), json({ user_ids: [1, 2, 3], k: 5 }));
    const events = ["a", "b", "a"].map((event_id) => ({ event_id, type: "click", user_id: 1, movie_id: 1 }));
    expect((await fetch(`${service.base}/events`, json(events as never))).status).toBe(202);
    await steer("/rollout/update?strategy=canary&canary_version=v0.2&canary_percentage=50");
    await send("/recommend/{user_id}", 200, users(40));
    await steer("/rollout/update?strategy=ab_test");
    await send("/recommend/{user_id}", 200, users(60));
    await steer("/rollout/update?strategy=shadow");
    await send("/recommend/{user_id}", 200, users(20));
    await steer("/rollout/update?strategy=fixed");
    await steer("/switch?model=v0.2");
    await steer("/switch?model=v9.9", 404);
    await send("/recommend/{user_id}", 200, users(10));
    await expect.poll(counted, SOON).toEqual(sent);
    expect(await total('recommend_latency_seconds_count{job="reprise"}')).toBe(await total("recommend_requests_total"));
    expect(await total('events_total{job="reprise",type="click",outcome="accepted"}')).toBe(2);
    expect(await total('events_total{job="reprise",type="click",outcome="duplicate"}')).toBe(1);
    // All of users 1 to 40 are in a canary of 50 %; of users 1 to 60 the even ones get the canary in an A/B test.
    expect(await total('ab_test_requests_total{job="reprise",variant="variant_B"}')).toBe(40 + 30);
    expect(await total('ab_test_requests_total{job="reprise",variant="variant_A"}')).toBe(30);
  });

  test("shows which version is live", async () => {
    await expect.poll(() => total('model_version_info{job="reprise",version="v0.2"}'), SOON).toBe(1);
    expect(await total('model_version_info{job="reprise",version="v0.1"}')).toBeNull();
  });

  test("keeps exemplars, which lead to the traces of requests", async () => {
    const answer = await fetch(`${prometheusUrl}/api/v1/query_exemplars`, {
      method: "POST",
      body: new URLSearchParams({
        query: 'recommend_latency_seconds_bucket{job="reprise",endpoint="/recommend/{user_id}"}',
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000),
      }),
    });
    const { data } = (await answer.json()) as { data: { exemplars: { labels: { request_id: string } }[] }[] };
    const ids = data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.request_id));
    const found = await Promise.all(ids.map(async (id) => (await fetch(`${service.base}/trace/${id}`)).status));
    expect(found).toContain(200);
  });

  test("calls for help by Alertmanager when a switch fails", async () => {
    await expect
      .poll(() => alerts, SOON)
      .toContainEqual(
        expect.objectContaining({ alertname: "RepriseModelSwitchFails", receiver: "tickets", status: "firing" }),
      );
  });

  test("counts a restart and failing requests exactly, and sees that no model answers", async () => {
    await service.stop();
    await expect.poll(() => total('up{job="reprise"}'), SOON).toBe(0);
    await rename(join(folder, "models/v0.1"), join(folder, "hidden-v0.1"));
    await rename(join(folder, "models/v0.2"), join(folder, "hidden-v0.2"));
    await startService();
    for (const endpoint of Object.keys(sent)) delete sent[endpoint];
    await send("/recommend/{user_id}", 503, users(17));
    await expect.poll(counted, SOON).toEqual(sent);
    expect(await total('service_health_status{job="reprise"}')).toBe(0);
    await expect.poll(() => total('job:recommend_errors:ratio_rate5m{job="reprise"}'), SOON).toBeGreaterThan(0);

    await rename(join(folder, "hidden-v0.1"), join(folder, "models/v0.1"));
    await rename(join(folder, "hidden-v0.2"), join(folder, "models/v0.2"));
    await expect.poll(() => total('service_health_status{job="reprise"}'), SOON).toBe(1);
    await steer("/rollout/update?strategy=ab_test&canary_version=v0.1");
    await send("/recommend/{user_id}", 200, users(50));
    await steer("/rollout/update?strategy=shadow");
    await send("/recommend/{user_id}", 200, users(20));
    await expect.poll(counted, SOON).toEqual(sent);
    await expect.poll(() => total("data_measured_timestamp_seconds"), SOON).toBeGreaterThan(0);
  });

  const recorded = Array.from(
    readFileSync(at("otel/prometheus/rules/recording.yml"), "utf8").matchAll(/record: (\S+)/g),
    ([, name]) => name as string,
  );
  test("has recording rules", () => expect(recorded.length).toBeGreaterThan(15));
  test.each(recorded)("records %s", async (name) => {
    await expect.poll(async () => numbers(await prometheus.instant(`${name}{job="reprise"}`)), SOON).not.toEqual([]);
  });

  const panels = committedPanels(VARIABLES);
  const filled: FilledPanel[] = [];
  test("has panels", () => expect(panels.length).toBeGreaterThan(30));
  test.each(panels)("the panel $dashboard: $title has data", async (panel) => {
    const ask = ({ expr, instant }: (typeof panel.queries)[number]) =>
      instant ? prometheus.instant(expr) : prometheus.range(expr, SINCE_TRAFFIC_SECONDS, STEP_SECONDS);
    const results = await Promise.all(panel.queries.map(ask));
    filled.push({ panel, results });
    for (const series of results) expect(numbers(series)).not.toEqual([]);
  });
  test("draws every panel, and leaves the pictures in build/dashboards", async () => {
    const pictures = at("build/dashboards/");
    mkdirSync(pictures, { recursive: true });
    for (const name of new Set(filled.map(({ panel }) => panel.dashboard))) {
      const images = [];
      for (const one of filled.filter(({ panel }) => panel.dashboard === name)) {
        const svg = await panelImage(one);
        images.push({ title: one.panel.title, svg });
        if (numbers(one.results.flat()).length > 0) expect(svg).toMatch(/<path|<text/);
      }
      writeFileSync(`${pictures}${name}.html`, dashboardPage(name, images));
    }
    await photograph(pictures);
  });

  test("what promtool checks, holds", async () => {
    await promtool("check", "config", configured);
    await promtool("check", "config", "otel/prometheus/prometheus.yml");
    await promtool("check", "rules", "otel/prometheus/rules/alerts.yml", "otel/prometheus/rules/recording.yml");
    const metrics = await (await fetch(`${service.base}/metrics`)).text();
    const checked = spawnSync("promtool", ["check", "metrics"], { input: metrics, encoding: "utf8" });
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, "", ""]);
    await promtool("test", "rules", "otel/prometheus/tests/alerts.test.yml", "otel/prometheus/tests/days.test.yml");
  });

  test("the tests of rules find rules that are wrong", async () => {
    const broken = await mkdtemp(join(folder, "rules-"));
    await cp(at("otel/prometheus"), broken, { recursive: true });
    const file = join(broken, "rules/alerts.yml");
    const rules = readFileSync(file, "utf8");
    const wrong = rules
      .replaceAll("> 14.4 *", "> 1e9 *")
      .replaceAll("> 6 *", "> 1e9 *")
      .replaceAll('status!~"2.."', 'status="nothing"')
      .replaceAll("service_health_status < 1", "service_health_status < 2");
    writeFileSync(file, wrong);
    const tests = ["alerts", "days"].map((name) => join(broken, `tests/${name}.test.yml`));
    const { status, stderr } = spawnSync("promtool", ["test", "rules", ...tests], { encoding: "utf8" });
    expect(status).not.toBe(0);
    for (const name of [
      "one in five fails since 45 minutes",
      "four in a hundred fail since hours",
      "a switch that is refused, whose series was there",
      "no model answers",
    ]) {
      expect(stderr).toContain(name);
    }
  });

  test.each([
    ["page", "pager"],
    ["ticket", "tickets"],
    ["none", "tickets"],
  ])("alerts of severity %s go to %s", async (severity, expected) => {
    const file = "--config.file=otel/alertmanager/alertmanager.yml";
    await promisify(execFile)("amtool", ["check-config", "otel/alertmanager/alertmanager.yml"], { cwd: ROOT });
    const route = ["config", "routes", "test", file, `severity=${severity}`];
    expect((await promisify(execFile)("amtool", route, { cwd: ROOT })).stdout.trim()).toBe(expected);
  });

  test("npm run observe starts all of it, with traffic in both arms, and Ctrl-C ends all", async () => {
    const [port, prometheusPort, alertmanagerPort] = await freePorts(3);
    const state = join(folder, "observed");
    const options = ["--requests-per-second", "50", "--prometheus-port", String(prometheusPort)];
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        "scripts/observe.ts",
        ...options,
        "--alertmanager-port",
        String(alertmanagerPort),
      ],
      { cwd: ROOT, env: { ...process.env, ...environment, PORT: String(port), REPRISE_STATE_DIR: state } },
    );
    const ended = once(child, "exit");
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    try {
      await expect.poll(() => said, SOON).toContain("Ctrl-C ends all.");
      const api = prometheusApi(`http://127.0.0.1:${prometheusPort}`);
      const arms = 'ab_test_requests_total{status="200"} > 0';
      const armsSeen = async () => {
        if (child.exitCode !== null) return said;
        return (await api.instant(arms)).map(({ metric }) => metric.variant).sort();
      };
      await expect.poll(armsSeen, SOON).toEqual(["variant_A", "variant_B"]);
    } finally {
      child.kill("SIGINT");
    }
    const [code] = await ended;
    expect([code, said]).toEqual([0, expect.stringContaining("Ended. Answers:")]);
    for (const gone of [port, prometheusPort, alertmanagerPort]) {
      await expect(fetch(`http://127.0.0.1:${gone}/`)).rejects.toThrow();
    }
  });

  test("npm run observe says how to get Prometheus, exit 2", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "scripts/observe.ts"],
      {
        cwd: ROOT,
        env: { PATH: folder },
        encoding: "utf8",
      },
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: there is no prometheus on PATH: .*\n$/)]);
  });
});

function numbers(series: readonly { readonly values: readonly (readonly [number, number])[] }[]): number[] {
  return series.flatMap(({ values }) => values.map(([, value]) => value)).filter(Number.isFinite);
}

/** Takes pictures of the pages, where there is a Chromium. */
async function photograph(folder: string): Promise<void> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) return;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], headless: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1260, height: 800 } });
    for (const name of ["service", "slo", "models", "data"]) {
      await page.goto(`file://${folder}${name}.html`);
      await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
    }
  } finally {
    await browser.close();
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => listening((server.address() as AddressInfo).port));
  });
}

/** So many ports that were free a moment ago, each another one. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map(listen));
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
