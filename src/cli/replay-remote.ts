import { z } from "zod";
import { InputError } from "../base/errors.ts";
import type { Replayed } from "./replay-tally.ts";

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
  const base = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw InputError.of("--api-url", address, "must be an address that begins with http:// or https://");
  }
  const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};

  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(path, base).href;
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...authorization } }).catch((cause) => {
      throw new Error(`${url} does not answer`, { cause });
    });
    if (response.ok || response.status === 404 || response.status === 400) return response;
    throw new Error(`${url} answers ${response.status}: ${await detailOf(response)}`);
  };

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

/** What a problem's JSON says, its errors included. */
async function detailOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null);
  const { detail, errors = [] } = Problem.safeParse(problem).data ?? {};
  const faults = errors.map(({ field, message }) => `${field} ${message}`);
  return [detail ?? "no reason given", ...faults].join("; ");
}

const Problem = z.object({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
