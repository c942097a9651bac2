import { Command, Option } from "commander";
import { InputError } from "../base/errors.ts";
import type { ViewerEvent } from "../events/event.ts";
import { isNoCmuEvent, parseCmuEvent } from "../interactions/cmu-log.ts";
import { type IngestTally, ingest } from "../stream/ingest.ts";
import { TOPIC_NAME } from "../stream/message-id.ts";
import { avroReader, lineReader } from "../stream/read-message.ts";
import { deadLetterTopic, TOPICS } from "../stream/topics.ts";
import { bootstrapOption, brokerOf, registryOf, registryOption } from "./broker-option.ts";
import type { CliDependencies } from "./dependencies.ts";
import { checkWhole, number } from "./numbers.ts";
import { apiUrlOption } from "./observation-options.ts";
import { openBroker } from "./open-broker.ts";
import { progressBar } from "./progress-bar.ts";
import { detailOf, remoteService } from "./remote-service.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";
import { bridgeCommand } from "./stream-bridge.ts";

const MAX_PROBES = 100_000;
/** How often the figures are told while messages come. */
const TELL_MS = 5_000;

export type StreamDependencies = Pick<
  CliDependencies,
  | "out"
  | "err"
  | "env"
  | "now"
  | "fetch"
  | "broker"
  | "schemaIds"
  | "database"
  | "leasingQueue"
  | "schedule"
  | "stopped"
>;

export function streamCommand(deps: StreamDependencies): Command {
  return new Command("stream")
    .description("events through Kafka: take them in, bring those of a Worker, try the service, register the schemas")
    .addCommand(ingestCommand(deps))
    .addCommand(bridgeCommand(deps))
    .addCommand(probeCommand(deps))
    .addCommand(registerCommand(deps));
}

interface IngestOptions {
  readonly bootstrap?: string;
  readonly schemaRegistry?: string;
  readonly topic: readonly string[];
  readonly input: "avro" | "cmu-log";
  readonly group: string;
  readonly instance?: string;
  readonly untilEnd: boolean;
  readonly database: string;
  readonly format: "text" | "json";
}

function ingestCommand(deps: StreamDependencies): Command {
  const { env } = deps;
  const database = env.REPRISE_DATABASE || `${env.REPRISE_STATE_DIR || "var"}/reprise.sqlite`;
  return new Command("ingest")
    .description("take watches and ratings from topics into the event log; what cannot be read goes to TOPIC.dead")
    .addOption(bootstrapOption(deps))
    .addOption(registryOption(deps))
    .option("--topic <name...>", "topics to read", [TOPICS.watch.name, TOPICS.rating.name])
    .addOption(new Option("--input <format>", "what messages are").choices(["avro", "cmu-log"]).default("avro"))
    .option("--group <name>", "the consumer group, which remembers how far it came", "reprise")
    .option("--instance <name>", "this member's name in the group: after a crash it goes on at once, not after 10 s")
    .option("--until-end", "end when everything has come that was there at the start", false)
    .addOption(new Option("--database <file>", "the local database (REPRISE_DATABASE)").default(database))
    .addOption(formatOption())
    .action(
      action(async (options: IngestOptions) => {
        const tally = await runIngest(options, deps);
        const { accepted, duplicates, erased, ignored, dead } = tally;
        deps.out.write(
          options.format === "json"
            ? `${JSON.stringify(tally)}\n`
            : `${accepted} accepted, ${duplicates} known already, ${erased} of erased users, ${ignored} ignored, ${dead} to dead letters\n`,
        );
        return 0;
      }),
    );
}

async function runIngest(options: IngestOptions, deps: StreamDependencies): Promise<IngestTally> {
  const topics = options.topic.map((topic) => checkName("--topic", topic));
  const group = checkName("--group", options.group);
  const instance = options.instance === undefined ? null : checkName("--instance", options.instance);
  const warn = (message: string) => deps.err.write(`warning: ${message}\n`);
  const broker = await openBroker(brokerOf(options.bootstrap), deps, warn);
  const schemas = await deps.schemaIds(registryOf(options.schemaRegistry, deps));
  await broker.ensureTopics([...topics, ...topics.map(deadLetterTopic)]);
  const database = deps.database(options.database);
  const producer = await broker.producer();
  const consumer = await broker.consumer(group, topics, instance);
  let toldAt = deps.now();
  const told = ({ accepted, dead }: IngestTally) => {
    if (deps.now() - toldAt < TELL_MS) return;
    toldAt = deps.now();
    deps.err.write(`${new Date(toldAt).toISOString()} ${accepted} accepted, ${dead} dead\n`);
  };
  const read = options.input === "avro" ? avroReader(schemas) : lineReader(cmuEvent);
  let ending: Promise<void> | null = null;
  const end = (): Promise<void> => {
    ending ??= consumer.stop();
    return ending;
  };
  deps
    .stopped()
    .then(end)
    .catch(() => {}); // told where it is awaited
  try {
    const { events } = database;
    return await ingest({ consumer, events, producer, read, told, now: deps.now }, options.untilEnd);
  } finally {
    await end()
      .finally(() => producer.close())
      .finally(() => database.close());
  }
}

