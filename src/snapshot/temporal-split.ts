import { release } from "../base/release.ts";
import type { Snapshot } from "./snapshot.ts";

/** A snapshot cut into what was known and what came after; one byte an interaction, 1 where it belongs to that part. */
export interface TemporalSplit {
  /** By one instant for all users, or within each user's own order where the times do not allow that. */
  readonly kind: "global-time" | "per-user-order";
  /** Where one instant splits: it, in milliseconds since 1970; all that is older trains. */
  readonly instant: number | null;
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

/**
 * Splits off the newest `testShare` of the interactions: all that happened at or after one instant, or, where a time is
 * unknown or all fall together, the newest of each user, who keeps at least one.
 */
export function temporalSplit(snapshot: Snapshot, testShare: number): TemporalSplit {
  return byInstant(snapshot, testShare) ?? byUserOrder(snapshot, testShare);
}

function byInstant({ interactions: { time, length } }: Snapshot, testShare: number): TemporalSplit | null {
  if (length === 0 || time.some(Number.isNaN)) return null;
  const sorted = time.slice().sort();
  const instant = sorted[Math.floor(length * (1 - testShare))] as number;
  if (sorted[0] === instant) return null;
  release(sorted);
  // A loop: with a mapping, `from` first holds all of its results as a list.
  const test = new Uint8Array(length);
  for (let at = 0; at < length; at++) if ((time[at] as number) >= instant) test[at] = 1;
  return { kind: "global-time", instant, train: test.map((flag) => 1 - flag), test };
}

function byUserOrder({ users, interactions: { user, length } }: Snapshot, testShare: number): TemporalSplit {
  const test = new Uint8Array(length);
  for (let row = 0, from = 0; row < users.length; row++) {
    let to = from;
    while (to < length && user[to] === row) to++;
    test.fill(1, to - Math.floor((to - from) * testShare), to);
    from = to;
  }
  return { kind: "per-user-order", instant: null, train: test.map((flag) => 1 - flag), test };
}
