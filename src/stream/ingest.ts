import { DataError } from "../base/errors.ts";
import { MAX_AHEAD_MS, type ViewerEvent } from "../events/event.ts";
import type { EventStore } from "../events/store.ts";
import type { Consumer, Message, Producer, Received } from "./broker.ts";
import { idOf } from "./message-id.ts";
import { deadLetterTopic } from "./topics.ts";

/** Events of one transaction at most. */
const MAX_APPENDED = 1_000;
const MAX_REASON_LENGTH = 500;
/** A dead letter is larger than its message, and brokers take messages of 1 MiB. */
const MAX_DEAD_KEY_LENGTH = 500;
const MAX_DEAD_BYTES = 900_000;

/** What became of the messages that came. */
export interface IngestTally {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of users who were erased. */
  readonly erased: number;
  /** What tells of no event, as it should. */
  readonly ignored: number;
  /** What could not be read, which stands in the dead-letter topics with the reason. */
  readonly dead: number;
}

/**
 * Reads the event that a message tells of; null where it should tell of none.
 * @throws DataError for a message that does not read
 */
export type ReadMessage = (message: Received) => Promise<ViewerEvent | null>;

export interface IngestParts {
  readonly consumer: Consumer;
  readonly events: Pick<EventStore, "append">;
  /** Where what cannot be read goes. */
  readonly producer: Producer;
  readonly read: ReadMessage;
  readonly told: (tally: IngestTally) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Takes what comes from a broker into the event log, until it is stopped or, with `untilEnd`, until everything has come
 * that was there at the start. A batch is marked as done when its events are durable, so that after a crash some come
 * again, and are known by their ids.
 */
export async function ingest(parts: IngestParts, untilEnd: boolean): Promise<IngestTally> {
  const tally = { accepted: 0, duplicates: 0, erased: 0, ignored: 0, dead: 0 };
  await parts.consumer.run(async (batch) => {
    const good: ViewerEvent[] = [];
    const bad: Message[] = [];
    for (const message of batch) {
      try {
        const event = await parts.read(message);
        if (event !== null) good.push(notAhead(event, parts.now()));
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        bad.push(deadLetter(message, error.message));
      }
    }
    if (bad.length > 0) await parts.producer.send(bad);
    for (let from = 0; from < good.length; from += MAX_APPENDED) {
      for (const outcome of await parts.events.append(good.slice(from, from + MAX_APPENDED))) {
        if (outcome === "accepted") tally.accepted++;
        else if (outcome === "duplicate") tally.duplicates++;
        else tally.erased++;
      }
    }
    tally.dead += bad.length;
    tally.ignored += batch.length - good.length - bad.length;
    parts.told(tally);
  }, untilEnd);
  return tally;
}

function notAhead(event: ViewerEvent, now: number): ViewerEvent {
  if (event.ts <= now + MAX_AHEAD_MS) return event;
  throw new DataError("ts", `${event.ts} is more than a day ahead of this machine's clock; it is in milliseconds`);
}

/** The message as it came, cut off where it or its key is very large, under a key that it always has: one that comes twice is known. */
function deadLetter(message: Received, reason: string): Message {
  return {
    topic: deadLetterTopic(message.topic),
    key: idOf(message),
    value: message.value.subarray(0, MAX_DEAD_BYTES),
    headers: { reason: reason.slice(0, MAX_REASON_LENGTH), key: message.key.slice(0, MAX_DEAD_KEY_LENGTH) },
  };
}
