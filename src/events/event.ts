/** Ratings are of this range, whatever the scale. */
export const RATING_MIN = 0;
export const RATING_MAX = 10;
export const MAX_MINUTE = 10_000;
/** How far ahead of this machine's clock an event's time may be, in milliseconds. */
export const MAX_AHEAD_MS = 86_400_000;

/** How ids begin that events have which came from their topics without one. Nobody else may give such. */
export const MESSAGE_ID_PREFIXES = ["reprise.watch/", "reprise.rating/"] as const;

/** Whether an id says that its event stands in its topic already. */
export function isMessageId(id: string): boolean {
  return MESSAGE_ID_PREFIXES.some((prefix) => id.startsWith(prefix));
}

interface Happening {
  /** Chosen by whoever reports it; of two events with one id the second is a duplicate. */
  readonly event_id: string;
  readonly user_id: string;
  readonly movie_id: string;
  /** Milliseconds since 1970. */
  readonly ts: number;
  /** The request whose answer led to it, where that is known. */
  readonly request_id: string | null;
}

export interface RateEvent extends Happening {
  readonly type: "rate";
  readonly rating: number;
}

export interface WatchEvent extends Happening {
  readonly type: "watch";
  readonly minute: number;
}

export interface ClickEvent extends Happening {
  readonly type: "click";
}

/** What a viewer did. */
export type ViewerEvent = RateEvent | WatchEvent | ClickEvent;

export const EVENT_TYPES = ["rate", "watch", "click"] as const satisfies readonly ViewerEvent["type"][];

/** An event and its place in the log, from 1. */
export interface LoggedEvent {
  readonly seq: number;
  readonly event: ViewerEvent;
}
