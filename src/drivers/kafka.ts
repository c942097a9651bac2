import {
  Admin,
  type ConsumerOptions,
  Consumer as KafkaConsumer,
  Producer as KafkaProducer,
  ProduceAcks,
} from "@platformatic/kafka";
import type { Broker, Consumer, Message, Producer, Received } from "../stream/broker.ts";
import type { KafkaConnection } from "./kafka-connection.ts";

const CLIENT = "reprise";
const PARTITIONS = 3;
/** Messages handed over at a time. */
const MAX_BATCH = 500;
/** Bytes sent at a time: a partition's share of them stands in one batch, and brokers take batches of 1 MiB. */
const MAX_SENT_BYTES = 500_000;
/** Messages held beyond those handed over, of which one fetch may add as many as fit into MAX_FETCH_BYTES. */
const MAX_BUFFERED = 1_000;
const MAX_FETCH_BYTES = 4 << 20;
const MAX_WAIT_MS = 200;
const TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RETRIES = 5;
const RETRY_MS = 500;
/** After how long without a sign of life another member of the group takes over what one had. */
const SESSION_MS = 10_000;
/** How often it is looked whether the end was reached, where nothing comes. */
const LOOK_MS = 200;

type Client = ConsumerOptions<Buffer, Buffer, Buffer, Buffer>;
type Run = <T>(work: () => Promise<T>) => Promise<T>;

/** Kafka at these addresses, `host:port` separated by commas. What fails tells so in one line that names them. */
export function kafka(bootstrap: string, connection: KafkaConnection = {}): Broker {
  const options = {
    ...connection,
    clientId: CLIENT,
    bootstrapBrokers: bootstrap.split(",").map((address) => address.trim()),
    timeout: TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retries: RETRIES,
    retryDelay: RETRY_MS,
  };
  const run: Run = async (work) => {
    try {
      return await work();
    } catch (error) {
      throw isClients(error) ? new Error(`Kafka at ${bootstrap}: ${reasonsOf(error)}`, { cause: error }) : error;
    }
  };
  return {
    producer: async () => producer(new KafkaProducer({ ...options, idempotent: true, acks: ProduceAcks.ALL }), run),
    consumer: async (group, topics, instance) => {
      const member: Client = {
        ...options,
        groupId: group,
        ...(instance !== null && { groupInstanceId: instance }),
        autocommit: false,
        sessionTimeout: SESSION_MS,
        maxWaitTime: MAX_WAIT_MS,
        maxBytes: MAX_FETCH_BYTES,
        highWaterMark: MAX_BUFFERED,
      };
      return consumer(new KafkaConsumer(member), topics, run);
    },
    ensureTopics: async (topics) => {
      const admin = new Admin(options);
      const absent = async () => {
        const known = await admin.listTopics();
        return topics.filter((topic) => !known.includes(topic));
      };
      try {
        await run(async () => {
          const missing = await absent();
          if (missing.length === 0) return;
          await admin.createTopics({ topics: missing, partitions: PARTITIONS }).catch(async (error) => {
            // Another process may have made them meanwhile.
            if ((await absent()).length > 0) throw error;
          });
        });
      } finally {
        await admin.close();
      }
    },
  };
}

function producer(client: KafkaProducer, run: Run): Producer {
  return {
    send: async (messages) => {
      for (const part of parts(messages)) await run(() => client.send({ messages: part.map(asRecord) }));
    },
    close: () => client.close(),
  };
}

