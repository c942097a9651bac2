import type { Answer, Exposure, Trace, TraceStore } from "./trace.ts";

/**
 * A trace waits this long before it is written. A kill loses at most 250 ms of them: the rest is for the writing itself
 * and for a timer that comes late on a busy machine.
 */
export const FLUSH_AFTER_MS = 100;
/** Traces written in one transaction; as many waiting ones are written at once. */
export const BATCH_TRACES = 256;
/** Traces waiting or being written at most; beyond it new ones are dropped and counted. */
export const MAX_WAITING_TRACES = 8_192;
/**
 * Recommendations, parts of explanations and entries of the requests' lists waiting at most, because one answer may
 * hold 100,000 of them.
 */
export const MAX_WAITING_LINES = 1 << 20;

const ATTEMPTS = 3;
const RETRY_MS = 250;
/** A write that began longer ago belongs to a request that is gone, and nobody waits for it. */
const MAX_WRITE_MS = 5_000;
/** `flush` waits at most so long, because a store may never say that it is done. */
export const MAX_FLUSH_MS = 5_000;
const FLUSH_STEP_MS = 250;
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
  /** Takes a trace, and the exposure that belongs to it, and returns at once; what failed has no trace. */
  add(trace: Trace | null, exposure: Exposure | null): void;
  /**
   * Writes what waits now, and resolves when that, and what others had begun to write, is written or counted as
   * dropped, or after MAX_FLUSH_MS. It never rejects.
   */
  flush(): Promise<void>;
  /** Takes no more, and resolves when nothing waits and nothing is being written. */
  close(): Promise<void>;
  /** Traces that were not kept: too many waited, the store failed three times, or it could not hold one so large. */
  dropped(): number;
  /** What the store said when it last failed to write or to expire traces; null where the last try of each was well. */
  fault(): string | null;
}

interface Entry {
  readonly trace: Trace | null;
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
  const faults = { write: null as string | null, expiry: null as string | null };
  let scheduled = false;
  let closed = false;
  let nextExpiry = Number.NEGATIVE_INFINITY;

  const pause = (ms: number) => new Promise<void>((resolve) => schedule(ms, resolve));

  const write = async (batch: readonly Entry[]): Promise<void> => {
    const traces = batch.map(({ trace }) => trace).filter((trace) => trace !== null);
    const exposures = batch.map(({ exposure }) => exposure).filter((exposure) => exposure !== null);
    for (let attempt = 1; ; attempt++) {
      try {
        dropped += await store.append(traces, exposures);
        faults.write = null;
        return;
      } catch (error) {
        faults.write = wordsOf(error);
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
    for (const [writing, since] of writes) if (now() - since >= MAX_WRITE_MS) writes.delete(writing);
    const others = [...writes.keys()];
    const own = writeWaiting();
    writes.set(own, now());
    await own;
    writes.delete(own);
    await Promise.all(others);
  };

  /** Resolves with `work`, or when the longest wait is over; in steps, so that no long timer stays behind. */
  const noLonger = async (work: Promise<void>): Promise<void> => {
    let done = false;
    const finished = work.then(() => {
      done = true;
    });
    const givenUp = async (): Promise<void> => {
      for (let waited = 0; waited < MAX_FLUSH_MS && !done; waited += FLUSH_STEP_MS) await pause(FLUSH_STEP_MS);
      if (!done) faults.write = `a write did not end within ${MAX_FLUSH_MS} ms`;
    };
    await Promise.race([finished, givenUp()]);
  };

  const expire = async (): Promise<void> => {
    const before = now() - retentionDays * DAY_MS;
    try {
      for (let step = 0; step < MAX_EXPIRE_STEPS && !closed; step++) {
        const gone = await store.expire(before, EXPIRE_ROWS);
        faults.expiry = null;
        if (gone < EXPIRE_ROWS) return;
        await pause(0);
      }
    } catch (error) {
      // The next time tries again.
      faults.expiry = wordsOf(error);
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
      const lines = trace === null ? 0 : linesOf(trace.answer);
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
      await noLonger(flush());
      if (!flushesItself) await expireWhenDue();
    },
    close: async () => {
      closed = true;
      await flush();
      await Promise.all([...writes.keys(), expiring]);
    },
    dropped: () => dropped,
    fault: () => faults.write ?? faults.expiry,
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function linesOf({ recommendations, provenance }: Answer): number {
  const { exclude, genre, items } = provenance.request as { readonly [option: string]: unknown };
  const asked = lengthOf(exclude) + lengthOf(genre) + lengthOf(items);
  if (!recommendations[0]?.because) return asked + recommendations.length;
  return recommendations.reduce((lines, { because }) => lines + 1 + (because?.length ?? 0), asked);
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
