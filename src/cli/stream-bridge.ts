import { Command, Option } from "commander";
import { InputError } from "../base/errors.ts";
import { type BridgeTally, bridge, QUEUE_DEAD_LETTERS } from "../stream/bridge.ts";
import { TOPICS } from "../stream/topics.ts";
import { bootstrapOption, brokerOf, registryOf, registryOption } from "./broker-option.ts";
import { openBroker } from "./open-broker.ts";
import { action } from "./run.ts";
import { formatOption } from "./snapshot-options.ts";
import type { StreamDependencies } from "./stream.ts";

const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";
/** How often the figures are told while messages come. */
const TELL_MS = 5_000;

interface BridgeOptions {
  readonly bootstrap?: string;
  readonly schemaRegistry?: string;
  readonly account?: string;
  readonly queue?: string;
  readonly api: string;
  readonly untilEmpty: boolean;
  readonly format: "text" | "json";
}

export function bridgeCommand(deps: StreamDependencies): Command {
  const { env } = deps;
  return new Command("bridge")
    .description(
      `forward what a Worker published to its queue to Kafka; what cannot be read goes to ${QUEUE_DEAD_LETTERS}`,
    )
    .addOption(bootstrapOption(deps))
    .addOption(registryOption(deps))
    .addOption(given("--account <id>", "the account of the queue (CLOUDFLARE_ACCOUNT_ID)", env.CLOUDFLARE_ACCOUNT_ID))
    .addOption(given("--queue <id>", "the queue's id (REPRISE_QUEUE_ID)", env.REPRISE_QUEUE_ID))
    .addOption(
      new Option("--api <url>", "Cloudflare's API (CLOUDFLARE_API_BASE_URL)").default(
        env.CLOUDFLARE_API_BASE_URL || CLOUDFLARE_API,
      ),
    )
    .option("--until-empty", "end when the queue gives nothing more", false)
    .addOption(formatOption())
    .action(
      action(async (options: BridgeOptions) => {
        const { forwarded, repeated, dead } = await runBridge(options, deps);
        deps.out.write(
          options.format === "json"
            ? `${JSON.stringify({ forwarded, repeated, dead })}\n`
            : `${forwarded} forwarded, ${repeated} repeated, ${dead} to dead letters\n`,
        );
        return 0;
      }),
    );
}

async function runBridge(options: BridgeOptions, deps: StreamDependencies): Promise<BridgeTally> {
  const queue = deps.leasingQueue({
    api: checkApi(options.api),
    account: checkId("CLOUDFLARE_ACCOUNT_ID", options.account),
    queue: checkId("REPRISE_QUEUE_ID", options.queue),
    token: checkToken(deps.env.CLOUDFLARE_API_TOKEN),
  });
  const warn = (message: string) => deps.err.write(`warning: ${message}\n`);
  const broker = await openBroker(brokerOf(options.bootstrap), deps, warn);
  const schemas = await deps.schemaIds(registryOf(options.schemaRegistry, deps));
  // A broker that is not there is told now, before messages are taken that could not be forwarded.
  await broker.ensureTopics([...Object.values(TOPICS).map(({ name }) => name), QUEUE_DEAD_LETTERS]);
  let isStopped = false;
  const stopped = deps.stopped().then(() => {
    isStopped = true;
  });
  const say = (text: string) => deps.err.write(`${new Date(deps.now()).toISOString()} ${text}\n`);
  let toldAt = deps.now();
  return bridge(
    {
      queue,
      producer: broker.producer,
      schemas,
      isStopped: () => isStopped,
      pause: (ms) => Promise.race([stopped, new Promise<void>((resolve) => deps.schedule(ms, resolve))]),
      told: ({ forwarded, dead }) => {
        if (deps.now() - toldAt < TELL_MS) return;
        toldAt = deps.now();
        say(`${forwarded} forwarded, ${dead} dead`);
      },
      log: say,
    },
    options.untilEmpty,
  );
}

function given(flags: string, description: string, value: string | undefined): Option {
  const option = new Option(flags, description);
  return value ? option.default(value) : option;
}

function checkId(name: string, id: string | undefined): string {
  if (id !== undefined && /^[A-Za-z0-9_-]{1,32}$/.test(id)) return id;
  throw InputError.of(
    name,
    id ?? null,
    `${id === undefined ? "is missing" : JSON.stringify(id)}: it must be 1 to 32 letters and digits`,
  );
}

/** The token goes with every request, so it is not shown to who listens on the way. */
function checkApi(address: string): string {
  const url = URL.parse(address);
  const isLocal = url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url !== null && (url.protocol === "https:" || isLocal)) return address;
  const message = `${JSON.stringify(address)} must begin with https://, or with http:// on this machine`;
  throw InputError.of("CLOUDFLARE_API_BASE_URL", address, message);
}

function checkToken(token: string | undefined): string {
  if (token !== undefined && /^[\x21-\x7e]{1,1024}$/.test(token)) return token;
  const reason = token ? "its value is not 1 to 1024 printable characters without spaces" : "is missing";
  throw InputError.of("CLOUDFLARE_API_TOKEN", null, `${reason}: it is a token that may read and write queues`);
}
