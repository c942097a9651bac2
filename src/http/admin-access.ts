import { sha256Bytes } from "../base/hash.ts";
import { HttpError } from "./http-error.ts";

/** Who may use admin routes. */
export interface AdminAccess {
  /** The token to present, or null when none is configured. */
  readonly token: string | null;
  /** Whether only this machine can reach the port. */
  readonly listensOnLoopback: boolean;
  /** Whether admin routes work without a token although others might reach the port. */
  readonly open: boolean;
  /** Values of `Host` that are this service, beside those of loopback, with a port or for any; lower case. */
  readonly allowedHosts: readonly string[];
}

/** How a request was let in, for the history of changes. */
export type Actor = "token" | "loopback" | "open";

const OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Lets a request use an admin route, or refuses it.
 *
 * Once a token is configured it is wanted from everyone. Without one, the routes work only where nobody else can reach
 * the port, and then a browser is the way in that is left: a request that another site made it send, or that it sends
 * ahead of a click, is refused.
 * @throws HttpError 401 or 403
 */
export function admit(request: Request, { token, listensOnLoopback, open, allowedHosts }: AdminAccess): Actor {
  if (token !== null) {
    if (presentsToken(request, token)) return "token";
    throw new HttpError(401, "this route wants Authorization: Bearer with the admin token", {
      "WWW-Authenticate": "Bearer",
    });
  }
  if (!listensOnLoopback && !open) {
    throw new HttpError(
      403,
      "admin routes are closed: set REPRISE_ADMIN_TOKEN, or REPRISE_ADMIN_OPEN=1 where the port is private",
    );
  }
  const foreign = foreignSign(request.headers, [...OWN_HOSTS, ...allowedHosts]);
  if (foreign !== null) throw new HttpError(403, `this route does not take requests from elsewhere: ${foreign}`);
  return listensOnLoopback ? "loopback" : "open";
}

/** Whether a request carries this bearer token; the time that takes does not tell how far another one agrees with it. */
export function presentsToken(request: Request, token: string): boolean {
  const presented = /^Bearer +(\S+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
  return presented !== undefined && sameText(presented, token);
}

/** Whether only this machine can reach a service that listens on `host`. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|\[::1\]|127(\.[0-9]{1,3}){3})$/i.test(host);
}

/** What shows that a request comes from another site or ahead of a click, or null. */
function foreignSign(headers: Headers, hosts: readonly string[]): string | null {
  const host = headers.get("Host") ?? "";
  if (!hosts.includes(host.toLowerCase()) && !hosts.includes(hostName(host)))
    return "its Host is not this service (REPRISE_ALLOWED_HOSTS names more)";
  const origin = headers.get("Origin");
  if (origin !== null && !isSameOrigin(origin, host)) return "its Origin is another site";
  const site = headers.get("Sec-Fetch-Site");
  if (site === "cross-site" || site === "same-site") return `its Sec-Fetch-Site is ${site}`;
  const purposes = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].map((name) => headers.get(name) ?? "");
  return purposes.some((purpose) => /prefetch|preview|prerender/i.test(purpose)) ? "it is a prefetch" : null;
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:[0-9]*$/, "");
}

function isSameOrigin(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, "").toLowerCase() === host.toLowerCase();
}

/** Compares in a time that does not depend on where the texts differ, nor on their lengths. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => sha256Bytes(new TextEncoder().encode(text)));
  let difference = 0;
  left.forEach((byte, place) => {
    difference |= byte ^ right[place];
  });
  return difference === 0;
}
