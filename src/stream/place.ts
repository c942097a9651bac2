/** What is published: what was accepted, and what was answered. */
export type OutboxLog = "events" | "answers";

/** The header of a message that says where it stands in the log that it was published from. */
export const PLACE_HEADER = "place";

/** Where a message stands in the log that it was published from: what comes out of order is put in order by it. */
export interface Place {
  readonly log: OutboxLog;
  readonly seq: number;
}

export function placeText({ log, seq }: Place): string {
  return `${log}/${seq}`;
}

/** @returns null for a text that names no place */
export function parsePlace(text: string): Place | null {
  const [, log, seq] = /^(events|answers)\/([1-9][0-9]{0,15})$/.exec(text) ?? [];
  return log === undefined || !Number.isSafeInteger(Number(seq)) ? null : { log: log as OutboxLog, seq: Number(seq) };
}

/** The order of publishing, log by log. */
export function comparePlaces(a: Place, b: Place): number {
  return a.log === b.log ? a.seq - b.seq : a.log < b.log ? -1 : 1;
}
