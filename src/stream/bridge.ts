import { frame, unframe } from "../avro/framing.ts";
import { assert, DataError, InputError } from "../base/errors.ts";
import type { Message, Producer } from "./broker.ts";
import { type Enveloped, openEnvelope } from "./envelope.ts";
import { comparePlaces } from "./place.ts";
import type { SchemaIds } from "./schema-ids.ts";
import { deadLetterTopic, TOPICS } from "./topics.ts";

/** What cannot be read goes to the dead letters of this name: it has no topic of its own. */
export const QUEUE_DEAD_LETTERS = deadLetterTopic("reprise.queue");
/** What is pulled before it is put in order and sent; one pull gives at most 100 messages of 128 kB. */
const MAX_GATHERED = 1_000;
const MAX_GATHERED_BYTES = 16 << 20;
const MAX_REASON_LENGTH = 500;
const IDLE_MS = 1_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** A message that is leased to us for a while. */
export interface Leased {
  readonly id: string;
  readonly lease: string;
  readonly body: Uint8Array;
}

/** A queue that gives each message to one who asks, and again where it is not acknowledged in time. */
export interface LeasingQueue {
  /** What is there, at most a batch; InputError for what no second try mends. */
  pull(): Promise<readonly Leased[]>;
  acknowledge(leases: readonly string[]): Promise<void>;
}

export interface BridgeTally {
  readonly forwarded: number;
  /** What came a second time beside the first. */
  readonly repeated: number;
  /** What could not be read, which stands in the dead letters with the reason. */
  readonly dead: number;
}

export interface BridgeParts {
  readonly queue: LeasingQueue;
  readonly producer: () => Promise<Producer>;
  /** The numbers under which the broker's readers know the schemas. */
  readonly schemas: SchemaIds;
  readonly isStopped: () => boolean;
  /** Waits, or until it is told to stop. */
  readonly pause: (ms: number) => Promise<void>;
  readonly told: (tally: BridgeTally) => void;
  /** Told when forwarding begins to fail, and when it works again. */
  readonly log: (message: string) => void;
}

/**
 * Forwards what stands in a queue to a broker until it is stopped or, with `untilEmpty`, until the queue gives nothing.
 * What was pulled together is put in the order of the logs that it was published from. It is acknowledged when the
 * broker has kept it; while the broker is away, it is held here and nothing more is pulled, because a queue counts how
 * often it gave a message and gives up at some point.
 */
export async function bridge(parts: BridgeParts, untilEmpty: boolean): Promise<BridgeTally> {
  const { queue, isStopped, pause, told, log } = parts;
  const tally = { forwarded: 0, repeated: 0, dead: 0 };
  let producer: Producer | null = null;
  let isFailing = false;

  const closeProducer = async (): Promise<void> => {
    const closing = producer?.close();
    producer = null;
    await closing?.catch(() => {}); // it may have failed already
  };

  /** Tries until it works; null where that is given up because the process is told to stop. */
  const persistently = async <T>(work: () => Promise<T>): Promise<T | null> => {
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)) {
      try {
        const result = await work();
        if (isFailing) log("messages are forwarded again");
        isFailing = false;
        return result;
      } catch (error) {
        if (error instanceof InputError) throw error;
        const message = error instanceof Error ? error.message : String(error);
        if (!isFailing) log(`messages are not forwarded: ${message}`);
        isFailing = true;
        await closeProducer();
        if (isStopped()) return null;
        await pause(retryMs);
      }
    }
  };

  /** A Worker asks no registry, and frames by the numbers that it was built with. */
  const numbered = async (message: Message): Promise<Message> => {
    const topic = Object.values(TOPICS).find(({ name }) => name === message.topic);
    assert(topic !== undefined, "an envelope names one of the topics");
    const id = await parts.schemas.idOf(message.topic, topic.schema);
    return { ...message, value: frame(id, unframe(message.value).body) };
  };

  /** Pulls until nothing more comes, or enough is there to be put in order. */
  const gather = async (): Promise<Leased[]> => {
    const gathered: Leased[] = [];
    for (let bytes = 0; gathered.length < MAX_GATHERED && bytes < MAX_GATHERED_BYTES; ) {
      if (isStopped()) break;
      // What is there already need not wait for more.
      const pulled = await (bytes === 0 ? persistently(queue.pull) : queue.pull().catch(() => null));
      if (pulled === null || pulled.length === 0) break;
      gathered.push(...pulled);
      bytes += pulled.reduce((sum, { body }) => sum + body.length, 0);
    }
    return gathered;
  };

  const forward = async (gathered: readonly Leased[]): Promise<void> => {
    const { messages, dead, repeated } = sorted(gathered);
    const isSent = await persistently(async () => {
      producer ??= await parts.producer();
      await producer.send([...(await Promise.all(messages.map(numbered))), ...dead]);
      return true;
    });
    if (isSent === null) return;
    await persistently(() => queue.acknowledge(gathered.map(({ lease }) => lease)));
    tally.forwarded += messages.length;
    tally.dead += dead.length;
    tally.repeated += repeated;
    told(tally);
  };

  try {
    while (!isStopped()) {
      const gathered = await gather();
      if (gathered.length > 0) await forward(gathered);
      else if (untilEmpty) break;
      else await pause(IDLE_MS);
    }
    return tally;
  } finally {
    await closeProducer();
  }
}

/** What reads, once and in order, and what does not. A place alone does not say what is the same: answers may be numbered anew. */
function sorted(gathered: readonly Leased[]): { messages: Message[]; dead: Message[]; repeated: number } {
  const read = new Map<string, Enveloped>();
  const dead = new Map<string, Message>();
  for (const leased of gathered) {
    try {
      const text = textOf(leased.body);
      const enveloped = openEnvelope(text);
      unframe(enveloped.message.value);
      read.set(text, enveloped);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      dead.set(leased.id, deadLetter(leased, error.message));
    }
  }
  const inOrder = [...read.values()].sort((a, b) => comparePlaces(a.place, b.place));
  return {
    messages: inOrder.map(({ message }) => message),
    dead: [...dead.values()],
    repeated: gathered.length - read.size - dead.size,
  };
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new DataError("message", "is not UTF-8");
  }
}

/** The message as it came, under its id, so that one that comes twice is known. */
function deadLetter({ id, body }: Leased, reason: string): Message {
  return {
    topic: QUEUE_DEAD_LETTERS,
    key: id,
    value: body,
    headers: { reason: reason.slice(0, MAX_REASON_LENGTH) },
  };
}
