/** The range of ECMAScript's time values, in milliseconds either side of 1970. */
export const MAX_TIME_MS = 8.64e15;
/** From here on an integer counts milliseconds: in seconds it would be the year 5138, in milliseconds it is 1973. */
const FIRST_MILLISECONDS = 1e11;

const DIGITS = /^[0-9]{1,16}$/;
const ISO_8601 =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?$/;

/** Whole Unix seconds as milliseconds, or null when `text` is anything else. */
export function parseUnixSeconds(text: string): number | null {
  if (!DIGITS.test(text)) return null;
  const ms = Number(text) * 1000;
  return ms <= MAX_TIME_MS ? ms : null;
}

/**
 * Milliseconds since 1970, or null when `text` is no time. Whole numbers below 1e11 are Unix seconds, from there on
 * milliseconds. Otherwise a calendar date or date and time of ISO 8601; without a zone it is UTC, and digits beyond
 * milliseconds are cut off.
 */
export function parseTimestamp(text: string): number | null {
  if (!DIGITS.test(text)) return parseIso8601(text);
  const number = Number(text);
  if (number < FIRST_MILLISECONDS) return number * 1000;
  return number <= MAX_TIME_MS ? number : null;
}

function parseIso8601(text: string): number | null {
  const match = ISO_8601.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const offset = offsetMinutes(match[8]);
  if (offset === null || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A date that does not exist, such as 30 February, comes back as another.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
}

function offsetMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
}
