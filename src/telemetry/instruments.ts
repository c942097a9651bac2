import type { CounterName, HistogramName, ObservedName } from "./families.ts";
import type { Labels } from "./reading.ts";

/** One series of a counter. */
export interface Counter {
  add(count: number): void;
}

/** One series of a histogram. */
export interface Histogram {
  /** @param requestId of the request that took so long, for finding its trace */
  record(seconds: number, requestId: string | null): void;
}

/** Says what a metric stands at; of labels that are not said again, nothing is shown any more. */
export type Observe = (family: ObservedName, value: number, labels?: Labels) => void;

/**
 * What measures. A series is asked for once and kept by who uses it, so that a measurement costs no look-up; who asks
 * sees to it that there are only so many, and that no label takes its value from a request. Labels bear the names
 * of the families' table.
 */
export interface Instruments {
  counter(family: CounterName, labels: Labels): Counter;
  histogram(family: HistogramName, labels: Labels): Histogram;
  /** Asks `read` at every reading. One that fails shows nothing and disturbs no other. */
  observe(families: readonly ObservedName[], read: (observe: Observe) => void | Promise<void>): void;
}
