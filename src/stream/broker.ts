/** A message as a broker keeps it. */
export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message that was kept. */
export interface Received extends Message {
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export interface Producer {
  /** Resolves when all of them are kept, those of one key in the order given; some may be kept where it fails. */
  send(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

export interface Consumer {
  /**
   * Hands over what comes, batch by batch, and marks a batch as done when `take` has resolved: after a crash it comes
   * again. Ends when `stop` is called, or, with `untilEnd`, when everything that was there at the start has come, to
   * this consumer or to others of its group.
   */
  run(take: (batch: readonly Received[]) => Promise<void>, untilEnd: boolean): Promise<void>;
  /** Lets the batch at hand be finished, and leaves. */
  stop(): Promise<void>;
}

export interface Broker {
  producer(): Promise<Producer>;
  /**
   * A member of a group, which remembers how far it came and shares the partitions among its members.
   * @param instance the member's name, where it has one: after a crash it goes on under it at once, and its partitions
   *   are not given to others first
   */
  consumer(group: string, topics: readonly string[], instance: string | null): Promise<Consumer>;
  /** Makes the topics that there are not. */
  ensureTopics(topics: readonly string[]): Promise<void>;
}
