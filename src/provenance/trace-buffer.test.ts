import { describe, expect, test } from "vitest";
import { exposureOf, listTrace, similarTrace } from "../../test/contract/trace-store-samples.ts";
import type { Exposure, Trace, TraceStore } from "./trace.ts";
import {
  BATCH_TRACES,
  FLUSH_AFTER_MS,
  MAX_FLUSH_MS,
  MAX_WAITING_LINES,
  MAX_WAITING_TRACES,
  openTraceBuffer,
  type TraceBufferParts,
} from "./trace-buffer.ts";

const DAY_MS = 86_400_000;
const START = 1_763_596_800_000;

/** Timers that go off when a test says so. */
function timers() {
  let time = START;
  let due: { readonly at: number; readonly work: () => void }[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await null;
  };
  return {
    now: () => time,
    schedule: (ms: number, work: () => void) => void due.push({ at: time + ms, work }),
    /** Lets so much time go by, and everything happen that is due in it. */
    pass: async (ms: number) => {
      const end = time + ms;
      for (;;) {
        await settle();
        const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        due = due.filter((timer) => timer !== next);
        time = next.at;
        next.work();
      }
      time = end;
      await settle();
    },
  };
}

/** A store that remembers batches, and fails or waits when told to. */
function memoryStore() {
  const store = {
    batches: [] as (readonly Trace[])[],
    exposures: [] as Exposure[],
    expiries: [] as [number, number][],
    failures: 0,
    tooLarge: 0,
    toExpire: 0,
    append: async (traces: readonly Trace[], exposures: readonly Exposure[]) => {
      if (store.failures-- > 0) throw new Error("the disk is full");
      store.batches.push(traces);
      store.exposures.push(...exposures);
      return store.tooLarge;
    },
    expire: async (before: number, limit: number) => {
      store.expiries.push([before, limit]);
      const gone = Math.min(limit, store.toExpire);
      store.toExpire -= gone;
      return gone;
    },
  };
  return store;
}

function open(parts: Partial<TraceBufferParts> = {}) {
  const clock = timers();
  const store = memoryStore();
  const buffer = openTraceBuffer(store as unknown as TraceStore, {
    schedule: clock.schedule,
    now: clock.now,
    retentionDays: 30,
    flushesItself: true,
    ...parts,
  });
  const ids = () => store.batches.map((batch) => batch.map(({ request_id }) => request_id));
  return { buffer, store, ids, ...clock };
}

describe("traces that were added", () => {
  test("are written together, in their order, when the first has waited for 100 ms", async () => {
    const { buffer, ids, pass } = open();
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS - 1);
    buffer.add(similarTrace("b", 2), null);
    expect(ids()).toEqual([]);
    await pass(1);
    expect(ids()).toEqual([["a", "b"]]);
    buffer.add(similarTrace("c", 3), null);
    await pass(FLUSH_AFTER_MS);
    expect(ids()).toEqual([["a", "b"], ["c"]]);
    expect(buffer.dropped()).toBe(0);
  });

  test("are written at once when a batch of them waits", async () => {
    const { buffer, store, pass } = open();
    for (let at = 0; at < 2 * BATCH_TRACES + 1; at++) buffer.add(similarTrace(`r${at}`, at), null);
    await pass(0);
    expect(store.batches.map(({ length }) => length)).toEqual([BATCH_TRACES, BATCH_TRACES, 1]);
  });

  test("while others are being written are written after their own time", async () => {
    const { buffer, store, ids, pass } = open();
    store.failures = 2;
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    buffer.add(similarTrace("b", 2), null);
    await pass(FLUSH_AFTER_MS);
    await pass(5_000);
    expect(ids().flat().sort()).toEqual(["a", "b"]);
  });

  test("take their exposures with them", async () => {
    const { buffer, store, pass } = open();
    const traces = [listTrace("a", 1), listTrace("b", 2)];
    buffer.add(traces[0], null);
    buffer.add(traces[1], exposureOf(traces[1]));
    await pass(FLUSH_AFTER_MS);
    expect(store.exposures).toEqual([exposureOf(traces[1])]);
  });

  test("are joined by the exposures of what failed, which has no trace", async () => {
    const { buffer, store, ids, pass } = open();
    const failed = { ...exposureOf(listTrace("b", 2)), status: "failed", latency_ms: null } as const;
    buffer.add(null, failed);
    buffer.add(listTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    expect([ids(), store.exposures]).toEqual([[["a"]], [failed]]);
  });

  test("are written when `flush` resolves, also those that it found being written", async () => {
    const { buffer, store, ids, pass } = open();
    store.failures = 1;
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    buffer.add(similarTrace("b", 2), null);
    let flushed = false;
    const flushing = buffer.flush().then(() => {
      flushed = true;
    });
    await pass(0);
    expect([ids(), flushed]).toEqual([[["b"]], false]);
    await pass(1_000);
    await flushing;
    expect(ids()).toEqual([["b"], ["a"]]);
  });

  test("are written by `flush`, which waits for it", async () => {
    const { buffer, ids } = open();
    buffer.add(similarTrace("a", 1), null);
    await buffer.flush();
    expect(ids()).toEqual([["a"]]);
  });
});

