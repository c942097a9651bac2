import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { type BridgeParts, type BridgeTally, bridge, type Leased } from "./bridge.ts";
import type { Message } from "./broker.ts";
import { envelope } from "./envelope.ts";
import { pinnedSchemaIds } from "./schema-ids.ts";

/** What the queue holds: messages that come again until they are acknowledged. */
let held: Map<string, Leased>;
/** Leases given out and not acknowledged: those are not given again before they run out. */
let leased: Set<string>;
let pulls: number;
let kept: Message[];
let logged: string[];
let stopped: boolean;
/** What goes wrong, call by call. */
let faults: { pull: (Error | null)[]; send: (Error | null)[]; ack: (Error | null)[] };
let batchSize: number;
let told: BridgeTally[];

beforeEach(() => {
  held = new Map();
  leased = new Set();
  pulls = 0;
  kept = [];
  logged = [];
  stopped = false;
  faults = { pull: [], send: [], ack: [] };
  batchSize = 100;
  told = [];
});

const failOr = (calls: (Error | null)[]): void => {
  const fault = calls.shift();
  if (fault) throw fault;
};

function parts(): BridgeParts {
  return {
    queue: {
      pull: async () => {
        pulls++;
        failOr(faults.pull);
        const given = [...held.values()].filter(({ id }) => !leased.has(id)).slice(0, batchSize);
        for (const { id } of given) leased.add(id);
        return given;
      },
      acknowledge: async (leases) => {
        failOr(faults.ack);
        for (const lease of leases) held.delete(lease);
      },
    },
    producer: async () => ({
      send: async (messages) => {
        failOr(faults.send);
        kept.push(...messages);
      },
      close: async () => {},
    }),
    schemas: pinnedSchemaIds({ "reprise.rating": 2 }),
    isStopped: () => stopped,
    pause: async () => {},
    told: (tally) => told.push({ ...tally }),
    log: (message) => logged.push(message),
  };
}

const messageAt = (seq: number, log = "events", key = String(seq % 3)): Message => ({
  topic: "reprise.rating",
  key,
  value: Uint8Array.of(0, 0, 0, 0, 2, seq % 256),
  headers: { place: `${log}/${seq}` },
});
function put(text: string, id = `m${held.size}`): void {
  held.set(id, { id, lease: id, body: new TextEncoder().encode(text) });
}
const places = () => kept.map(({ headers }) => headers?.place);

describe("the bridge", () => {
  test("puts what was pulled together in the order of its log, once, and acknowledges all of it", async () => {
    for (const seq of [5, 1, 4, 2, 3, 4]) put(envelope(messageAt(seq)));
    put(envelope(messageAt(2, "answers")));
    put(envelope(messageAt(1, "answers")));
    batchSize = 3;
    expect(await bridge(parts(), true)).toEqual({ forwarded: 7, repeated: 1, dead: 0 });
    expect(places()).toEqual([
      ...["answers/1", "answers/2"],
      ...["events/1", "events/2", "events/3", "events/4", "events/5"],
    ]);
    expect(kept[2]).toEqual(messageAt(1));
    expect(held.size).toBe(0);
  });

  test("keeps each user in order whatever the queue does, of what is there at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        async (seqs, size) => {
          held.clear();
          leased.clear();
          kept = [];
          batchSize = size;
          for (const seq of seqs) put(envelope(messageAt(seq)));
          await bridge(parts(), true);
          for (const key of ["0", "1", "2"]) {
            const ofUser = kept.filter((message) => message.key === key).map(({ headers }) => headers?.place);
            const expected = seqs.filter((seq) => String(seq % 3) === key).sort((a, b) => a - b);
            expect(ofUser).toEqual(expected.map((seq) => `events/${seq}`));
          }
        },
      ),
    );
  });

  test("brings what does not read to the dead letters with the reason, and acknowledges it", async () => {
    put("not json", "poison");
    put(envelope(messageAt(1)));
    held.set("binary", { id: "binary", lease: "binary", body: Uint8Array.of(0xff) });
    expect(await bridge(parts(), true)).toEqual({ forwarded: 1, repeated: 0, dead: 2 });
    const letters = kept.filter(({ topic }) => topic === "reprise.queue.dead");
    expect(letters.map(({ key, headers }) => [key, headers?.reason])).toEqual([
      ["poison", "message: is not JSON"],
      ["binary", "message: is not UTF-8"],
    ]);
    expect(letters[1].value).toEqual(Uint8Array.of(0xff));
    expect(held.size).toBe(0);
  });

  test("frames by the numbers that the broker's readers know", async () => {
    put(envelope(messageAt(1)));
    put(envelope({ ...messageAt(2), value: Uint8Array.of(1) }));
    await bridge({ ...parts(), schemas: pinnedSchemaIds({ "reprise.rating": 258 }) }, true);
    expect(kept[0].value).toEqual(Uint8Array.of(0, 0, 0, 1, 2, 1));
    expect(kept[1].headers?.reason).toBe("message: does not begin with a zero byte and a schema's id");
  });

  test("holds what it pulled while the broker is away, and pulls nothing more", async () => {
    put(envelope(messageAt(1)));
    faults.send = Array.from({ length: 20 }, () => new Error("no broker"));
    await bridge(parts(), true);
    expect(places()).toEqual(["events/1"]);
    // Once for the message, once to see that nothing else is there, once at the end.
    expect(pulls).toBe(3);
    expect(logged).toEqual(["messages are not forwarded: no broker", "messages are forwarded again"]);
    expect(told).toEqual([{ forwarded: 1, repeated: 0, dead: 0 }]);
  });

  test("tries again where the queue does not answer, also when it acknowledges", async () => {
    put(envelope(messageAt(1)));
    faults.pull = [new Error("500"), new Error("500")];
    faults.ack = [new Error("500")];
    expect(await bridge(parts(), true)).toMatchObject({ forwarded: 1 });
    expect([places(), held.size]).toEqual([["events/1"], 0]);
  });

  test("loses nothing where it dies: what was not acknowledged comes again", async () => {
    for (const seq of [1, 2, 3]) put(envelope(messageAt(seq)));
    faults.ack = [InputError.of("queue", null, "killed")];
    await expect(bridge(parts(), true)).rejects.toThrow("killed");
    leased.clear();
    await bridge(parts(), true);
    expect(new Set(places())).toEqual(new Set(["events/1", "events/2", "events/3"]));
    expect(held.size).toBe(0);
  });

  test("ends with what no second try mends", async () => {
    faults.pull = [InputError.of("queue", null, "is unknown")];
    await expect(bridge(parts(), false)).rejects.toThrow("queue: is unknown");
  });

  test("finishes the batch at hand when it is told to stop, and takes no other", async () => {
    put(envelope(messageAt(1)));
    const given = parts();
    const ended = bridge(
      {
        ...given,
        producer: async () => {
          stopped = true;
          put(envelope(messageAt(2)), "later");
          return given.producer();
        },
      },
      false,
    );
    expect(await ended).toMatchObject({ forwarded: 1 });
    expect([places(), [...held.keys()]]).toEqual([["events/1"], ["later"]]);
  });

  test("that is told to stop while the broker is away leaves its batch to come again", async () => {
    put(envelope(messageAt(1)));
    faults.send = [new Error("no broker")];
    const given = parts();
    const pause = async () => {
      stopped = true;
    };
    faults.send.push(new Error("no broker"));
    expect(await bridge({ ...given, pause }, false)).toMatchObject({ forwarded: 0 });
    expect([kept, held.size]).toEqual([[], 1]);
  });
});
