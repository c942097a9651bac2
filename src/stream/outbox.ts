import { encodeRecord } from "../avro/encode.ts";
import { frame } from "../avro/framing.ts";
import type { EventStore } from "../events/store.ts";
import type { AnswerLog } from "../provenance/trace.ts";
import type { Message, Producer } from "./broker.ts";
import { isIdFrom } from "./message-id.ts";
import { type Outgoing, recordOfAnswer, recordOfEvent } from "./records.ts";
import type { SchemaIds } from "./schema-ids.ts";
import { TOPICS } from "./topics.ts";

/** Records sent at a time. */
const PAGE = 500;
/** How long nothing new is waited for before the log is looked at again: another process may write it. */
const IDLE_MS = 200;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** How long is waited for what may never end: a send under way, a connection's end. */
const CLOSE_MS = 2_000;

/** How far each log was sent. A cursor moves after the broker has kept what is before it, so that nothing is lost. */
export interface OutboxCursors {
  read(log: OutboxLog): Promise<number | null>;
  write(log: OutboxLog, sentTo: number): Promise<void>;
}

export type OutboxLog = "events" | "answers";

export interface OutboxParts {
  readonly events: Pick<EventStore, "page" | "lastSeq">;
  readonly answers: AnswerLog;
  readonly cursors: OutboxCursors;
  readonly producer: () => Promise<Producer>;
  readonly schemas: SchemaIds;
  /** Runs work after so many milliseconds. */
  readonly schedule: (delayMs: number, work: () => unknown) => void;
  /** Told when sending begins to fail, and when it works again. */
  readonly log: (message: string) => void;
}

/**
 * Publishes accepted events and answers. The event log itself is the outbox: an event is there from the moment it is
 * accepted, in the order of acceptance, and is sent from there at least once, those of one user in order. A broker that
 * is away costs nothing but delay.
 */
export interface Outbox {
  /** How many places of the logs are not sent yet. */
  pending(): Promise<number>;
  /** Why nothing is sent at the moment, null where it is. */
  fault(): string | null;
  /** Stops, soon; what is not sent is sent after the next start. */
  close(): Promise<void>;
}

export function openOutbox(parts: OutboxParts): Outbox {
  const { events, answers, cursors, schemas, schedule } = parts;
  const sent: Partial<Record<OutboxLog, Promise<number>>> = {};
  let producer: Producer | null = null;
  let fault: string | null = null;
  let closed = false;
  /** Ends the rest that is taken. */
  let wake = (): void => {};

  const begin = async (log: OutboxLog): Promise<number> => {
    const known = await cursors.read(log);
    if (known !== null) return known;
    // Events from the first one on; answers were given long before anybody asked to have them published.
    const first = log === "events" ? 0 : await answers.lastId();
    await cursors.write(log, first);
    return first;
  };
  const sentTo = (log: OutboxLog): Promise<number> => {
    const known = sent[log];
    if (known) return known;
    const beginning = begin(log);
    sent[log] = beginning;
    beginning.catch(() => delete sent[log]); // and tried again
    return beginning;
  };
  const move = async (log: OutboxLog, upTo: number): Promise<void> => {
    await cursors.write(log, upTo);
    sent[log] = Promise.resolve(upTo);
  };

  const messageOf = async ({ topic, key, record }: Outgoing): Promise<Message> => {
    const { name, schema } = TOPICS[topic];
    return { topic: name, key, value: frame(await schemas.idOf(name, schema), encodeRecord(schema, record)) };
  };

  const send = async (log: OutboxLog, records: readonly (Outgoing | null)[], upTo: number): Promise<void> => {
    const messages = await Promise.all(records.filter((record) => record !== null).map(messageOf));
    producer ??= await parts.producer();
    if (messages.length > 0) await producer.send(messages);
    await move(log, upTo);
  };

  /** Whether there were events to send. */
  const sendEvents = async (): Promise<boolean> => {
    const newest = await events.lastSeq();
    const after = await sentTo("events");
    const page = await events.page(after, PAGE);
    const last = page.at(-1);
    if (last) {
      const records = page.map(({ event }) => (isFromTopics(event.event_id) ? null : recordOfEvent(event)));
      await send("events", records, last.seq);
    } else if (newest > after) {
      // All of them were erased before they were sent.
      await move("events", newest);
    }
    return last !== undefined;
  };

  /** Whether there were answers to send. */
  const sendAnswers = async (): Promise<boolean> => {
    const page = await answers.page(await sentTo("answers"), PAGE);
    const last = page.at(-1);
    // What does not read any more cannot be published; a list of similar films is for nobody.
    const lists = page.map(({ answer }) => (answer && "user_id" in answer ? recordOfAnswer(answer) : null));
    if (last) await send("answers", lists, last.id);
    // Answers are numbered anew when none was left.
    else if ((await answers.lastId()) < (await sentTo("answers"))) await move("answers", 0);
    return last !== undefined;
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
        const more = [await sendEvents(), await sendAnswers()].includes(true);
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
    pending: async () => {
      const behind = [
        (await events.lastSeq()) - (await sentTo("events")),
        (await answers.lastId()) - (await sentTo("answers")),
      ];
      return behind.reduce((sum, count) => sum + Math.max(0, count), 0);
    },
    fault: () => fault,
    close: async () => {
      closed = true;
      wake();
      await briefly(running.then(closeProducer));
    },
  };
}

/** What was taken in from one of the topics stands there already. */
function isFromTopics(eventId: string): boolean {
  return isIdFrom(TOPICS.watch.name, eventId) || isIdFrom(TOPICS.rating.name, eventId);
}
