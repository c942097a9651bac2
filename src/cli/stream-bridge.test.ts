import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PullQueue, startPullQueue } from "../../test/pull-queue.ts";
import { cloudflareQueuePull } from "../drivers/cloudflare-queue-pull.ts";
import type { Message } from "../stream/broker.ts";
import { envelope } from "../stream/envelope.ts";
import { pinnedSchemaIds } from "../stream/schema-ids.ts";
import { runCli } from "./run.ts";
import type { StreamDependencies } from "./stream.ts";
import { bridgeCommand } from "./stream-bridge.ts";

let server: PullQueue;
let kept: Message[];
let made: string[];
let brokerFault: Error | null;
/** Tells the process to end. */
let end: () => void;

beforeEach(async () => {
  server = await startPullQueue();
  kept = [];
  made = [];
  brokerFault = null;
});
afterEach(() => server.close());

const variables = (): Record<string, string> => ({
  KAFKA_BOOTSTRAP: "broker:9092",
  CLOUDFLARE_API_BASE_URL: server.api,
  CLOUDFLARE_ACCOUNT_ID: server.account,
  CLOUDFLARE_API_TOKEN: server.token,
  REPRISE_QUEUE_ID: server.queue,
});

async function run(argv: readonly string[], env: Record<string, string | undefined> = variables()) {
  const out: string[] = [];
  const err: string[] = [];
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
  });
  const deps = {
    out: { write: (text: string) => out.push(text) },
    err: { write: (text: string) => err.push(text), isTTY: false },
    env,
    now: () => 0,
    schedule: (_: number, work: () => unknown) => void setImmediate(work),
    stopped: () => stopped,
    leasingQueue: (address: Parameters<typeof cloudflareQueuePull>[0]) => cloudflareQueuePull(address, fetch),
    schemaIds: async () => pinnedSchemaIds({ "reprise.watch": 1 }),
    broker: async () => ({
      ensureTopics: async (topics: readonly string[]) => {
        if (brokerFault) throw brokerFault;
        made.push(...topics);
      },
      producer: async () => ({
        send: async (messages: readonly Message[]) => {
          kept.push(...messages);
          end();
        },
        close: async () => {},
      }),
    }),
  } as unknown as StreamDependencies;
  const code = await runCli(new Command("reprise").addCommand(bridgeCommand(deps)), ["bridge", ...argv], deps);
  return { code, out: out.join(""), err: err.join("") };
}

const message = (seq: number): Message => ({
  topic: "reprise.watch",
  key: "1",
  value: Uint8Array.of(0, 0, 0, 0, 1, seq),
  headers: { place: `events/${seq}` },
});
const queued = (body: string) => ({ body, contentType: "text" }) as const;

describe("stream bridge", () => {
  test("forwards what the queue holds in order, and ends where nothing more comes", async () => {
    server.put(...[2, 1, 2].map((seq) => queued(envelope(message(seq)))), queued("poison"));
    expect(await run(["--until-empty"])).toEqual({
      code: 0,
      out: "2 forwarded, 1 repeated, 1 to dead letters\n",
      err: "",
    });
    expect(kept.slice(0, 2)).toEqual([message(1), message(2)]);
    expect(kept[2]).toMatchObject({ topic: "reprise.queue.dead", headers: { reason: "message: is not JSON" } });
    expect(made).toEqual(["reprise.watch", "reprise.rating", "reprise.response", "reprise.queue.dead"]);
    expect(server.left()).toBe(0);
  });

  test("goes on until it is told to end", async () => {
    server.put(queued(envelope(message(1))));
    const { code, out } = await run(["--format", "json"]);
    expect([code, JSON.parse(out)]).toEqual([0, { forwarded: 1, repeated: 0, dead: 0 }]);
  });

  test("takes nothing while the broker is not there", async () => {
    brokerFault = new Error("Kafka at broker:9092: no answer");
    server.put(queued(envelope(message(1))));
    expect(await run([])).toEqual({ code: 2, out: "", err: "error: Kafka at broker:9092: no answer\n" });
    expect(server.asked).toEqual([]);
  });

  test("ends with a token that may not read the queue, in one line without it", async () => {
    const { code, err } = await run([], { ...variables(), CLOUDFLARE_API_TOKEN: "0ther" });
    expect(code).toBe(2);
    expect(err).toMatch(/^error: queue: .* answers 401: Authentication error \(10000\)\n$/);
    expect(err).not.toContain("0ther");
  });

  test.each<[name: string, value: string | undefined, why: string]>([
    ["KAFKA_BOOTSTRAP", undefined, "KAFKA_BOOTSTRAP: must be host:port"],
    ["CLOUDFLARE_ACCOUNT_ID", undefined, "CLOUDFLARE_ACCOUNT_ID: is missing"],
    ["CLOUDFLARE_ACCOUNT_ID", "a/b", 'CLOUDFLARE_ACCOUNT_ID: "a/b"'],
    ["REPRISE_QUEUE_ID", undefined, "REPRISE_QUEUE_ID: is missing"],
    ["CLOUDFLARE_API_TOKEN", undefined, "CLOUDFLARE_API_TOKEN: is missing"],
    ["CLOUDFLARE_API_TOKEN", "a b", "CLOUDFLARE_API_TOKEN: its value is not"],
    ["CLOUDFLARE_API_BASE_URL", "http://api.cloudflare.com", "CLOUDFLARE_API_BASE_URL: "],
    ["CLOUDFLARE_API_BASE_URL", "here", "CLOUDFLARE_API_BASE_URL: "],
  ])("refuses %s as %j before it asks anybody", async (name, value, why) => {
    const { code, out, err } = await run([], { ...variables(), [name]: value });
    expect([code, out, made, server.asked]).toEqual([2, "", [], []]);
    expect(err).toContain(why);
    expect(err.trim().split("\n")).toHaveLength(1);
    if (value === "a b") expect(err).not.toContain(value);
  });
});
