import { InputError } from "../base/errors.ts";
import { fetchedText, fetchFault } from "../base/fetched.ts";

const TIMEOUT_MS = 15_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the service answered. */
export interface Received {
  readonly status: number;
  readonly text: string;
}

/** A running service, asked over HTTP. */
export interface ServiceClient {
  /** Its address without credentials. */
  readonly address: string;
  /** @throws Error "API not accessible …" when it cannot be reached, or answers with more than `maxBytes` */
  get(path: string, options?: { readonly admin?: boolean; readonly accept?: string }): Promise<Received>;
  post(path: string, body: unknown): Promise<Received>;
}

/**
 * @param token sent to admin routes only, and kept nowhere
 * @throws InputError when the address is none
 */
export function serviceClient(
  address: string,
  { token, fetch, maxBytes }: { token: string | undefined; fetch: Fetch; maxBytes: number },
): ServiceClient {
  const base = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    const message = `${JSON.stringify(address)} must be an address that begins with http:// or https://`;
    throw InputError.of("--api-url", address, message);
  }
  base.username = base.password = "";
  const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};

  const ask = async (path: string, init: RequestInit): Promise<Received> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      // A redirect could carry the token elsewhere.
      const response = await fetch(new URL(path, base).href, { ...init, signal, redirect: "error" });
      return { status: response.status, text: await fetchedText(response.body, maxBytes) };
    } catch (cause) {
      throw new Error(`API not accessible at ${base.href} (${fetchFault(cause, TIMEOUT_MS)})`, { cause });
    }
  };

  return {
    address: base.href,
    get: (path, { admin = false, accept = "application/json" } = {}) =>
      ask(path, { headers: { Accept: accept, ...(admin && authorization) } }),
    post: (path, body) =>
      ask(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...authorization },
        body: JSON.stringify(body),
      }),
  };
}
