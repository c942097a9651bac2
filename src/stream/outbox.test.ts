import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryCursors } from "../../test/cursors.ts";
import { memoryEvents, rating } from "../../test/events.ts";
import { decodeRecord } from "../avro/decode.ts";
import { unframe } from "../avro/framing.ts";
import type { EventStore } from "../events/store.ts";
import type { AnswerLog, TracedAnswer } from "../provenance/trace.ts";
import type { Message } from "./broker.ts";
import { type Outbox, openOutbox } from "./outbox.ts";
import type { OutboxLog } from "./place.ts";
import { TOPICS } from "./topics.ts";

let events: EventStore;
let cursors: Map<OutboxLog, number>;
/** What the broker has kept. */
let kept: Message[];
/** What the broker does before it keeps messages. */
let meanwhile: (messages: readonly Message[]) => void;
/** Whether it keeps nothing, and never says so. */
let hangs: boolean;
let answered: { id: number; answer: TracedAnswer | null }[];
let logged: string[];
const opened: Outbox[] = [];

beforeEach(() => {
  events = memoryEvents();
  cursors = new Map();
  kept = [];
  meanwhile = () => {};
  hangs = false;
  answered = [];
  logged = [];
});
afterEach(async () => {
  for (const outbox of opened.splice(0)) await outbox.close();
});

const answerLog: AnswerLog = {
  lastId: async () => answered.at(-1)?.id ?? 0,
  page: async (after, limit) => answered.filter(({ id }) => id > after).slice(0, limit),
};

function open(): Outbox {
  const outbox = openOutbox({
    events,
    answers: answerLog,
    cursors: memoryCursors(cursors),
    producer: async () => ({
      send: async (messages) => {
        meanwhile(messages);
        if (hangs) await new Promise(() => {});
        kept.push(...messages);
      },
      close: async () => {},
    }),
    schemas: { idOf: async () => 7, schemaOf: async () => TOPICS.rating.schema },
    schedule: (_, work) => void setImmediate(work),
    log: (message) => logged.push(message),
  });
  opened.push(outbox);
  return outbox;
}

