import type { Producer } from "./broker.ts";
import { openPublishing, type PublishingParts } from "./publishing.ts";

/** How long nothing new is waited for before the log is looked at again: another process may write it. */
const IDLE_MS = 200;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** How long is waited for what may never end: a send under way, a connection's end. */
const CLOSE_MS = 2_000;

export interface OutboxParts extends PublishingParts {
  readonly producer: () => Promise<Producer>;
  /** Runs work after so many milliseconds. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** Told when sending begins to fail, and when it works again. */
  readonly log: (message: string) => void;
}

/** How publishing goes. */
export interface PublishingState {
  /** How many places of the logs are not sent yet. */
  pending(): Promise<number>;
  /** Why nothing is sent at the moment, null where it is. */
  fault(): Promise<string | null>;
}

/**
 * Publishes accepted events and answers. The event log itself is the outbox: an event is there from the moment it is
 * accepted, in the order of acceptance, and is sent from there at least once, those of one user in order. A broker that
 * is away costs nothing but delay.
 */
export interface Outbox extends PublishingState {
  /** Stops, soon; what is not sent is sent after the next start. */
  close(): Promise<void>;
}

export function openOutbox(parts: OutboxParts): Outbox {
  const { schedule } = parts;
  const publishing = openPublishing(parts);
  let producer: Producer | null = null;
  let fault: string | null = null;
  let closed = false;
  /** Ends the rest that is taken. */
  let wake = (): void => {};

  const connected = async (): Promise<Producer> => {
    producer ??= await parts.producer();
    return producer;
  };
  const closeProducer = async (): Promise<void> => {
    const closed = producer?.close();
    producer = null;
    await closed?.catch(() => {}); // it may have failed already
  };

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      if (closed) resolve();
      else schedule(ms, resolve);
    });
  /** Waits for it, but no longer. */
  const briefly = (work: Promise<unknown>) =>
    Promise.race([work, new Promise<void>((resolve) => schedule(CLOSE_MS, resolve))]);

  const run = async (): Promise<void> => {
    for (let retryMs = FIRST_RETRY_MS; !closed; ) {
      try {
        const more = await publishing.sendPages(connected);
        if (fault !== null) parts.log("messages are published again");
        fault = null;
        retryMs = FIRST_RETRY_MS;
        if (!more) await rest(IDLE_MS);
      } catch (error) {
        if (closed) return;
        const message = error instanceof Error ? error.message : String(error);
        if (fault === null) parts.log(`messages are not published: ${message}`);
        fault = message;
        await briefly(closeProducer());
        await rest(retryMs);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
  };

  const running = run();
  return {
    pending: publishing.pending,
    fault: async () => fault,
    close: async () => {
      closed = true;
      wake();
      await briefly(running.then(closeProducer));
    },
  };
}
