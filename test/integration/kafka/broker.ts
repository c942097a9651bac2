import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { kafka } from "../../../src/drivers/kafka.ts";
import { freePort } from "../../runtime/processes.ts";
import { missingFromMaven } from "../maven.ts";
import type { Missing } from "../requirement.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const POM = at("pom.xml");
const JARS = at("../../../build/kafka");
const START_TIMEOUT_MS = 180_000;
const POLL_MS = 50;
/** Compiled lightly: it starts in half the time. */
const JAVA = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", `${JARS}/*`];

/**
 * Fetches Apache Kafka's published artifacts into `build/kafka`, once.
 * @returns why they cannot be had, if so.
 */
export function missingKafka(): Missing {
  return missingFromMaven("Apache Kafka", JARS, ["-f", POM, "dependency:copy-dependencies"]);
}

export interface TestBroker {
  readonly bootstrap: string;
  /** Starts it, with what it kept, and resolves when it answers. */
  start(): Promise<void>;
  /** Ends it where it is, as `kill -9` does. */
  kill(): Promise<void>;
  /** Ends it and takes away what it kept. */
  close(): Promise<void>;
}

/** What a broker has beyond the plain one. */
export interface BrokerExtras {
  /** Listeners by name: address, and Kafka's security protocol. */
  readonly listeners: Readonly<Record<string, readonly [address: string, protocol: string]>>;
  /** Lines of its configuration. */
  readonly properties: readonly string[];
  /** Arguments with which its folder is formatted. */
  readonly format: readonly string[];
}

const NO_EXTRAS: BrokerExtras = { listeners: {}, properties: [], format: [] };

/** Apache Kafka, one node in KRaft mode, on free ports of loopback, with its data in a temporary folder. */
export async function startKafka(extras: BrokerExtras = NO_EXTRAS): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), "reprise-kafka-"));
  const bootstrap = `127.0.0.1:${await freePort()}`;
  const controller = `127.0.0.1:${await freePort()}`;
  const configuration = join(folder, "server.properties");
  await writeFile(configuration, properties(bootstrap, controller, join(folder, "data"), extras));
  const formatted = spawnSync(
    "java",
    [
      ...JAVA,
      "kafka.tools.StorageTool",
      "format",
      "-t",
      "cmVwcmlzZS10ZXN0LWlkLQ",
      "-c",
      configuration,
      ...extras.format,
    ],
    { encoding: "utf8" },
  );
  if (formatted.status !== 0) throw new Error(`the broker's folder could not be made: ${formatted.stderr}`);

  let child: ChildProcess | null = null;
  const killAtExit = () => child?.kill("SIGKILL");
  process.once("exit", killAtExit);
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  const start = async (): Promise<void> => {
    const log = spawn("java", [...JAVA, "kafka.Kafka", configuration], { stdio: "ignore" });
    child = log;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (log.exitCode === null && Date.now() < deadline) {
      const answers = (await isOpen(bootstrap)) && (await succeeds(kafka(bootstrap).ensureTopics([])));
      if (answers) return;
      await setTimeout(POLL_MS);
    }
    await kill();
    throw new Error("Apache Kafka does not start");
  };
  await start();
  return {
    bootstrap,
    start,
    kill,
    close: async () => {
      await kill();
      process.off("exit", killAtExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(":") as [string, string];
  const socket = connect(Number(port), host);
  return succeeds(once(socket, "connect")).finally(() => socket.destroy());
}

function properties(bootstrap: string, controller: string, data: string, extras: BrokerExtras): string {
  const more = Object.entries(extras.listeners);
  const listeners = [`PLAINTEXT://${bootstrap}`, ...more.map(([name, [address]]) => `${name}://${address}`)];
  const protocols = more.map(([name, [, protocol]]) => `,${name}:${protocol}`).join("");
  return [
    "process.roles=broker,controller",
    "node.id=1",
    `controller.quorum.voters=1@${controller}`,
    `listeners=${listeners},CONTROLLER://${controller}`,
    `advertised.listeners=${listeners}`,
    "controller.listener.names=CONTROLLER",
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT${protocols}`,
    `log.dirs=${data}`,
    "offsets.topic.replication.factor=1",
    "offsets.topic.num.partitions=1",
    "transaction.state.log.replication.factor=1",
    "transaction.state.log.min.isr=1",
    "group.initial.rebalance.delay.ms=0",
    // One node has nobody to wait for when it comes back.
    "broker.session.timeout.ms=1000",
    "broker.heartbeat.interval.ms=250",
    "controller.quorum.election.timeout.ms=250",
    "controller.quorum.fetch.timeout.ms=500",
    ...extras.properties,
    "",
  ].join("\n");
}
