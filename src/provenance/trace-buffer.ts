import type { Answer, Exposure, Trace, TraceStore } from "./trace.ts";

/** A trace waits at most this long before it is written: with the writing itself, at most 250 ms of them are lost by a kill. */
export const FLUSH_AFTER_MS = 200;
/** Traces written in one transaction; as many waiting ones are written at once. */
export const BATCH_TRACES = 256;
/** Traces waiting or being written at most; beyond it new ones are dropped and counted. */
export const MAX_WAITING_TRACES = 8_192;
/** Recommendations and parts of explanations waiting at most, because one answer may hold 100,000 of them. */
export const MAX_WAITING_LINES = 1 << 20;

const ATTEMPTS = 3;
const RETRY_MS = 250;
/** A write that began longer ago belongs to a request that is gone, and nobody waits for it. */
const MAX_WRITE_MS = 5_000;
const EXPIRE_EVERY_MS = 60_000;
const EXPIRE_ROWS = 1_000;
const MAX_EXPIRE_STEPS = 300;
const DAY_MS = 86_400_000;

export interface TraceBufferParts {
  /** Runs `work` after `ms` milliseconds; `close` waits for it too, so the process must stay for it. */
  readonly schedule: (ms: number, work: () => void) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly retentionDays: number;
  /**
   * Whether it writes by itself, as a process does. A Worker's timers end with the request, so there every request
   * that was answered passes `flush()` to its `waitUntil`.
   */
  readonly flushesItself: boolean;
}

/** Traces on their way into a store, off the path of the answers. */
export interface TraceBuffer {
  /** Takes a trace, and the exposure that belongs to it, and returns at once. */
  add(trace: Trace, exposure: Exposure | null): void;
  /**
   * Writes what waits now, and resolves when that, and what others had begun to write, is written or counted as
   * dropped. It never rejects.
   */
  flush(): Promise<void>;
  /** Takes no more, and resolves when nothing waits and nothing is being written. */
  close(): Promise<void>;
  /** Traces that were not kept: too many waited, the store failed three times, or it could not hold one so large. */
  dropped(): number;
}

interface Entry {
  readonly trace: Trace;
  readonly exposure: Exposure | null;
  readonly lines: number;
}

export function openTraceBuffer(store: TraceStore, parts: TraceBufferParts): TraceBuffer {
  const { schedule, now, retentionDays, flushesItself } = parts;
  let waiting: Entry[] = [];
  /** What is being written, and since when. */
  const writes = new Map<Promise<void>, number>();
  let expiring: Promise<void> = Promise.resolve();
  /** Traces and lines that take up room. */
  const held = { traces: 0, lines: 0 };
  let dropped = 0;
  let scheduled = false;
  let closed = false;
  let nextExpiry = Number.NEGATIVE_INFINITY;

  const pause = (ms: number) => new Promise<void>((resolve) => schedule(ms, resolve));

  const write = async (batch: readonly Entry[]): Promise<void> => {
    const traces = batch.map(({ trace }) => trace);
    const exposures = batch.map(({ exposure }) => exposure).filter((exposure) => exposure !== null);
    for (let attempt = 1; ; attempt++) {
      try {
        dropped += await store.append(traces, exposures);
        return;
      } catch {
        if (attempt === ATTEMPTS) {
          dropped += batch.length;
          return;
        }
        await pause(RETRY_MS);
      }
    }
  };

  const release = (batch: readonly Entry[]): void => {
    held.traces -= batch.length;
    for (const { lines } of batch) held.lines -= lines;
  };

  const writeWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_TRACES);
      waiting = waiting.slice(BATCH_TRACES);
      // A request that ends in the middle of its write must not keep the room for ever.
      if (!flushesItself) release(batch);
      await write(batch);
      if (flushesItself) release(batch);
      // Lets answers through between two batches.
      if (waiting.length > 0) await pause(0);
    }
  };

  const flush = async (): Promise<void> => {
    const others = [...writes].filter(([, since]) => now() - since < MAX_WRITE_MS).map(([writing]) => writing);
    const own = writeWaiting();
    writes.set(own, now());
    await own;
    writes.delete(own);
    await Promise.all(others);
  };

  const expire = async (): Promise<void> => {
    const before = now() - retentionDays * DAY_MS;
    try {
      for (let step = 0; step < MAX_EXPIRE_STEPS && !closed; step++) {
        if ((await store.expire(before, EXPIRE_ROWS)) < EXPIRE_ROWS) return;
        await pause(0);
      }
    } catch {
      // The next time tries again.
    }
  };
  const expireWhenDue = async (): Promise<void> => {
    if (now() < nextExpiry) return;
    nextExpiry = now() + EXPIRE_EVERY_MS;
    await expire();
  };

  const flushLater = (): void => {
    scheduled = true;
    schedule(FLUSH_AFTER_MS, () => {
      scheduled = false;
      void flush();
    });
  };

  /** Traces expire also while none come. */
  const tend = (): void => {
    if (closed) return;
    expiring = expire();
    schedule(EXPIRE_EVERY_MS, tend);
  };
  if (flushesItself) schedule(0, tend);

  return {
    add: (trace, exposure) => {
      const lines = linesOf(trace.answer);
      if (closed || held.traces === MAX_WAITING_TRACES || held.lines + lines > MAX_WAITING_LINES) {
        dropped++;
        return;
      }
      held.traces++;
      held.lines += lines;
      waiting.push({ trace, exposure, lines });
      if (!flushesItself) return;
      if (!scheduled) flushLater();
      if (waiting.length === BATCH_TRACES) schedule(0, () => void flush());
    },
    flush: async () => {
      await flush();
      if (!flushesItself) await expireWhenDue();
    },
    close: async () => {
      closed = true;
      await flush();
      await Promise.all([...writes.keys(), expiring]);
    },
    dropped: () => dropped,
  };
}

function linesOf({ recommendations }: Answer): number {
  if (!recommendations[0]?.because) return recommendations.length;
  return recommendations.reduce((lines, { because }) => lines + 1 + (because?.length ?? 0), 0);
}
