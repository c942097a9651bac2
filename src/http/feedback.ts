import type { JsonId } from "../base/ids.ts";
import type { ViewerEvent } from "../events/event.ts";
import type { Outcome } from "../events/store.ts";

/** One interaction that is held for a user. */
export interface HeldInteraction {
  readonly movie_id: JsonId;
  readonly title: string | null;
  /** What a model was trained on, or an event that came after. */
  readonly held_by: "model" | "event";
  readonly type: "interaction" | ViewerEvent["type"];
  readonly value: number | null;
  readonly minute?: number;
  readonly count: number;
  /** Milliseconds since 1970, null where unknown. */
  readonly time: number | null;
  readonly event_id?: string;
}

export interface UserHistory {
  readonly user_id: JsonId;
  /** The version whose histories these are. */
  readonly model: string;
  readonly erased: boolean;
  /** The place of the user's newest event, 0 where there is none. */
  readonly history_seq: number;
  readonly interactions: readonly HeldInteraction[];
}

export interface Erasure {
  readonly user_id: JsonId;
  readonly erased: true;
  readonly events_removed: number;
  /**
   * What still holds data of the user until `models purge --erased`, which also removes refused artifacts and snapshots
   * that no version was trained on; those the service cannot see.
   */
  readonly still_held_by: {
    /** Published versions that were trained on the user's interactions. */
    readonly models: readonly string[];
    /** The snapshots that those were trained on. */
    readonly snapshots: readonly string[];
    /** When the last trace of answers until now has expired, ISO 8601; a purge removes them before. */
    readonly traces_until: string;
  };
}

/** What the HTTP face needs in order to take in what viewers do, and to show and erase it. */
export interface Feedback {
  /** @returns what became of each, in the order given, once they are durable */
  accept(events: readonly ViewerEvent[]): Promise<readonly Outcome[]>;
  /** Hears of what was sent as an event and is none. */
  refused(value: unknown): void;
  history(userId: string): Promise<UserHistory>;
  erase(userId: string): Promise<Erasure>;
}
