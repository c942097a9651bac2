import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryEvents, rating } from "../../test/events.ts";
import { DataError } from "../base/errors.ts";
import { MAX_AHEAD_MS } from "../events/event.ts";
import type { EventStore } from "../events/store.ts";
import type { Consumer, Message, Received } from "./broker.ts";
import { type IngestParts, type IngestTally, ingest } from "./ingest.ts";
import { idOf } from "./message-id.ts";

const NOW = 1_000_000;
const text = (message: Pick<Message, "value">) => new TextDecoder().decode(message.value);
const received = (value: string, offset: number, key = "k"): Received => ({
  topic: "t",
  partition: 0,
  offset: BigInt(offset),
  timestamp: 5,
  key,
  value: new TextEncoder().encode(value),
});

/** A topic of one partition whose group remembers how far it came. */
function topicOf(values: readonly string[], batchSize: number, key?: string) {
  let committed = 0;
  const consumer: Consumer = {
    run: async (take) => {
      while (committed < values.length) {
        const batch = values.slice(committed, committed + batchSize);
        await take(batch.map((value, place) => received(value, committed + place, key)));
        committed += batch.length;
      }
    },
    stop: async () => {},
  };
  return { consumer, committed: () => committed };
}

/** Lines `bad…` do not read, `none…` tell of no event, and others are the id of a rating. */
async function read(message: Received) {
  const line = text(message);
  if (line.startsWith("bad")) throw new DataError("line", `is ${line}`);
  return line.startsWith("none") ? null : rating(line, "u", "1", line === "ahead" ? NOW + MAX_AHEAD_MS + 1 : 1);
}

function partsOf(consumer: Consumer, events: Pick<EventStore, "append">, sent: Message[]): IngestParts {
  const producer = { send: async (messages: readonly Message[]) => void sent.push(...messages), close: async () => {} };
  return { consumer, events, producer, read, told: () => {}, now: () => NOW };
}

const ids = async (events: EventStore) => (await events.page(0, 10_000)).map(({ event }) => event.event_id);

test("messages become events in their order, and what does not read becomes a dead letter with the reason", async () => {
  const events = memoryEvents();
  await events.erase("gone", 1);
  const sent: Message[] = [];
  const { consumer } = topicOf(["a", "bad1", "none", "b", "a", "ahead"], 4);
  expect(await ingest(partsOf(consumer, events, sent), true)).toEqual({
    accepted: 2,
    duplicates: 1,
    erased: 0,
    ignored: 1,
    dead: 2,
  });
  expect(await ids(events)).toEqual(["a", "b"]);
  expect(sent.map((letter) => ({ ...letter, value: text(letter) }))).toEqual([
    { topic: "t.dead", key: "t/0/1/5", value: "bad1", headers: { reason: "line: is bad1", key: "k" } },
    {
      topic: "t.dead",
      key: "t/0/5/5",
      value: "ahead",
      headers: { reason: expect.stringContaining("ts: 87400001 is more than a day ahead"), key: "k" },
    },
  ]);
});

test("wherever it dies, nothing is lost, and nothing stands twice in the log", async () => {
  const step = fc.constantFrom("append", "after", "dead", "done");
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.array(step, { maxLength: 12 }),
      async (values, batchSize, deaths) => {
        const events = memoryEvents();
        const sent: Message[] = [];
        const topic = topicOf(values, batchSize);
        const dies = (at: string) => {
          if (deaths[0] !== at) return;
          deaths.shift();
          throw new Error(`killed at ${at}`);
        };
        const parts = partsOf(topic.consumer, events, sent);
        const mortal: IngestParts = {
          ...parts,
          events: {
            append: async (batch) => {
              dies("append");
              const outcomes = await events.append(batch);
              dies("after");
              return outcomes;
            },
          },
          producer: {
            ...parts.producer,
            send: async (messages) => {
              await parts.producer.send(messages);
              dies("dead");
            },
          },
          told: () => dies("done"),
        };
        for (let run = 0; topic.committed() < values.length && run < 100; run++)
          await ingest(mortal, true).catch(() => {});
        const good = values.filter((value) => !/^(bad|none|ahead$)/.test(value));
        expect(await ids(events)).toEqual(good);
        expect(new Set(sent.map(text))).toEqual(new Set(values.filter((value) => /^(bad|ahead$)/.test(value))));
      },
    ),
  );
});

test("what cannot be asked now ends it, without a dead letter: the message is not at fault", async () => {
  const sent: Message[] = [];
  const { consumer, committed } = topicOf(["a"], 5);
  const parts = {
    ...partsOf(consumer, memoryEvents(), sent),
    read: () => Promise.reject(new Error("no registry")),
  };
  await expect(ingest(parts, true)).rejects.toThrow("no registry");
  expect([sent, committed()]).toEqual([[], 0]);
});

test("a batch of any size is written in transactions of a bounded size", async () => {
  const sizes: number[] = [];
  const events = memoryEvents();
  const { consumer } = topicOf(
    Array.from({ length: 2_500 }, (_, place) => `e${place}`),
    2_500,
  );
  const told: IngestTally[] = [];
  const parts: IngestParts = {
    ...partsOf(consumer, events, []),
    events: {
      append: (batch) => {
        sizes.push(batch.length);
        return events.append(batch);
      },
    },
    told: (tally) => told.push({ ...tally }),
  };
  await ingest(parts, true);
  expect(sizes).toEqual([1_000, 1_000, 500]);
  expect(told).toMatchObject([{ accepted: 2_500 }]);
});

describe("a dead letter", () => {
  test("of a very large message is cut off, so that it can be sent", async () => {
    const sent: Message[] = [];
    const { consumer } = topicOf([`bad${"x".repeat(1_000_000)}`], 1, "k".repeat(1_000_000));
    await ingest(partsOf(consumer, memoryEvents(), sent), true);
    expect(sent[0].value.length).toBe(900_000);
    expect(sent[0].headers?.reason.length).toBe(500);
    expect(sent[0].headers?.key.length).toBe(500);
  });
});

test("messages of a topic that was made again have other ids", () => {
  const message = received("a", 1);
  expect(idOf(message)).not.toBe(idOf({ ...message, timestamp: 6 }));
  expect(idOf(message)).toBe(idOf({ ...message, value: new Uint8Array() }));
});
