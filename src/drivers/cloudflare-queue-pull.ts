import { z } from "zod";
import { decodeBase64 } from "../base/base64.ts";
import { InputError } from "../base/errors.ts";
import { fetchedText, fetchFault } from "../base/fetched.ts";
import type { QueueAddress } from "../cli/dependencies.ts";
import type { Fetch } from "../cli/remote-service.ts";
import type { Leased, LeasingQueue } from "../stream/bridge.ts";

/** At most what the queue gives at a time. */
const BATCH_SIZE = 100;
/** How long what was pulled is ours. It is acknowledged after that too, but another may have been given it meanwhile. */
const VISIBILITY_TIMEOUT_MS = 120_000;
/** Leases acknowledged by one request. */
const MAX_ACKNOWLEDGED = 100;
const TIMEOUT_MS = 30_000;
/** A hundred messages of 128 kB in base64, and what stands around them. */
const MAX_BYTES = 32 << 20;
const MAX_REASON_LENGTH = 500;
/** Answers that another try may better: too slow, too many, and faults of the other side. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

const Fault = z.object({ errors: z.array(z.object({ code: z.number(), message: z.string() })).min(1) });
const Pulled = z.object({
  success: z.literal(true),
  result: z.object({
    messages: z.array(
      z.object({
        id: z.string(),
        lease_id: z.string(),
        body: z.string(),
        metadata: z.record(z.string(), z.unknown()).nullish(),
      }),
    ),
  }),
});
const Acknowledged = z.object({ success: z.literal(true) });

/**
 * A queue of Cloudflare over HTTP: https://developers.cloudflare.com/queues/configuration/pull-consumers/ and
 * https://developers.cloudflare.com/api/resources/queues/subresources/messages/
 */
export function cloudflareQueuePull({ api, account, queue, token }: QueueAddress, fetch: Fetch): LeasingQueue {
  const base = `${api.replace(/\/+$/, "")}/accounts/${account}/queues/${queue}/messages`;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };

  const ask = async <T>(action: "pull" | "ack", body: object, type: z.ZodType<T>): Promise<T> => {
    const url = `${base}/${action}`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal }).catch(
      (cause) => {
        throw new Error(`${url} does not answer (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
      },
    );
    const answer = parsed(await fetchedText(response.body, MAX_BYTES).catch(() => ""));
    const { success, data } = type.safeParse(answer);
    if (response.ok && success) return data;
    const reasons = Fault.safeParse(answer).data?.errors.map(({ code, message }) => `${message} (${code})`) ?? [];
    const reason = reasons.join("; ").slice(0, MAX_REASON_LENGTH) || "and not as Cloudflare's API does";
    const message = `${url} answers ${response.status}: ${reason}`;
    throw response.ok || isPassing(response.status) ? new Error(message) : InputError.of("queue", queue, message);
  };

  return {
    pull: async () => {
      const asked = { batch_size: BATCH_SIZE, visibility_timeout_ms: VISIBILITY_TIMEOUT_MS };
      const { result } = await ask("pull", asked, Pulled);
      return result.messages.map(({ id, lease_id, body, metadata }): Leased => {
        return { id, lease: lease_id, body: bytesOf(body, metadata?.["CF-Content-Type"]) };
      });
    },
    acknowledge: async (leases) => {
      for (let from = 0; from < leases.length; from += MAX_ACKNOWLEDGED) {
        const acks = leases.slice(from, from + MAX_ACKNOWLEDGED).map((lease_id) => ({ lease_id }));
        await ask("ack", { acks, retries: [] }, Acknowledged);
      }
    },
  };
}

/** Text comes as it is, what else there is in base64. */
function bytesOf(body: string, contentType: unknown): Uint8Array {
  const decoded = contentType === "text" ? null : decodeBase64(body);
  return decoded ?? new TextEncoder().encode(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
