export const RETRAIN_OUTCOMES = ["published", "refused", "unchanged", "failed"] as const;
/** How a run of retraining ended. */
export type RetrainOutcome = (typeof RETRAIN_OUTCOMES)[number];

export interface RetrainResult {
  readonly outcome: RetrainOutcome;
  /** The version that was published or refused. */
  readonly version: string | null;
  readonly snapshot_id: string | null;
  /** How far the event log had come. */
  readonly event_seq: number | null;
  readonly reason: string | null;
}

/** A run, under way as long as it has no outcome. */
export interface RetrainRun extends Omit<RetrainResult, "outcome"> {
  readonly outcome: RetrainOutcome | null;
  /** Milliseconds since 1970. */
  readonly started_at: number;
  readonly finished_at: number | null;
}

/** What is known of all runs together. */
export interface RetrainTally {
  /** How many ended in which way. */
  readonly runs: Readonly<Record<RetrainOutcome, number>>;
  /** When the newest one ended that did not fail, in milliseconds since 1970; null where none did. */
  readonly succeeded_at: number | null;
}

/** The runs of retraining, of which there is one at a time over all processes that share the log. */
export interface RetrainLog {
  /**
   * Begins a run, unless one is under way that gave a sign of life at or after `aliveSince`; one that did not has failed.
   * @returns the run's number, or null
   */
  begin(now: number, aliveSince: number): Promise<number | null>;
  /** A sign of life. */
  beat(run: number, now: number): Promise<void>;
  finish(run: number, result: RetrainResult, now: number): Promise<void>;
  /** The newest run. */
  last(): Promise<RetrainRun | null>;
  tally(): Promise<RetrainTally>;
  /** How far the log of events had come at earlier runs: the newest `limit` places after `seq`, ascending. */
  places(seq: number, limit: number): Promise<readonly number[]>;
}
