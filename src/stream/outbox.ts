import { encodeRecord } from "../avro/encode.ts";
import { frame } from "../avro/framing.ts";
import type { EventStore } from "../events/store.ts";
import type { AnswerLog } from "../provenance/trace.ts";
import type { Message, Producer } from "./broker.ts";
import { type Outgoing, recordOfAnswer, recordOfEvent } from "./records.ts";
import type { SchemaIds } from "./schema-ids.ts";
import { TOPICS } from "./topics.ts";

/** Records sent at a time. */
const PAGE = 500;
/** How long nothing new is waited for before the log is looked at again: another process may write it. */
const IDLE_MS = 200;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

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
  /** Stops; what is not sent is sent after the next start. */
  close(): Promise<void>;
}

export function openOutbox(parts: OutboxParts): Outbox {
  const { events, answers, cursors, schemas, schedule } = parts;
  const sent: Record<OutboxLog, number | null> = { events: null, answers: null };
  let producer: Producer | null = null;
  let fault: string | null = null;
  let closed = false;
  let running: Promise<void> = Promise.resolve();

  const sentTo = async (log: OutboxLog): Promise<number> => {
    sent[log] ??= await cursors.read(log);
    if (sent[log] === null) {
      // Events from the first one on; answers were given long before anybody asked to have them published.
      sent[log] = log === "events" ? 0 : await answers.lastId();
      await cursors.write(log, sent[log]);
    }
    return sent[log];
  };

  const messageOf = async ({ topic, key, record }: Outgoing): Promise<Message> => {
    const { name, schema } = TOPICS[topic];
    return { topic: name, key, value: frame(await schemas.idOf(name, schema), encodeRecord(schema, record)) };
  };

  const send = async (log: OutboxLog, records: readonly (Outgoing | null)[], upTo: number): Promise<void> => {
    const messages = await Promise.all(records.filter((record) => record !== null).map(messageOf));
    producer ??= await parts.producer();
    if (messages.length > 0) await producer.send(messages);
    await cursors.write(log, upTo);
    sent[log] = upTo;
  };

  /** Answers are numbered anew when none was left. */
  const beginAgainWhereAllExpired = async (): Promise<void> => {
    if ((await answers.lastId()) >= (await sentTo("answers"))) return;
    await cursors.write("answers", 0);
    sent.answers = 0;
  };

  /** Sends a page of each log; whether there was one. */
  const sendNext = async (): Promise<boolean> => {
    const happened = await events.page(await sentTo("events"), PAGE);
    const lastEvent = happened.at(-1);
    if (lastEvent)
      await send(
        "events",
        happened.map(({ event }) => recordOfEvent(event)),
        lastEvent.seq,
      );
    const given = await answers.page(await sentTo("answers"), PAGE);
    const lastAnswer = given.at(-1);
    if (!lastAnswer) await beginAgainWhereAllExpired();
    // What does not read any more cannot be published; a list of similar films is for nobody.
    const lists = given.map(({ answer }) => (answer && "user_id" in answer ? recordOfAnswer(answer) : null));
    if (lastAnswer) await send("answers", lists, lastAnswer.id);
    return lastEvent !== undefined || lastAnswer !== undefined;
  };

  const wait = (ms: number) => new Promise<void>((resolve) => schedule(ms, () => resolve()));

  const run = async (): Promise<void> => {
    for (let retryMs = FIRST_RETRY_MS; !closed; ) {
      try {
        const more = await sendNext();
        if (fault !== null) parts.log("messages are published again");
        fault = null;
        retryMs = FIRST_RETRY_MS;
        if (!more) await wait(IDLE_MS);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (fault === null) parts.log(`messages are not published: ${message}`);
        fault = message;
        await producer?.close().catch(() => {}); // it has failed already
        producer = null;
        await wait(retryMs);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
  };

  running = run();
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
      await running;
      await producer?.close();
    },
  };
}
