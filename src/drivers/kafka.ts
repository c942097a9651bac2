import { Admin, Consumer as KafkaConsumer, Producer as KafkaProducer, ProduceAcks } from "@platformatic/kafka";
import { StoreError } from "../base/errors.ts";
import type { Broker, Consumer, Message, Producer, Received } from "../stream/broker.ts";

const CLIENT = "reprise";
const PARTITIONS = 3;
/** Messages handed over at a time. */
const MAX_BATCH = 500;
const MAX_WAIT_MS = 200;
const TIMEOUT_MS = 10_000;

/** Kafka at these addresses, `host:port` separated by commas. */
export function kafka(bootstrap: string): Broker {
  const options = {
    clientId: CLIENT,
    bootstrapBrokers: bootstrap.split(",").map((address) => address.trim()),
    timeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    retries: 3,
  };
  return {
    producer: async () => producer(new KafkaProducer({ ...options, idempotent: true, acks: ProduceAcks.ALL })),
    consumer: async (group, topics) =>
      consumer(new KafkaConsumer({ ...options, groupId: group, autocommit: false, maxWaitTime: MAX_WAIT_MS }), topics),
    ensureTopics: async (topics) => {
      const admin = new Admin(options);
      try {
        const known = await named(() => admin.listTopics());
        const missing = topics.filter((topic) => !known.includes(topic));
        if (missing.length > 0) await named(() => admin.createTopics({ topics: missing, partitions: PARTITIONS }));
      } finally {
        await admin.close();
      }
    },
  };
}

function producer(client: KafkaProducer): Producer {
  return {
    send: async (messages) => {
      await named(() => client.send({ messages: messages.map(asRecord) }));
    },
    close: () => client.close(),
  };
}

function asRecord({ topic, key, value, headers }: Message) {
  const entries = Object.entries(headers ?? {}).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const);
  return { topic, key: Buffer.from(key), value: Buffer.from(value), headers: new Map(entries) };
}

function consumer(client: KafkaConsumer, topics: readonly string[]): Consumer {
  let stop = (): Promise<void> => Promise.resolve();

  /** How far each partition reached, so that it can be told when everything of it has come. */
  const endsNow = async (): Promise<Map<string, bigint>> => {
    const ends = new Map<string, bigint>();
    const latest = await client.listOffsets({ topics: [...topics], timestamp: -1n });
    const earliest = await client.listOffsets({ topics: [...topics], timestamp: -2n });
    const done = await client.listCommittedOffsets({
      topics: [...latest].map(([topic, offsets]) => ({ topic, partitions: [...offsets.keys()] })),
    });
    for (const [topic, offsets] of latest) {
      offsets.forEach((end, partition) => {
        const committed = done.get(topic)?.[partition] ?? -1n;
        const begin = committed >= 0n ? committed : (earliest.get(topic)?.[partition] ?? 0n);
        if (begin < end) ends.set(`${topic}/${partition}`, end);
      });
    }
    return ends;
  };

  return {
    run: (take, untilEnd) =>
      named(async () => {
        const left = untilEnd ? await endsNow() : null;
        if (left?.size === 0) return;
        const stream = await client.consume({ topics: [...topics], mode: "committed", fallbackMode: "earliest" });
        stop = () => stream.close();
        let batch: (Received & { readonly leaderEpoch: number })[] = [];
        for await (const { topic, partition, offset, key, value, leaderEpoch } of stream) {
          batch.push({
            topic,
            partition,
            offset,
            key: (key ?? "").toString(),
            value: value ?? Buffer.of(),
            leaderEpoch,
          });
          if (batch.length < MAX_BATCH && stream.readableLength > 0) continue;
          await take(batch);
          const newest = new Map(batch.map((message) => [`${message.topic}/${message.partition}`, message]));
          await client.commit({
            offsets: [...newest.values()].map((message) => ({ ...place(message), offset: message.offset + 1n })),
          });
          batch = [];
          for (const [name, message] of newest) {
            if (left && message.offset + 1n >= (left.get(name) ?? 0n)) left.delete(name);
          }
          if (left?.size === 0) break;
        }
      }),
    stop: async () => {
      await stop();
      await client.close(true);
    },
  };
}

function place({ topic, partition, leaderEpoch }: { topic: string; partition: number; leaderEpoch: number }) {
  return { topic, partition, leaderEpoch };
}

/** What the client throws, as one line that says what is wrong. */
async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || !String(error.code).startsWith("PLT_KFK")) throw error;
    const causes = error instanceof AggregateError ? error.errors.map((cause) => (cause as Error).message) : [];
    throw new StoreError("kafka", [error.message, ...new Set(causes)].join(": "), { cause: error });
  }
}
