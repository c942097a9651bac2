import { InputError } from "../base/errors.ts";

/** `vMAJOR.MINOR`; at most six digits each, so a version is a safe file name and compares as numbers. */
const VERSION = /^v(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = numbersOf(a);
  const [bMajor = 0, bMinor = 0] = numbersOf(b);
  return aMajor - bMajor || aMinor - bMinor;
}

/** The version after the newest of these: `v0.1` when there is none. @throws InputError when the numbers are used up. */
export function nextVersion(versions: readonly string[]): string {
  const newest = [...versions].sort(compareVersions).at(-1);
  if (!newest) return "v0.1";
  const [major = 0, minor = 0] = numbersOf(newest);
  const [next, nextMajor] = [`v${major}.${minor + 1}`, `v${major + 1}.0`];
  if (isVersion(next)) return next;
  if (isVersion(nextMajor)) return nextMajor;
  throw InputError.of("version", newest, `no version comes after ${newest}`);
}

function numbersOf(version: string): number[] {
  return VERSION.exec(version)?.slice(1).map(Number) ?? [];
}