/** In parts that can be sent, in order. */
function* parts(messages: readonly Message[]): Generator<readonly Message[]> {
  let part: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (part.length > 0 && bytes + size > MAX_SENT_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Bytes of a message, with its headers: those of many dead letters may be most of it. */
function sizeOf({ key, value, headers }: Message): number {
  const texts = [key, ...Object.entries(headers ?? {}).flat()];
  return value.length + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function asRecord({ topic, key, value, headers }: Message) {
  const entries = Object.entries(headers ?? {}).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const);
  return { topic, key: Buffer.from(key), value: Buffer.from(value), headers: new Map(entries) };
}

function consumer(client: KafkaConsumer, topics: readonly string[], run: Run): Consumer {
  let stop: (() => Promise<void>) | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  const consume = async (take: (batch: readonly Received[]) => Promise<void>, untilEnd: boolean): Promise<void> => {
    const end = untilEnd ? await endOf(client, topics) : null;
    if (stopped || (await end?.reached(new Map()))) return;
    const stream = await client.consume({ topics: [...topics], mode: "committed", fallbackMode: "earliest" });
    // What it had fetched and not handed over is left to the next consumer.
    stop = () => stream.close();
    let batch: Placed[] = [];
    const look = async (): Promise<void> => {
      const reached = await end?.reached(stream.offsetsToFetch);
      if (reached && batch.length === 0 && stream.readableLength === 0) await stream.close();
    };
    const looking = end && setInterval(() => look().catch((error) => stream.destroy(error)), LOOK_MS);
    try {
      if (stopped) return;
      for await (const message of stream) {
        batch.push(placed(message));
        if (batch.length < MAX_BATCH && stream.readableLength > 0) continue;
        await take(batch);
        await client.commit({ offsets: nextOffsets(batch) });
        batch = [];
      }
    } finally {
      if (looking) clearInterval(looking);
      await stream.close();
    }
  };

  return {
    run: (take, untilEnd) => {
      running = run(() => consume(take, untilEnd));
      return running;
    },
    stop: async () => {
      stopped = true;
      await stop?.();
      await running.catch(() => {}); // whoever called `run` is told
      await client.close(true);
    },
  };
}

type Placed = Received & { readonly leaderEpoch: number };

function placed(message: {
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: bigint;
  leaderEpoch: number;
  key: Buffer | undefined;
  value: Buffer | undefined;
  headers: ReadonlyMap<Buffer, Buffer>;
}): Placed {
  const { topic, partition, offset, timestamp, leaderEpoch, key, value, headers } = message;
  return {
    topic,
    partition,
    offset,
    timestamp: Number(timestamp),
    leaderEpoch,
    key: (key ?? "").toString(),
    value: value ?? Buffer.of(),
    headers: Object.fromEntries(Array.from(headers, ([name, text]) => [String(name), String(text)])),
  };
}

/** Where to go on after a batch, by partition. */
function nextOffsets(batch: readonly Placed[]) {
  const newest = new Map(batch.map((message) => [`${message.topic}:${message.partition}`, message]));
  return Array.from(newest.values(), ({ topic, partition, offset, leaderEpoch }) => ({
    topic,
    partition,
    offset: offset + 1n,
    leaderEpoch,
  }));
}

/** How far the topics reach now, and whether that has come: to this consumer, or to another of its group. */
async function endOf(client: KafkaConsumer, names: readonly string[]) {
  const topics = [...names];
  const latest = await client.listOffsets({ topics, timestamp: -1n });
  const earliest = await client.listOffsets({ topics, timestamp: -2n });
  const left = new Map(
    [...latest].flatMap(([topic, ends]) =>
      ends.flatMap((end, partition) =>
        end > (earliest.get(topic)?.[partition] ?? 0n) ? [[`${topic}:${partition}`, end] as const] : [],
      ),
    ),
  );
  return {
    /** @param fetched where this consumer fetches next, by partition; there may be no message before the end */
    reached: async (fetched: ReadonlyMap<string, bigint>): Promise<boolean> => {
      const isLeft = (at: ReadonlyMap<string, bigint>) => {
        for (const [partition, end] of left) if ((at.get(partition) ?? -1n) >= end) left.delete(partition);
        return left.size > 0;
      };
      if (!isLeft(fetched)) return true;
      const done = await client.listCommittedOffsets({
        topics: [...latest].map(([topic, ends]) => ({ topic, partitions: [...ends.keys()] })),
      });
      return !isLeft(
        new Map([...done].flatMap(([topic, offsets]) => offsets.map((at, partition) => [`${topic}:${partition}`, at]))),
      );
    },
  };
}

function isClients(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("PLT_KFK");
}

/** Brokers say nothing to who speaks to them in another way than they want. */
const HINTS: Readonly<Record<string, string>> = {
  "Connection closed":
    ": the broker went away, or wants another KAFKA_SECURITY_PROTOCOL, another user or a certificate",
};

/** What lies behind the client's "failed 4 times", each reason once, with what caused it. */
function reasonsOf(error: Error): string {
  const reasons = (each: Error): string[] => {
    const inner = each instanceof AggregateError ? (each.errors as Error[]) : [];
    if (inner.length > 0) return inner.flatMap(reasons);
    // What the broker says of it tells more than what the client makes of its code.
    const { serverErrorMessage } = each as { readonly serverErrorMessage?: string | null };
    if (!(each.cause instanceof Error)) return [serverErrorMessage || each.message + (HINTS[each.message] ?? "")];
    return reasons(each.cause).map((cause) => `${each.message.replace(/\.$/, "")}: ${cause}`);
  };
  return [...new Set(reasons(error))].join("; ");
}
