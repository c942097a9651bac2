import type { NewerLine } from "../history/newer.ts";
import type { LoggedEvent } from "./event.ts";

/** Events in the order in which they happened; what happened at one time, in the order of the log. */
export function inOrder(events: readonly LoggedEvent[]): LoggedEvent[] {
  return [...events].sort((a, b) => a.event.ts - b.event.ts || a.seq - b.seq);
}

/** What an event says of a film. */
export function lineOf({ event }: LoggedEvent): NewerLine {
  return { movie_id: event.movie_id, value: event.type === "rate" ? event.rating : null, time: event.ts };
}

/** What events say of films, in the order in which it happened. */
export function linesOf(events: readonly LoggedEvent[]): NewerLine[] {
  return inOrder(events).map(lineOf);
}
