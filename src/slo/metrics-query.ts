/** One scraped value. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** A span of time in milliseconds since 1970. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** Where metrics are kept. */
export interface MetricsQuery {
  /**
   * The samples of a selector's series after `start` and up to `end`, as they were scraped and not interpolated, in
   * parts that follow one another in time; each sample once.
   * @throws Error in one line when the store cannot be reached, is none, or refuses the selector
   */
  samples(selector: string, window: TimeWindow): AsyncIterable<readonly Series[]>;
}
