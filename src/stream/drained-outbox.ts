import type { Leases } from "../base/leases.ts";
import type { Producer } from "./broker.ts";
import type { PublishingState } from "./outbox.ts";
import { openPublishing, type PublishingParts } from "./publishing.ts";

/** The name under which one sender is at it at a time. */
const LEASE = "publishing";
/** After so long a sender that says nothing has died. Longer than a drain and the send that it ends with. */
const LEASE_MS = 60_000;
/** How long one drain goes on at most: what follows an answer is given 30 s by Workers. */
const MAX_DRAIN_MS = 20_000;
/** Pages of one drain at most: each takes about twenty calls, of which one invocation may have a thousand. */
const MAX_PAGES = 40;
/** What came within so long after an answer is sent together. */
const SETTLE_MS = 1_000;
/** What waits for longer belongs to a request that is gone. */
const STALE_MS = 10_000;
/** How long is waited after a send that failed. */
const RETRY_MS = 10_000;

/** Why nothing could be sent last, kept where every process sees it. */
export interface FaultNote {
  read(): Promise<string | null>;
  write(fault: string | null): Promise<void>;
}

export interface DrainedOutboxParts extends PublishingParts {
  readonly producer: Producer;
  readonly leases: Leases;
  readonly note: FaultNote;
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when sending begins to fail, and when it works again. */
  readonly log: (message: string) => void;
}

/** An outbox where no work outlives its request: something else says when there is time to send. */
export interface DrainedOutbox extends PublishingState {
  /** Sends what waits, unless another process is at it. It never rejects: what cannot be sent waits. */
  drain(): Promise<void>;
  /** To be waited for after every answer: one of them sends for many. It never rejects. */
  settle(): Promise<void>;
}

/** One sender at a time over all processes, so that each log is sent in its order. */
export function openDrainedOutbox(parts: DrainedOutboxParts): DrainedOutbox {
  const { leases, note, producer, now, pause } = parts;
  let waitingSince: number | null = null;
  let failedAt: number | null = null;

  /** Whether it was this process's turn. */
  const sendAll = async (): Promise<boolean> => {
    const startedAt = now();
    const holder = await leases.take(LEASE, startedAt, startedAt + LEASE_MS);
    if (holder === null) return false;
    try {
      // Another process may have moved the cursors since the last time.
      const publishing = openPublishing(parts);
      for (let page = 0; page < MAX_PAGES && now() - startedAt < MAX_DRAIN_MS; page++) {
        if (!(await publishing.sendPages(async () => producer))) break;
      }
      return true;
    } finally {
      await leases.giveBack(LEASE, holder).catch(() => {}); // it is free after its time
    }
  };

  const drain = async (): Promise<void> => {
    const before = await note.read().catch(() => null);
    try {
      if (before === null && (await openPublishing(parts).pending()) === 0) return;
      if (!(await sendAll())) return;
      failedAt = null;
      if (before === null) return;
      await note.write(null);
      parts.log("messages are published again");
    } catch (error) {
      failedAt = now();
      const fault = error instanceof Error ? error.message : String(error);
      if (before === null) parts.log(`messages are not published: ${fault}`);
      if (before !== fault) await note.write(fault).catch(() => {}); // the log has it
    }
  };

  return {
    drain,
    settle: async () => {
      const isWaiting = waitingSince !== null && now() - waitingSince < STALE_MS;
      const isResting = failedAt !== null && now() - failedAt < RETRY_MS;
      if (isWaiting || isResting) return;
      waitingSince = now();
      await pause(SETTLE_MS);
      waitingSince = null;
      await drain();
    },
    pending: () => openPublishing(parts).pending(),
    fault: note.read,
  };
}
