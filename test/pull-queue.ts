import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What a queue holds: the text or bytes of a message, as a Worker sends them. */
export interface QueuedMessage {
  readonly body: string | Uint8Array;
  readonly contentType: "text" | "bytes" | "json";
}

interface Held extends QueuedMessage {
  readonly id: string;
  attempts: number;
  /** Nobody is given it before. */
  hiddenUntil: number;
}

export interface PullQueue {
  /** Where its API is. */
  readonly api: string;
  readonly account: string;
  readonly queue: string;
  readonly token: string;
  put(...messages: readonly QueuedMessage[]): void;
  /** How many messages were not acknowledged. */
  readonly left: () => number;
  /** Lets all leases run out. */
  expire(): void;
  /** Answers the next requests so instead. */
  readonly instead: { status: number; body: string }[];
  /** The bodies of requests, by action. */
  readonly asked: { action: string; body: unknown }[];
  close(): void;
}

/**
 * A queue that is pulled from over HTTP, as far as Cloudflare documents it:
 * https://developers.cloudflare.com/queues/configuration/pull-consumers/
 */
export async function startPullQueue(): Promise<PullQueue> {
  const account = "a".repeat(32);
  const queue = "b".repeat(32);
  const token = "s3cret";
  const held = new Map<string, Held>();
  const leases = new Map<string, string>();
  const instead: PullQueue["instead"] = [];
  const asked: PullQueue["asked"] = [];
  let given = 0;

  const success = (result: object) => ({
    status: 200,
    body: JSON.stringify({ success: true, errors: [], messages: [], result }),
  });
  const failure = (status: number, code: number, message: string) => ({
    status,
    body: JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }),
  });
  const pull = (batchSize: number, visibilityMs: number) => {
    const free = [...held.values()].filter(({ hiddenUntil }) => hiddenUntil <= Date.now()).slice(0, batchSize);
    const messages = free.map((message) => {
      const lease_id = `lease-${given++}`;
      leases.set(lease_id, message.id);
      message.attempts++;
      message.hiddenUntil = Date.now() + visibilityMs;
      const { id, body, contentType, attempts } = message;
      const shown = contentType === "text" ? String(body) : Buffer.from(body).toString("base64");
      const metadata = { "CF-sourceMessageSource": "worker", "CF-Content-Type": contentType };
      return { body: shown, id, timestamp_ms: 1_700_000_000_000, attempts, metadata, lease_id };
    });
    return success({ message_backlog_count: held.size, messages });
  };

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const action = /^\/client\/v4\/accounts\/(\w+)\/queues\/(\w+)\/messages\/(pull|ack)$/.exec(request.url ?? "");
    const fault = instead.shift();
    if (fault) return fault;
    if (request.headers.authorization !== `Bearer ${token}`) return failure(401, 10000, "Authentication error");
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json") {
      return failure(405, 10405, "Method not allowed");
    }
    if (action?.[1] !== account || action[2] !== queue) return failure(404, 11000, "Queue not found");
    const body = JSON.parse(text) as {
      batch_size?: number;
      visibility_timeout_ms?: number;
      acks?: { lease_id: string }[];
    };
    asked.push({ action: action[3] as string, body });
    if (action[3] === "pull") {
      const { batch_size = 5, visibility_timeout_ms = 30_000 } = body;
      if (batch_size > 100) return failure(400, 10203, "batch_size must be at most 100");
      return pull(batch_size, visibility_timeout_ms);
    }
    const acks = body.acks ?? [];
    for (const { lease_id } of acks) held.delete(leases.get(lease_id) ?? "");
    return success({ ackCount: acks.length, retryCount: 0, warnings: {} });
  };

  const server = createServer((request, response) => {
    answer(request).then(({ status, body }) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    account,
    queue,
    token,
    put: (...messages) => {
      for (const message of messages) {
        const id = `message-${held.size}-${given++}`;
        held.set(id, { ...message, id, attempts: 0, hiddenUntil: 0 });
      }
    },
    left: () => held.size,
    expire: () => {
      for (const message of held.values()) message.hiddenUntil = 0;
    },
    instead,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
