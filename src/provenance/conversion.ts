/** Which exposures are looked at for what their users did afterwards. */
export interface FollowUpStretch {
  /** Of the exposures, in milliseconds since 1970. */
  readonly from: number;
  /** It is not part of the stretch. */
  readonly to: number;
  readonly revision: number;
  /** An event from then on shows that events of its user are reported. */
  readonly eventsFrom: number;
  /** How long after an exposure an event is looked at, in milliseconds. */
  readonly windowMs: number;
}

/** A user of whom there is more to know than that every list is held and nothing came of it. */
export interface FollowedUser {
  readonly variant: string;
  readonly user_id: string;
  /** Exposures of which nothing can be known: their list is not held any more, or the user was erased. */
  readonly unknown: number;
  readonly has_events: boolean;
  /** Keys of other exposures after which the user did something within the window, whatever it was about. */
  readonly followed: readonly number[];
}

/** What came of one exposure. */
export interface Outcome {
  readonly id: number;
  /** Whether its list is held. */
  readonly known: boolean;
  /**
   * Whether its user then did something with an item of the list: within the window after it by the event's own time,
   * accepted after the newest event that the list knew of, and naming the request, where it names one.
   */
  readonly converted: boolean;
}

/** What users did with the lists that they were shown, from the traces of these lists and the log of events. */
export interface ConversionStore {
  /** Users of a stretch of about MAX_SLICE_EXPOSURES exposures, and where to look closer. */
  followedUsers(stretch: FollowUpStretch): Promise<readonly FollowedUser[]>;
  /** What came of these exposures, at most MAX_OUTCOMES of them; of one that is gone, nothing. */
  outcomes(exposures: readonly number[], windowMs: number): Promise<readonly Outcome[]>;
}

/** Exposures whose lists are read at once, so that nobody waits long meanwhile. */
export const MAX_OUTCOMES = 200;
/** Events after one exposure that are looked at, the first ones. */
export const MAX_FOLLOWING_EVENTS = 1_000;
