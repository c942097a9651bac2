/** Requests under way at once; while so many wait, no more are sent. */
const MAX_UNDER_WAY = 32;
/** Simulated viewers that the embedded versions know, and some that they do not. */
const KNOWN_USERS = 900;
const USERS = 909;
const BATCH_USERS = 10;
const REQUEST_TIMEOUT_MS = 10_000;

/** Of so many lists for one user, one is followed by a click on one of its films. */
const LISTS_PER_CLICK = 5;

export interface Traffic {
  /** How many were answered, by HTTP status; `failed` had no answer. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many were left out, because too many were under way. */
  readonly skipped: () => number;
  /** Sends no more, and resolves when those under way have ended. */
  stop(): Promise<void>;
}

/**
 * Asks a service steadily: mostly for one user, at times for several, for a visitor, and for what is not there. Some
 * users click on what they are shown.
 */
export function startTraffic(base: string, requestsPerSecond: number, ingestToken: string | null): Traffic {
  const counts: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  let skipped = 0;

  const ask = async (turn: number): Promise<void> => {
    let outcome = "failed";
    try {
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      const answer = await fetch(requestAt(base, turn), { signal });
      const body = await answer.text();
      outcome = String(answer.status);
      const click =
        turn % LISTS_PER_CLICK === 0 && answer.ok
          ? clickOn(base, JSON.parse(body), turn / LISTS_PER_CLICK, ingestToken)
          : null;
      if (click !== null) await (await fetch(click, { signal })).body?.cancel();
    } catch {
      // Counted as failed, unless only the click was.
    }
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };

  const timer = setInterval(() => {
    if (underWay.size >= MAX_UNDER_WAY) {
      skipped++;
      return;
    }
    const request = ask(sent++).finally(() => underWay.delete(request));
    underWay.add(request);
  }, 1000 / requestsPerSecond);

  return {
    counts,
    skipped: () => skipped,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

interface ListAnswer {
  readonly user_id?: number | string | null;
  readonly items?: readonly (number | string)[];
  readonly provenance?: { readonly request_id: string };
}

/** A click on a film of a user's list, on each place as often, or null where there is no user or no film. */
function clickOn(base: string, answer: ListAnswer, turn: number, ingestToken: string | null): Request | null {
  const { user_id, items = [], provenance } = answer;
  const movie_id = items[turn % items.length];
  if (user_id === undefined || user_id === null || movie_id === undefined) return null;
  const request_id = provenance?.request_id;
  const click = post(`${base}/events`, { event_id: crypto.randomUUID(), type: "click", user_id, movie_id, request_id });
  if (ingestToken !== null) click.headers.set("Authorization", `Bearer ${ingestToken}`);
  return click;
}

/** The same turn is always the same request. */
export function requestAt(base: string, turn: number): Request {
  if (turn % 100 === 99) return new Request(`${base}/recommend/1?model=v999.0`);
  if (turn % 50 === 49) {
    const first = turn % (KNOWN_USERS - BATCH_USERS);
    return post(`${base}/recommend/batch`, { user_ids: Array.from({ length: BATCH_USERS }, (_, i) => first + i + 1) });
  }
  if (turn % 50 === 24) return post(`${base}/recommend`, { items: [{ movie_id: (turn % 20) + 1 }], k: 10 });
  // Neighbouring turns ask for distant users, so that both arms get their share at any moment.
  return new Request(`${base}/recommend/${((turn * 7) % USERS) + 1}?k=10`);
}

function post(url: string, body: object): Request {
  return new Request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
