import type { LoggedEvent, ViewerEvent } from "./event.ts";

/** Newest events of one user that an answer looks at. */
export const MAX_USER_EVENTS = 10_000;

/** What became of one event. */
export type Outcome = "accepted" | "duplicate" | "erased";

/** Where a user stands in the log. */
export interface UserState {
  /** The place of the user's newest event, 0 where there is none. */
  readonly lastSeq: number;
  readonly erased: boolean;
}

/**
 * The log of events, in the order in which they were accepted. Places are never used twice, and never change.
 *
 * An erased user's events are gone, but for their ids, so that none of them comes in again; new ones are not taken.
 */
export interface EventStore {
  /**
   * Writes a batch, whole or not at all; once this resolves, its events survive the end of the process, however it
   * comes.
   * @returns what became of each, in the order given
   */
  append(events: readonly ViewerEvent[]): Promise<readonly Outcome[]>;
  userState(userId: string): Promise<UserState>;
  /** Where each of these users stands, in the order given, by one look. */
  userStates(userIds: readonly string[]): Promise<readonly UserState[]>;
  /** A user's events after place `after` up to place `upTo`, oldest first; of very many the newest MAX_USER_EVENTS. */
  ofUser(userId: string, after: number, upTo: number): Promise<readonly LoggedEvent[]>;
  /** Events of all users after place `after`, oldest first, at most `limit`. */
  page(after: number, limit: number): Promise<readonly LoggedEvent[]>;
  /** The place of the newest event, 0 where there is none; after `reserve`, no less than that. */
  lastSeq(): Promise<number>;
  /**
   * Lets events from now on come after place `seq`. A model that was trained on another log than this one takes what
   * stands up to there for known, and would not see them otherwise.
   */
  reserve(seq: number): Promise<void>;
  /**
   * Erases a user, for good.
   * @param now milliseconds since 1970
   * @returns how many events went
   */
  erase(userId: string, now: number): Promise<number>;
  erasedUsers(): Promise<readonly string[]>;
}
