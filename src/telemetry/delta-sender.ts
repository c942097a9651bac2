import type { Reading } from "./reading.ts";

/** What was measured is sent after so long, or so many requests, whichever comes first. */
const SEND_AFTER_MS = 250;
const SEND_AFTER_REQUESTS = 50;
/** What began longer ago belongs to a request that is gone, and nobody waits for it. */
const STALE_MS = 5_000;

/** What one isolate measured, under an id by which a second try is known. */
export interface Delta {
  readonly id: string;
  readonly reading: Reading;
}

export interface DeltaSenderParts {
  /** What was measured since the last call. */
  readonly collect: () => Promise<Reading>;
  /** Resolves when the delta is added; one that was tried before must not be added twice. */
  readonly send: (delta: Delta) => Promise<void>;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Brings an isolate's measurements to where those of all isolates are added up. */
export interface DeltaSender {
  /** To be waited for after every answer: one of them carries what was measured of many. It never rejects. */
  settle(): Promise<void>;
  /** Sends what there is now, unless that is under way. It never rejects. */
  send(): Promise<void>;
}

export function openDeltaSender({ collect, send, newId, pause, now }: DeltaSenderParts): DeltaSender {
  const unsent: Delta[] = [];
  let requests = 0;
  let waitingSince: number | null = null;
  let sending: { readonly since: number } | null = null;

  const isUnderWay = (since: number | null | undefined): boolean =>
    typeof since === "number" && now() - since < STALE_MS;

  const sendAll = async (): Promise<void> => {
    for (const delta of [...unsent]) {
      await send(delta);
      const place = unsent.indexOf(delta);
      if (place >= 0) unsent.splice(place, 1);
    }
  };

  const sendNow = async (): Promise<void> => {
    if (isUnderWay(sending?.since)) return;
    const own = { since: now() };
    sending = own;
    try {
      do {
        requests = 0;
        // What could not be sent goes first: as long as it cannot, what is new stays with the instruments.
        await sendAll();
        const reading = await collect();
        unsent.push({ id: newId(), reading });
        await sendAll();
        // What came meanwhile found this under way and left it to it.
      } while (requests > 0 && sending === own);
    } catch {
      // It stays unsent, and the next request tries again.
    } finally {
      if (sending === own) sending = null;
    }
  };

  return {
    send: sendNow,
    settle: async () => {
      requests++;
      if (requests >= SEND_AFTER_REQUESTS) return sendNow();
      if (isUnderWay(waitingSince)) return;
      waitingSince = now();
      await pause(SEND_AFTER_MS);
      waitingSince = null;
      await sendNow();
    },
  };
}