function cmuEvent(line: string, event_id: string): ViewerEvent | null | string {
  if (isNoCmuEvent(line)) return null;
  const parsed = parseCmuEvent(line);
  if (typeof parsed === "string") return parsed;
  const { user, item, time, rating, minute } = parsed;
  const common = { event_id, user_id: user, movie_id: item, ts: time, request_id: null };
  return rating === null ? { ...common, type: "watch", minute: minute as number } : { ...common, type: "rate", rating };
}

function checkName(option: string, name: string): string {
  if (TOPIC_NAME.test(name)) return name;
  throw InputError.of(option, name, `${JSON.stringify(name)} must be 1 to 80 letters, digits, dots, dashes and _`);
}

interface ProbeOptions {
  readonly apiUrl: string;
  readonly requests: number;
  readonly firstUser: number;
  readonly required: number;
  readonly format: "text" | "json";
}

function probeCommand(deps: StreamDependencies): Command {
  return new Command("probe")
    .description("ask a running service for recommendations, and tell how many were personal")
    .addOption(apiUrlOption(deps.env))
    .option("--requests <n>", "how many users to ask for", number, 100)
    .option("--first-user <id>", "the first of them; the others follow it", number, 1)
    .option("--required <percent>", "of answers that must be personal", number, 0)
    .addOption(formatOption())
    .action(
      action(async ({ apiUrl, requests, firstUser, required, format }: ProbeOptions) => {
        const count = checkWhole("--requests", requests, 1, MAX_PROBES);
        const first = checkWhole("--first-user", firstUser, 0, Number.MAX_SAFE_INTEGER - MAX_PROBES);
        if (required < 0 || required > 100) {
          throw InputError.of("--required", required, `must be a number from 0 to 100, is ${required}`);
        }
        const ask = remoteService(apiUrl, undefined, deps.fetch);
        const sources: Record<string, number> = { factors: 0, fold_in: 0, popular: 0 };
        const bar = progressBar(deps);
        for (let user = first; user < first + count; user++) {
          bar.progress("asking", user - first, count);
          const response = await ask(`recommend/${user}?k=10`);
          if (!response.ok) throw new Error(`${apiUrl} answers ${response.status}: ${await detailOf(response)}`);
          const { source } = (await response.json()) as { source: string };
          sources[source] = (sources[source] ?? 0) + 1;
        }
        bar.clear();
        const personal = (100 * (sources.factors + sources.fold_in)) / count;
        const report = { requests: count, sources, personalised_percent: personal, required_percent: required };
        deps.out.write(
          format === "json"
            ? `${JSON.stringify(report)}\n`
            : `${count} answers, ${personal.toFixed(1)} % personal: ${Object.entries(sources)
                .map(([source, answers]) => `${answers} ${source}`)
                .join(", ")}\n`,
        );
        return personal >= required ? 0 : 1;
      }),
    );
}

function registerCommand(deps: StreamDependencies): Command {
  return new Command("register-schemas")
    .description("register the schemas of all topics and print their numbers")
    .addOption(registryOption(deps))
    .addOption(formatOption())
    .action(
      action(async ({ schemaRegistry, format }: Pick<IngestOptions, "schemaRegistry" | "format">) => {
        if (schemaRegistry === undefined) {
          throw InputError.of("SCHEMA_REGISTRY_URL", null, "is missing: name the registry, also by --schema-registry");
        }
        const schemas = await deps.schemaIds(registryOf(schemaRegistry, deps));
        const ids: Record<string, number> = {};
        for (const { name, schema } of Object.values(TOPICS)) ids[name] = await schemas.idOf(name, schema);
        deps.out.write(
          format === "json"
            ? `${JSON.stringify(ids)}\n`
            : Object.entries(ids)
                .map(([topic, id]) => `${topic} ${id}\n`)
                .join(""),
        );
        return 0;
      }),
    );
}
