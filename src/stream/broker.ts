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
}

export interface Producer {
  /** Resolves when all of them are kept, those of one key in the order given; some may be kept where it fails. */
  send(messages: readonly Message[]): Promise<void>;
  close(): Promise<void>;
}

export interface Consumer {
  /**
   * Hands over what comes, batch by batch, and marks a batch as done when `take` has resolved: after a crash it comes
   * again. Ends when `stop` is called, or, with `untilEnd`, when everything that was there at the start has come.
   */
  run(take: (batch: readonly Received[]) => Promise<void>, untilEnd: boolean): Promise<void>;
  stop(): Promise<void>;
}

export interface Broker {
  producer(): Promise<Producer>;
  consumer(group: string, topics: readonly string[]): Promise<Consumer>;
  /** Makes the topics that there are not. */
  ensureTopics(topics: readonly string[]): Promise<void>;
}
