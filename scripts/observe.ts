import { mkdir } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serveEnvironment } from "../src/environment.ts";
import { alertReceiver } from "./observe/alert-receiver.ts";
import { alertmanagerCommand, prometheusCommand, writeConfiguration } from "./observe/configuration.ts";
import { startExperiment } from "./observe/experiment.ts";
import { findProgram, isFree, type Running, startProgram, untilReady } from "./observe/programs.ts";
import { startTraffic } from "./observe/traffic.ts";

const HELP = `npm run observe -- [options]

Starts the service on embedded data, this machine's Prometheus with the rules of otel/, its Alertmanager where there is
one, and steady traffic with an A/B test and clicks. Ctrl-C ends all. PORT, MODEL_REGISTRY and the service's other
variables hold as for npm start, but REPRISE_STATE_DIR is var/observe unless it is set, so that simulated viewers do
not mix with yours. Prometheus keeps its data there too, and every program its log.

  --requests-per-second N    of the traffic (10)
  --prometheus-port N        where Prometheus listens (9090)
  --alertmanager-port N      where Alertmanager listens (9093)
`;

const NO_PROMETHEUS =
  "there is no prometheus on PATH: apt-get install prometheus, brew install prometheus, or https://prometheus.io/download/";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const LOOPBACK = "127.0.0.1";

interface Settings {
  readonly requestsPerSecond: number;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
}

/** Runs everything until it is told to end. @throws Error in one line where something cannot start or ends by itself */
async function observe(settings: Settings): Promise<void> {
  const prometheusProgram = findProgram(["prometheus"]);
  if (prometheusProgram === null) throw new Error(NO_PROMETHEUS);
  const alertmanagerProgram = findProgram(["prometheus-alertmanager", "alertmanager"]);
  await assertFree("--prometheus-port", settings.prometheusPort);
  if (alertmanagerProgram !== null) await assertFree("--alertmanager-port", settings.alertmanagerPort);

  const { port } = serveEnvironment(process.env);
  const service = `${LOOPBACK}:${port}`;
  const prometheus = `${LOOPBACK}:${settings.prometheusPort}`;
  const alertmanager = `${LOOPBACK}:${settings.alertmanagerPort}`;
  const folder = resolve(process.env.REPRISE_STATE_DIR || "var/observe");
  const env = { ...process.env, REPRISE_STATE_DIR: folder };
  await mkdir(folder, { recursive: true });
  const logOf = (name: string) => join(folder, `${name}.log`);

  const running: Running[] = [];
  const told = new Promise<null>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => done(null));
  });
  /** Starts a program and waits for its first answer; gives false when all is to end meanwhile. */
  const start = async (name: string, command: readonly string[], readyUrl: string): Promise<boolean> => {
    const program = startProgram(name, command, logOf(name), env);
    running.push(program);
    return Promise.race([untilReady(program, readyUrl, logOf(name)).then(() => true), told.then(() => false)]);
  };

  const receiver = alertReceiver((line) => process.stdout.write(`alert ${line}\n`));
  const alertLog = `${LOOPBACK}:${await listen(receiver)}`;
  let traffic: ReturnType<typeof startTraffic> | null = null;
  try {
    const addresses = { service, prometheus, alertmanager, alertReceiver: alertLog };
    const configuration = await writeConfiguration(folder, addresses);
    const base = `http://${service}`;
    const cli = [process.execPath, "--disable-warning=ExperimentalWarning", CLI, "demo"];
    process.stderr.write(`Starting; the first time two versions are trained. Logs are in ${folder}\n`);
    if (!(await start("service", cli, `${base}/readyz`))) return;
    const data = join(folder, "prometheus");
    const prometheusStart = prometheusCommand(prometheusProgram, configuration.prometheus, data, prometheus);
    if (!(await start("prometheus", prometheusStart, `http://${prometheus}/-/ready`))) return;
    if (alertmanagerProgram !== null) {
      const store = join(folder, "alertmanager");
      const command = alertmanagerCommand(alertmanagerProgram, configuration.alertmanager, store, alertmanager);
      if (!(await start("alertmanager", command, `http://${alertmanager}/-/ready`))) return;
    }
    const experiment = await startExperiment(base, process.env.REPRISE_ADMIN_TOKEN ?? null);
    traffic = startTraffic(base, settings.requestsPerSecond, process.env.REPRISE_INGEST_TOKEN ?? null);
    process.stdout.write(`Service       ${base}
Metrics       ${base}/metrics
Prometheus    http://${prometheus} (graphs, /alerts, /targets)
Alertmanager  ${alertmanagerProgram === null ? "none on PATH; alerts stand at Prometheus' /alerts" : `http://${alertmanager}`}
Traffic       ${settings.requestsPerSecond} requests a second; ${experiment}
Ctrl-C ends all.
`);
    const died = await Promise.race([
      told,
      ...running.map(({ name, ended }) => ended.then((code) => ({ name, code }))),
    ]);
    if (died !== null)
      throw new Error(`${died.name} ended by itself (${died.code ?? "killed"}); see ${logOf(died.name)}`);
  } finally {
    await traffic?.stop();
    await Promise.all(running.map((program) => program.stop()));
    receiver.closeAllConnections();
    receiver.close();
  }
  const answers = Object.entries(traffic?.counts ?? {}).map(([status, count]) => `${count} × ${status}`);
  process.stdout.write(`Ended. Answers: ${answers.join(", ") || "none"}\n`);
}

async function assertFree(option: string, port: number): Promise<void> {
  if (!(await isFree(port))) throw new Error(`${option}: ${port} is in use on ${LOOPBACK}; choose a free port`);
}

function listen(server: Server): Promise<number> {
  return new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(0, LOOPBACK, () => listening((server.address() as AddressInfo).port));
  });
}

function settingsOf(args: readonly string[]): Settings | null {
  const number = (fallback: number) => ({ type: "string", default: String(fallback) }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      "requests-per-second": number(10),
      "prometheus-port": number(9090),
      "alertmanager-port": number(9093),
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    requestsPerSecond: whole("--requests-per-second", values["requests-per-second"], 1, 200),
    prometheusPort: whole("--prometheus-port", values["prometheus-port"], 1, 65_535),
    alertmanagerPort: whole("--alertmanager-port", values["alertmanager-port"], 1, 65_535),
  };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^[0-9]{1,6}$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option}: ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
}

try {
  const settings = settingsOf(process.argv.slice(2));
  if (settings === null) process.stdout.write(HELP);
  else await observe(settings);
  process.exit(0);
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