/** Waits until everything was sent. */
async function sent(outbox: Outbox): Promise<void> {
  for (let turn = 0; turn < 100_000; turn++) {
    if ((await outbox.pending()) === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it is never sent");
}

const eventIds = () => kept.map(({ value }) => decodeRecord(TOPICS.rating.schema, unframe(value).body).event_id);
const batch = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => rating(`e${from + at}`, String(at % 3)));
const answerTo = (user_id: number) =>
  ({
    user_id,
    items: [1, 2],
    provenance: {
      request_id: `r${user_id}`,
      timestamp: 1,
      model_name: "als",
      model_version: "v0.1",
      git_sha: "a",
      data_snapshot_id: "d",
      container_image_digest: null,
      latency_ms: 2,
      request: { k: 2 },
    },
  }) as unknown as TracedAnswer;

describe("the outbox", () => {
  test("sends what was accepted before and after it was opened, framed, in order, once", async () => {
    await events.append(batch(0, 1_200));
    const outbox = open();
    await sent(outbox);
    await events.append([{ ...rating("c", "1"), type: "click" } as never, ...batch(1_200, 3)]);
    await sent(outbox);
    expect(eventIds()).toEqual(batch(0, 1_203).map(({ event_id }) => event_id));
    expect(new Set(kept.map(({ topic }) => topic))).toEqual(new Set(["reprise.rating"]));
    expect(kept.map(({ key }) => key).slice(0, 4)).toEqual(["0", "1", "2", "0"]);
    expect(unframe(kept[0].value).schemaId).toBe(7);
  });

  test("goes on after a broker that was away, with nothing lost and nothing out of order", async () => {
    let failures = 5;
    meanwhile = () => {
      if (failures-- > 0) throw new Error("no broker");
    };
    await events.append(batch(0, 10));
    const outbox = open();
    await sent(outbox);
    expect(eventIds()).toEqual(batch(0, 10).map(({ event_id }) => event_id));
    expect(logged).toEqual(["messages are not published: no broker", "messages are published again"]);
    expect(await outbox.fault()).toBeNull();
  });

  test("goes on after a crash where it stopped, sending again only what it could not note", async () => {
    await events.append(batch(0, 600));
    const first = open();
    await sent(first);
    await first.close();
    // It died after the broker had kept the second page and before that was noted.
    cursors.set("events", 500);
    await sent(open());
    const ids = eventIds();
    expect(new Set(ids).size).toBe(600);
    expect(ids.slice(600)).toEqual(batch(500, 100).map(({ event_id }) => event_id));
  });

  test("says how much waits, and why", async () => {
    meanwhile = () => {
      throw new Error("no broker");
    };
    await events.append(batch(0, 4));
    const outbox = open();
    for (let turn = 0; turn < 1_000 && (await outbox.fault()) === null; turn++)
      await new Promise((resolve) => setImmediate(resolve));
    expect([await outbox.pending(), await outbox.fault()]).toEqual([4, "no broker"]);
    meanwhile = () => {};
    await sent(outbox);
  });

  test("sends answers from when it was first opened, leaves out what does not read, and begins again with the numbers", async () => {
    answered = [{ id: 3, answer: answerTo(3) }];
    const outbox = open();
    await sent(outbox);
    expect(kept).toEqual([]);
    answered.push({ id: 4, answer: answerTo(4) }, { id: 5, answer: null }, { id: 6, answer: { movie_id: 1 } as never });
    await sent(outbox);
    expect(kept.map(({ topic, key }) => [topic, key])).toEqual([["reprise.response", "4"]]);
    // All expired, and the numbers begin anew.
    answered = [{ id: 1, answer: answerTo(9) }];
    for (let turn = 0; turn < 10_000 && kept.length < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(kept.map(({ key }) => key)).toEqual(["4", "9"]);
  });

  test("leaves out what came from its own topics, and what was erased before it was sent", async () => {
    meanwhile = () => {
      throw new Error("no broker");
    };
    const outbox = open();
    await events.append([rating("reprise.rating/0/7/5", "1"), rating("movielog/0/7/5", "1"), rating("gone", "2")]);
    await events.erase("2", 1);
    meanwhile = () => {};
    await sent(outbox);
    expect(eventIds()).toEqual(["movielog/0/7/5"]);
    await events.append([rating("late", "3")]);
    await events.erase("3", 1);
    // Nothing is left to send, and that is seen.
    await sent(outbox);
    expect(eventIds()).toEqual(["movielog/0/7/5"]);
  });

  test("that is asked how much waits while it begins does not forget where it began", async () => {
    await events.append(batch(0, 600));
    const outbox = open();
    await Promise.all([outbox.pending(), outbox.pending(), sent(outbox), outbox.pending()]);
    expect(eventIds()).toEqual(batch(0, 600).map(({ event_id }) => event_id));
  });

  test("ends although the broker never answers, and goes on after the next start", async () => {
    hangs = true;
    await events.append(batch(0, 3));
    const outbox = open();
    await outbox.close();
    expect([kept, logged]).toEqual([[], []]);
    hangs = false;
    await sent(open());
    expect(eventIds()).toEqual(batch(0, 3).map(({ event_id }) => event_id));
  });

  test("that is ended while it waits for a broker ends, and says nothing more", async () => {
    meanwhile = () => {
      throw new Error("no broker");
    };
    await events.append(batch(0, 3));
    const outbox = open();
    for (let turn = 0; turn < 1_000 && logged.length === 0; turn++)
      await new Promise((resolve) => setImmediate(resolve));
    await outbox.close();
    meanwhile = () => {};
    await new Promise((resolve) => setImmediate(resolve));
    expect([kept, logged]).toEqual([[], ["messages are not published: no broker"]]);
  });
});
