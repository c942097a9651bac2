import type { OutboxLog } from "../src/stream/place.ts";
import type { OutboxCursors } from "../src/stream/publishing.ts";

/** Cursors of an outbox, kept in a map. */
export function memoryCursors(held: Map<OutboxLog, number>): OutboxCursors {
  return {
    read: async (log) => held.get(log) ?? null,
    begin: async (log, sentTo) => void (held.has(log) || held.set(log, sentTo)),
    move: async (log, from, to) => {
      const isThere = held.get(log) === from;
      if (isThere) held.set(log, to);
      return isThere;
    },
  };
}
