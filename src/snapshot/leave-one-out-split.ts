import type { Snapshot } from "./snapshot.ts";

/** One byte an interaction, 1 where it belongs to that part. */
export interface LeaveOneOutSplit {
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

/** Splits off the newest interaction of each user who has at least two. */
export function leaveOneOutSplit({ interactions: { user, length } }: Snapshot): LeaveOneOutSplit {
  const test = new Uint8Array(length);
  for (let at = 1; at < length; at++) {
    const isLast = at + 1 === length || user[at + 1] !== user[at];
    if (isLast && user[at - 1] === user[at]) test[at] = 1;
  }
  return { train: test.map((flag) => 1 - flag), test };
}
