import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { detailOf, type Fetch, remoteService } from "./remote-service.ts";
import type { Replayed } from "./replay-tally.ts";

/** A running service that replays. */
export interface RemoteReplayer {
  /** Replays the traces under a request id. */
  byRequest(requestId: string): Promise<Replayed>;
  /** Replays an answer as it was received. @throws InputError when the service says that it is none */
  answer(answer: unknown): Promise<Replayed>;
}

const Result = z.object({
  status: z.enum(["match", "mismatch", "unavailable"]),
  reason: z.enum(["erased", "expired", "artifact_missing", "engine_missing"]).nullable(),
  first_difference: z.string().nullable(),
  detail: z.string().nullable(),
});

const EXPIRED: Replayed = {
  status: "unavailable",
  reason: "expired",
  first_difference: null,
  detail: "the service has no trace under this request id",
};

/**
 * @param token what the service's REPRISE_ADMIN_TOKEN is, where it has one
 * @throws InputError when the address is none
 */
export function remoteReplayer(address: string, token: string | undefined, fetch: Fetch): RemoteReplayer {
  const ask = remoteService(address, token, fetch);
  return {
    byRequest: async (requestId) => {
      const response = await ask(`trace/${encodeURIComponent(requestId)}/replay`);
      if (response.status === 404) return EXPIRED;
      if (!response.ok) throw InputError.of("REQUEST_ID", requestId, await detailOf(response));
      return resultOf(response);
    },
    answer: async (answer) => {
      const headers = { "Content-Type": "application/json" };
      const response = await ask("replay", { method: "POST", headers, body: JSON.stringify(answer) });
      if (!response.ok) throw InputError.of("--answer", null, await detailOf(response));
      return resultOf(response);
    },
  };
}

async function resultOf(response: Response): Promise<Replayed> {
  const result = Result.safeParse(await response.json().catch(() => null));
  if (result.success) return result.data;
  throw new Error(`${response.url || "the service"} answers, but not with what a replay came to`);
}
