import { HttpError } from "./http-error.ts";

/** Clients remembered at most; beyond them the one that was quiet longest is forgotten. */
const MAX_CLIENTS = 10_000;
/** All clients together may send so many times what one may. */
const GLOBAL_SHARE = 10;
const SECOND_MS = 1_000;
/** What sums of parts of a second may be off by. */
const ROUNDING_MS = 0.001;

export type AdmitRate = (client: string | null) => void;

/**
 * Lets each client send so many requests a second, and all together GLOBAL_SHARE times as many, a second's worth of
 * them at once (a generic cell rate algorithm: of each client only the time at which it will be even is kept).
 *
 * What calls it throws HttpError 429 with Retry-After.
 */
export function rateLimit(perSecond: number, monotonicMs: () => number): AdmitRate {
  const evenAt = new Map<string, number>();
  let allEvenAt = 0;

  /** When one more request will be worked off, or null where it is too early for it. */
  const next = (before: number, now: number, rate: number): number | null => {
    const even = Math.max(before, now) + SECOND_MS / rate;
    return even - now > SECOND_MS + ROUNDING_MS ? null : even;
  };

  return (client) => {
    const now = monotonicMs();
    const key = client ?? "";
    const ownEvenAt = next(evenAt.get(key) ?? 0, now, perSecond);
    const all = next(allEvenAt, now, perSecond * GLOBAL_SHARE);
    if (ownEvenAt === null) throw tooMany(`a client may send ${perSecond} such requests a second (REPRISE_RATE_LIMIT)`);
    if (all === null) throw tooMany("too many such requests come from all clients together");
    allEvenAt = all;
    evenAt.delete(key);
    evenAt.set(key, ownEvenAt);
    for (const quietest of evenAt.keys()) {
      if (evenAt.size <= MAX_CLIENTS) break;
      evenAt.delete(quietest);
    }
  };
}

function tooMany(detail: string): HttpError {
  return new HttpError(429, detail, { "Retry-After": "1" });
}