describe("a store that fails", () => {
  test("is tried again, and nothing is lost", async () => {
    const { buffer, store, ids, pass } = open();
    store.failures = 2;
    buffer.add(similarTrace("a", 1), null);
    await pass(5_000);
    expect(ids()).toEqual([["a"]]);
    expect(buffer.dropped()).toBe(0);
  });

  test("for good loses the batch, which is counted, and not the next one", async () => {
    const { buffer, store, ids, pass } = open();
    store.failures = 3;
    buffer.add(similarTrace("a", 1), null);
    buffer.add(similarTrace("b", 1), null);
    await pass(5_000);
    buffer.add(similarTrace("c", 2), null);
    await pass(5_000);
    expect(ids()).toEqual([["c"]]);
    expect(buffer.dropped()).toBe(2);
  });

  test("that cannot hold some traces has them counted", async () => {
    const { buffer, store, pass } = open();
    store.tooLarge = 1;
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    expect(buffer.dropped()).toBe(1);
  });

  test("holds no more than the maximum; what comes beyond it is dropped and counted", async () => {
    const { buffer, store, pass } = open();
    store.failures = Number.POSITIVE_INFINITY;
    for (let at = 0; at < MAX_WAITING_TRACES; at++) buffer.add(similarTrace("a", at), null);
    expect(buffer.dropped()).toBe(0);
    await pass(FLUSH_AFTER_MS);
    buffer.add(similarTrace("beyond", 1), null);
    expect(buffer.dropped()).toBe(1);
    await pass(60_000);
    expect(buffer.dropped()).toBe(MAX_WAITING_TRACES + 1);
    store.failures = 0;
    buffer.add(similarTrace("after", 2), null);
    await pass(FLUSH_AFTER_MS);
    expect(store.batches.flat().map(({ request_id }) => request_id)).toEqual(["after"]);
  });

  test("holds no more than the maximum of long explanations", async () => {
    const { buffer, pass } = open();
    const trace = listTrace("a", 1);
    const [first] = trace.answer.recommendations;
    const part = { movie_id: 1, title: null, contribution: 1 };
    const because = Array.from({ length: MAX_WAITING_LINES / 2 - 50 }, () => part);
    const long = { ...trace, answer: { ...trace.answer, recommendations: [{ ...first, because }] } } as Trace;
    for (const _ of [1, 2, 3]) buffer.add(long, null);
    expect(buffer.dropped()).toBe(1);
    await pass(FLUSH_AFTER_MS);
    buffer.add(long, null);
    expect(buffer.dropped()).toBe(1);
  });

  test.each(["exclude", "genre", "items"])("holds no more than the maximum of requests with a long %s", (option) => {
    const { buffer } = open();
    const trace = listTrace("a", 1);
    const request = {
      ...trace.answer.provenance.request,
      [option]: Array.from({ length: MAX_WAITING_LINES / 2 - 50 }),
    };
    const provenance = { ...trace.answer.provenance, request };
    const long = { ...trace, answer: { ...trace.answer, provenance } } as Trace;
    for (const _ of [1, 2, 3]) buffer.add(long, null);
    expect(buffer.dropped()).toBe(1);
  });

  test("is told of until the next write is well", async () => {
    const { buffer, store, pass } = open();
    store.failures = 4;
    buffer.add(similarTrace("a", 1), null);
    expect(buffer.fault()).toBeNull();
    await pass(5_000);
    expect([buffer.fault(), buffer.dropped()]).toEqual(["the disk is full", 1]);
    buffer.add(similarTrace("b", 2), null);
    await pass(5_000);
    expect([buffer.fault(), buffer.dropped()]).toEqual([null, 1]);
  });

  test("does not hold up `flush` for longer than the maximum", async () => {
    const { buffer, store, pass } = open();
    store.append = () => new Promise(() => {});
    buffer.add(similarTrace("a", 1), null);
    let flushed = false;
    void buffer.flush().then(() => {
      flushed = true;
    });
    await pass(MAX_FLUSH_MS - 1);
    expect([flushed, buffer.fault()]).toEqual([false, null]);
    await pass(1);
    expect([flushed, buffer.fault()]).toEqual([true, "a write did not end within 5000 ms"]);
  });

  test("without an end is forgotten, and holds up neither `flush` nor closing", async () => {
    const { buffer, store, ids, pass } = open();
    const { append } = store;
    store.append = () => new Promise(() => {});
    buffer.add(similarTrace("lost", 1), null);
    await pass(FLUSH_AFTER_MS + 5_000);
    store.append = append;
    buffer.add(similarTrace("a", 1), null);
    await buffer.flush();
    await buffer.close();
    expect([ids(), buffer.fault()]).toEqual([[["a"]], null]);
  });
});

