import { DataError } from "../base/errors.ts";
import type { ViewerEvent } from "../events/event.ts";
import type { EventStore } from "../events/store.ts";
import type { Consumer, Message, Producer, Received } from "./broker.ts";
import { deadLetterTopic } from "./topics.ts";

/** Events of one transaction at most. */
const MAX_APPENDED = 1_000;
const MAX_REASON_LENGTH = 500;

/** What became of the messages that came. */
export interface IngestTally {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of users who were erased. */
  readonly erased: number;
  /** What could not be read, which stands in the dead-letter topics with the reason. */
  readonly dead: number;
}

export interface IngestParts {
  readonly consumer: Consumer;
  readonly events: Pick<EventStore, "append">;
  /** Where what cannot be read goes. */
  readonly producer: Producer;
  /** @throws DataError for a message that tells of no event */
  readonly read: (message: Received) => Promise<ViewerEvent>;
  readonly told: (tally: IngestTally) => void;
}

/** An event's id where its message names none: the same message has the same id whenever it comes. */
export function idOf({ topic, partition, offset }: Received): string {
  return `${topic}/${partition}/${offset}`;
}

/**
 * Takes what comes from a broker into the event log, until it is stopped or, with `untilEnd`, until everything has come
 * that was there at the start. A batch is marked as done when its events are durable, so that after a crash some come
 * again, and are known by their ids.
 */
export async function ingest(parts: IngestParts, untilEnd: boolean): Promise<IngestTally> {
  const tally = { accepted: 0, duplicates: 0, erased: 0, dead: 0 };
  await parts.consumer.run(async (batch) => {
    const good: ViewerEvent[] = [];
    const bad: Message[] = [];
    for (const message of batch) {
      try {
        good.push(await parts.read(message));
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
    parts.told(tally);
  }, untilEnd);
  return tally;
}

/** The message as it came, under a key that it always has, so that one that comes twice is known. */
function deadLetter(message: Received, reason: string): Message {
  return {
    topic: deadLetterTopic(message.topic),
    key: idOf(message),
    value: message.value,
    headers: { reason: reason.slice(0, MAX_REASON_LENGTH), key: message.key },
  };
}
