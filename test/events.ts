import type { LoggedEvent, ViewerEvent } from "../src/events/event.ts";
import { type EventStore, MAX_USER_EVENTS, type Outcome } from "../src/events/store.ts";

/** The event log, kept in memory. */
export function memoryEvents(): EventStore {
  const log: (LoggedEvent | null)[] = [];
  const ids = new Set<string>();
  const erased = new Set<string>();
  const held = () => log.filter((entry) => entry !== null);
  const ofUser = (userId: string) => held().filter(({ event }) => event.user_id === userId);
  const take = (event: ViewerEvent): Outcome => {
    if (ids.has(event.event_id)) return "duplicate";
    if (erased.has(event.user_id)) return "erased";
    ids.add(event.event_id);
    log.push({ seq: log.length + 1, event });
    return "accepted";
  };
  const stateOf = (userId: string) => ({ lastSeq: ofUser(userId).at(-1)?.seq ?? 0, erased: erased.has(userId) });
  return {
    append: async (events) => events.map(take),
    userState: async (userId) => stateOf(userId),
    userStates: async (userIds) => userIds.map(stateOf),
    ofUser: async (userId, after, upTo) =>
      ofUser(userId)
        .filter(({ seq }) => seq > after && seq <= upTo)
        .slice(-MAX_USER_EVENTS),
    page: async (after, limit) =>
      held()
        .filter(({ seq }) => seq > after)
        .slice(0, limit),
    lastSeq: async () => log.length,
    reserve: async (seq) => {
      while (log.length < seq) log.push(null);
    },
    erase: async (userId) => {
      const gone = ofUser(userId);
      for (const { seq } of gone) log[seq - 1] = null;
      erased.add(userId);
      return gone.length;
    },
    erasedUsers: async () => [...erased].sort(),
  };
}

/** A rating as it is sent in. */
export function rating(event_id: string, user_id: string, movie_id = "1", ts = 1_000, rating = 3.5): ViewerEvent {
  return { event_id, user_id, movie_id, ts, request_id: null, type: "rate", rating };
}