describe("closing", () => {
  test("writes what waits, also what the store did not take at first", async () => {
    const { buffer, store, ids, pass } = open();
    for (let at = 0; at < BATCH_TRACES + 1; at++) buffer.add(similarTrace(`r${at}`, at), null);
    store.failures = 1;
    let closed = false;
    const closing = buffer.close().then(() => {
      closed = true;
    });
    await pass(0);
    expect(closed).toBe(false);
    await pass(5_000);
    await closing;
    expect(ids().flat().sort()).toEqual(Array.from({ length: BATCH_TRACES + 1 }, (_, at) => `r${at}`).sort());
  });

  test("waits for what others began to write", async () => {
    const { buffer, store, ids, pass } = open();
    store.failures = 1;
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    expect(ids()).toEqual([]);
    let closed = false;
    const closing = buffer.close().then(() => {
      closed = true;
    });
    await pass(0);
    expect(closed).toBe(false);
    await pass(5_000);
    await closing;
    expect(ids()).toEqual([["a"]]);
  });

  test("drops and counts what is added later", async () => {
    const { buffer, ids, pass } = open();
    await buffer.close();
    buffer.add(similarTrace("a", 1), null);
    await pass(FLUSH_AFTER_MS);
    expect(ids()).toEqual([]);
    expect(buffer.dropped()).toBe(1);
  });
});

describe("old traces", () => {
  test("expire at the start and every minute, without a trace coming, in steps", async () => {
    const { store, pass } = open({ retentionDays: 2 });
    store.toExpire = 2_500;
    await pass(0);
    expect(store.expiries.map(([before]) => before)).toEqual([1, 1, 1].map(() => START - 2 * DAY_MS));
    await pass(60_000);
    expect(store.expiries.length).toBe(4);
    expect(store.expiries[3]?.[0]).toBe(START + 60_000 - 2 * DAY_MS);
  });

  test("expire again after the store failed, which is told until then", async () => {
    const { buffer, store, pass } = open();
    const { expire } = store;
    store.expire = async () => {
      throw new Error("locked");
    };
    await pass(0);
    expect(buffer.fault()).toBe("locked");
    store.expire = expire;
    await pass(60_000);
    expect(store.expiries.length).toBe(1);
    expect(buffer.fault()).toBeNull();
  });
});

describe("a buffer whose timers end with the request", () => {
  test("does without what a request that was cut off had begun to write", async () => {
    const { buffer, store, ids, pass } = open({ flushesItself: false });
    const { append } = store;
    store.append = () => new Promise(() => {});
    for (let at = 0; at < MAX_WAITING_TRACES; at += BATCH_TRACES) {
      for (let more = 0; more < BATCH_TRACES; more++) buffer.add(similarTrace("lost", 1), null);
      void buffer.flush();
    }
    store.append = append;
    await pass(5_000);
    buffer.add(similarTrace("a", 1), null);
    await buffer.flush();
    expect(ids()).toEqual([["a"]]);
    expect(buffer.dropped()).toBe(0);
  });

  test("writes only when it is told to, and then expires, once a minute", async () => {
    const { buffer, store, ids, pass } = open({ flushesItself: false });
    buffer.add(similarTrace("a", 1), null);
    await pass(1_000);
    expect(ids()).toEqual([]);
    await buffer.flush();
    await buffer.flush();
    expect(ids()).toEqual([["a"]]);
    expect(store.expiries.length).toBe(1);
    await pass(60_000);
    await buffer.flush();
    expect(store.expiries.length).toBe(2);
  });
});
