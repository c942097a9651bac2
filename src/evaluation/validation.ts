import { partOf } from "../snapshot/part.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type Split, splitOf } from "./evaluate.ts";

/** What hyperparameters may be chosen by. */
export interface Validation {
  /** What trains under the protocol; nothing of what tests is in it. */
  readonly part: Snapshot;
  /** The part, cut once more as the protocol cuts the whole: its later end validates. */
  readonly split: Split;
}

/** Leaves out what `evaluate` and the gate test on, and cuts a validation split from the rest. */
export function validationOf(snapshot: Snapshot, protocol: Split["protocol"], testShare: number): Validation {
  const part = partOf(snapshot, splitOf(protocol, snapshot, testShare).train);
  return { part, split: splitOf(protocol, part, testShare) };
}
