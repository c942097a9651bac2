import { z } from "zod";
import { InputError } from "../base/errors.ts";

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Asks a running service; a response that is neither well nor 400 or 404 is thrown as an error. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * @param token what the service's REPRISE_ADMIN_TOKEN is, where it has one
 * @throws InputError when the address is none
 */
export function remoteService(address: string, token: string | undefined, fetch: Fetch): Ask {
  const base = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw InputError.of("--api-url", address, "must be an address that begins with http:// or https://");
  }
  const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  return async (path, init = {}) => {
    const url = new URL(path, base).href;
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...authorization } }).catch((cause) => {
      throw new Error(`${url} does not answer`, { cause });
    });
    if (response.ok || response.status === 404 || response.status === 400) return response;
    throw new Error(`${url} answers ${response.status}: ${await detailOf(response)}`);
  };
}

/** What a problem's JSON says, its errors included. */
export async function detailOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null);
  const { detail, errors = [] } = Problem.safeParse(problem).data ?? {};
  const faults = errors.map(({ field, message }) => `${field} ${message}`);
  return [detail ?? "no reason given", ...faults].join("; ");
}

const Problem = z.object({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
