import type { Producer } from "../stream/broker.ts";
import { envelope } from "../stream/envelope.ts";

/** Of one send, by https://developers.cloudflare.com/queues/platform/limits/; there 1 KB is 1000 bytes. */
const MAX_MESSAGES = 100;
const MAX_BATCH_BYTES = 256_000;
/** What the queue adds to a message, at most. */
const METADATA_BYTES = 100;

/** The part of a Worker's queue that is used here. */
export interface QueueBinding {
  sendBatch(messages: readonly { readonly body: string; readonly contentType: "text" }[]): Promise<unknown>;
}

/**
 * Sends to a queue of Cloudflare, batch by batch in the order given; no message of ours reaches the 128 kB that one may
 * have. As text, which a consumer over HTTP is given as it is.
 */
export function cloudflareQueue(queue: QueueBinding): Producer {
  return {
    send: async (messages) => {
      for (const batch of batches(messages.map(envelope))) {
        await queue.sendBatch(batch.map((body) => ({ body, contentType: "text" })));
      }
    },
    close: async () => {},
  };
}

function* batches(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = new TextEncoder().encode(text).length + METADATA_BYTES;
    if (batch.length === MAX_MESSAGES || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(text);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
