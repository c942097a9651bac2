import type { TimeWindow } from "../slo/metrics-query.ts";

const HOUR_MS = 3_600_000;
export const REQUIRED_AVAILABILITY = 70;
export const REQUIRED_UPDATES = 2;

/** The spans of time that evidence is about, which hang on the date of submission. */
export interface EvidenceWindows {
  /** 72 hours before the submission. */
  readonly before: TimeWindow;
  /** 144 hours after it. */
  readonly after: TimeWindow;
  /** What model updates are looked for in: both. */
  readonly updates: TimeWindow;
}

/** @param submission milliseconds since 1970 */
export function evidenceWindows(submission: number): EvidenceWindows {
  const before = { start: submission - 72 * HOUR_MS, end: submission };
  const after = { start: submission, end: submission + 144 * HOUR_MS };
  return { before, after, updates: { start: before.start, end: after.end } };
}

/** The part of a window that has been, or null where none has. */
export function pastOf({ start, end }: TimeWindow, now: number): TimeWindow | null {
  return now <= start ? null : { start, end: Math.min(end, now) };
}

export function hasEnded({ end }: TimeWindow, now: number): boolean {
  return now >= end;
}
