import { beforeEach, describe, expect, test } from "vitest";
import { memoryCursors } from "../../test/cursors.ts";
import { memoryEvents, rating } from "../../test/events.ts";
import { memoryLeases } from "../../test/leases.ts";
import { decodeRecord } from "../avro/decode.ts";
import { unframe } from "../avro/framing.ts";
import type { Leases } from "../base/leases.ts";
import type { EventStore } from "../events/store.ts";
import type { AnswerLog } from "../provenance/trace.ts";
import type { Message } from "./broker.ts";
import { type DrainedOutbox, openDrainedOutbox } from "./drained-outbox.ts";
import type { OutboxLog } from "./place.ts";
import { TOPICS } from "./topics.ts";

let events: EventStore;
let answers: AnswerLog;
let cursors: Map<OutboxLog, number>;
let kept: Message[];
/** What the queue does before it keeps messages. */
let meanwhile: () => void | Promise<void>;
let fault: string | null;
let leases: Leases;
let clock: number;
let logged: string[];
/** Pauses that were begun, each with what ends it. */
let pauses: (() => void)[];

beforeEach(() => {
  events = memoryEvents();
  answers = { lastId: async () => 0, page: async () => [] };
  cursors = new Map();
  kept = [];
  meanwhile = () => {};
  fault = null;
  leases = memoryLeases();
  clock = 1_000;
  logged = [];
  pauses = [];
});

/** One process of several that share the logs. */
function open(): DrainedOutbox {
  return openDrainedOutbox({
    events,
    answers,
    cursors: memoryCursors(cursors),
    schemas: { idOf: async () => 7, schemaOf: async () => TOPICS.rating.schema },
    producer: {
      send: async (messages) => {
        await meanwhile();
        kept.push(...messages);
      },
      close: async () => {},
    },
    leases,
    note: {
      read: async () => fault,
      write: async (reason) => {
        fault = reason;
      },
    },
    pause: () => new Promise((resolve) => pauses.push(resolve)),
    now: () => clock,
    log: (message) => logged.push(message),
  });
}

function endPauses(): void {
  for (const end of pauses.splice(0)) end();
}

const batch = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => rating(`e${from + at}`, String(at % 3)));
const idsOf = (messages: readonly Message[]) =>
  messages.map(({ value }) => decodeRecord(TOPICS.rating.schema, unframe(value).body).event_id);

describe("an outbox that is drained", () => {
  test("sends all that waits, in order, with the place of each, and nothing twice", async () => {
    await events.append(batch(0, 1_200));
    const outbox = open();
    expect(await outbox.pending()).toBe(1_200);
    await outbox.drain();
    await outbox.drain();
    expect(idsOf(kept)).toEqual(batch(0, 1_200).map(({ event_id }) => event_id));
    expect(kept.map(({ headers }) => headers?.place)).toEqual(kept.map((_, at) => `events/${at + 1}`));
    expect(await outbox.pending()).toBe(0);
  });

  test("is drained by one process at a time, so that the order stays", async () => {
    await events.append(batch(0, 1_200));
    const [one, other] = [open(), open()];
    meanwhile = async () => {
      meanwhile = () => {};
      await other.drain();
      expect(kept).toEqual([]);
    };
    await one.drain();
    expect(idsOf(kept)).toEqual(batch(0, 1_200).map(({ event_id }) => event_id));
    // The cursors that the other read before have moved.
    await events.append(batch(1_200, 2));
    await other.drain();
    expect(kept).toHaveLength(1_202);
  });

  test("whose turn ran out while it sent leaves the cursor where the next one brought it", async () => {
    await events.append(batch(0, 1_200));
    const [late, next] = [open(), open()];
    meanwhile = async () => {
      meanwhile = () => {};
      clock += 60_000;
      await next.drain();
      expect(idsOf(kept)).toEqual(batch(0, 1_200).map(({ event_id }) => event_id));
    };
    await late.drain();
    expect(cursors.get("events")).toBe(1_200);
    // What it had in its hand, and nothing more.
    expect(kept).toHaveLength(1_700);
  });

  test("begins where another process began that asked at the same time", async () => {
    let asked = 0;
    answers = {
      ...answers,
      lastId: async () => {
        // Once for how much waits, and once for where to begin.
        if (++asked === 2) cursors.set("answers", 5);
        return 9;
      },
    };
    expect(await open().pending()).toBe(4);
    expect(cursors.get("answers")).toBe(5);
  });

  test("that is another's turn says nothing of how it goes", async () => {
    await events.append(batch(0, 3));
    fault = "Too Many Requests";
    await leases.take("publishing", clock, clock + 10);
    await open().drain();
    expect([fault, kept, logged]).toEqual(["Too Many Requests", [], []]);
  });

  test("goes on where a process died, sending again only what it could not note", async () => {
    await events.append(batch(0, 600));
    meanwhile = () => {
      if (kept.length === 500) throw new Error("killed");
    };
    // It died with the lease in its hand.
    const { giveBack } = leases;
    leases = { ...leases, giveBack: async () => {} };
    await open().drain();
    expect(kept).toHaveLength(500);
    meanwhile = () => {};
    leases = { ...leases, giveBack };
    await open().drain();
    expect(kept).toHaveLength(500);
    clock += 60_000;
    await open().drain();
    expect(idsOf(kept)).toEqual(batch(0, 600).map(({ event_id }) => event_id));
  });

  test("sends a bounded part at a time, and what is left the next time", async () => {
    await events.append(batch(0, 20_600));
    const outbox = open();
    await outbox.drain();
    expect([kept.length, await outbox.pending()]).toEqual([20_000, 600]);
    await outbox.drain();
    expect([kept.length, await outbox.pending()]).toEqual([20_600, 0]);
  });

  test("says how much waits and why, in every process, until it goes again", async () => {
    await events.append(batch(0, 3));
    meanwhile = () => {
      throw new Error("Too Many Requests");
    };
    const outbox = open();
    await outbox.drain();
    await outbox.drain();
    expect([await open().pending(), await open().fault()]).toEqual([3, "Too Many Requests"]);
    meanwhile = () => {};
    await open().drain();
    expect([await outbox.pending(), await outbox.fault()]).toEqual([0, null]);
    expect(logged).toEqual(["messages are not published: Too Many Requests", "messages are published again"]);
  });

  test("clears what it says where nothing is left to send", async () => {
    fault = "Too Many Requests";
    await open().drain();
    expect([fault, logged]).toEqual([null, ["messages are published again"]]);
  });

  test("sends for many answers at once, and rests after a fault", async () => {
    await events.append(batch(0, 2));
    const outbox = open();
    const answered = [outbox.settle(), outbox.settle(), outbox.settle()];
    expect(pauses).toHaveLength(1);
    endPauses();
    await Promise.all(answered);
    expect(kept).toHaveLength(2);

    await events.append(batch(2, 1));
    meanwhile = () => {
      throw new Error("down");
    };
    const failing = outbox.settle();
    endPauses();
    await failing;
    await outbox.settle();
    expect(pauses).toHaveLength(0);
    meanwhile = () => {};
    clock += 10_000;
    const again = outbox.settle();
    endPauses();
    await again;
    expect(kept).toHaveLength(3);
  });

  test("does not wait for a request that is gone", async () => {
    const outbox = open();
    void outbox.settle(); // its pause never ends
    clock += 10_000;
    void outbox.settle();
    expect(pauses).toHaveLength(2);
  });
});
