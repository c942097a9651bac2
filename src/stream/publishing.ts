import { encodeRecord } from "../avro/encode.ts";
import { frame } from "../avro/framing.ts";
import { isMessageId } from "../events/event.ts";
import type { EventStore } from "../events/store.ts";
import type { AnswerLog } from "../provenance/trace.ts";
import type { Message, Producer } from "./broker.ts";
import { type OutboxLog, PLACE_HEADER, placeText } from "./place.ts";
import { type Outgoing, recordOfAnswer, recordOfEvent } from "./records.ts";
import type { SchemaIds } from "./schema-ids.ts";
import { TOPICS } from "./topics.ts";

/** Records sent at a time. */
const PAGE = 500;

/** How far each log was sent. A cursor moves after the broker has kept what is before it, so that nothing is lost. */
export interface OutboxCursors {
  read(log: OutboxLog): Promise<number | null>;
  /** Begins a log there, unless it has begun. */
  begin(log: OutboxLog, sentTo: number): Promise<void>;
  /** @returns whether it moved: one that another sender has moved meanwhile stays where that one left it */
  move(log: OutboxLog, from: number, to: number): Promise<boolean>;
}

export interface PublishingParts {
  readonly events: Pick<EventStore, "page" | "lastSeq">;
  readonly answers: AnswerLog;
  readonly cursors: OutboxCursors;
  readonly schemas: SchemaIds;
}

/** Sends what the logs hold, page by page. It remembers the cursors, so it is for one sender at a time. */
export interface Publishing {
  /**
   * Sends the next page of each log.
   * @param producer is asked for where there is something to send
   * @returns whether there was
   */
  sendPages(producer: () => Promise<Producer>): Promise<boolean>;
  /** How many places of the logs are not sent yet. */
  pending(): Promise<number>;
}

export function openPublishing({ events, answers, cursors, schemas }: PublishingParts): Publishing {
  const sent: Partial<Record<OutboxLog, Promise<number>>> = {};

  const begin = async (log: OutboxLog): Promise<number> => {
    const known = await cursors.read(log);
    if (known !== null) return known;
    // Events from the first one on; answers were given long before anybody asked to have them published.
    const first = log === "events" ? 0 : await answers.lastId();
    await cursors.begin(log, first);
    return (await cursors.read(log)) ?? first;
  };
  const sentTo = (log: OutboxLog): Promise<number> => {
    const known = sent[log];
    if (known) return known;
    const beginning = begin(log);
    sent[log] = beginning;
    beginning.catch(() => delete sent[log]); // and tried again
    return beginning;
  };
  const move = async (log: OutboxLog, from: number, to: number): Promise<void> => {
    if (await cursors.move(log, from, to)) sent[log] = Promise.resolve(to);
    else delete sent[log]; // and read again
  };

  const messageOf = async ({ topic, key, record }: Outgoing, log: OutboxLog, seq: number): Promise<Message> => {
    const { name, schema } = TOPICS[topic];
    const value = frame(await schemas.idOf(name, schema), encodeRecord(schema, record));
    return { topic: name, key, value, headers: { [PLACE_HEADER]: placeText({ log, seq }) } };
  };

  /** @param records what stands at each place after `after`, null for what is not published */
  const send = async (
    log: OutboxLog,
    after: number,
    records: readonly (readonly [seq: number, record: Outgoing | null])[],
    producer: () => Promise<Producer>,
  ): Promise<void> => {
    const last = records.at(-1);
    if (!last) return;
    const messages = await Promise.all(
      records.flatMap(([seq, record]) => (record === null ? [] : [messageOf(record, log, seq)])),
    );
    const to = await producer();
    if (messages.length > 0) await to.send(messages);
    await move(log, after, last[0]);
  };

  /** Whether there were events to send. */
  const sendEvents = async (producer: () => Promise<Producer>): Promise<boolean> => {
    const newest = await events.lastSeq();
    const after = await sentTo("events");
    const page = await events.page(after, PAGE);
    // What was taken in from one of the topics stands there already.
    const records = page.map(
      ({ seq, event }) => [seq, isMessageId(event.event_id) ? null : recordOfEvent(event)] as const,
    );
    await send("events", after, records, producer);
    // All of them were erased before they were sent.
    if (page.length === 0 && newest > after) await move("events", after, newest);
    return page.length > 0;
  };

  /** Whether there were answers to send. */
  const sendAnswers = async (producer: () => Promise<Producer>): Promise<boolean> => {
    const after = await sentTo("answers");
    const page = await answers.page(after, PAGE);
    // What does not read any more cannot be published; a list of similar films is for nobody.
    const records = page.map(
      ({ id, answer }) => [id, answer && "user_id" in answer ? recordOfAnswer(answer) : null] as const,
    );
    await send("answers", after, records, producer);
    // Answers are numbered anew when none was left.
    if (page.length === 0 && (await answers.lastId()) < after) await move("answers", after, 0);
    return page.length > 0;
  };

  return {
    sendPages: async (producer) => [await sendEvents(producer), await sendAnswers(producer)].includes(true),
    pending: async () => {
      const behind = [
        (await events.lastSeq()) - (await sentTo("events")),
        (await answers.lastId()) - (await sentTo("answers")),
      ];
      return behind.reduce((sum, count) => sum + Math.max(0, count), 0);
    },
  };
}
