import { type TestAPI, test } from "vitest";

/** What a test needs of the machine: null when it is there, else what is missing and how to get it, for people. */
export type Missing = string | null;

/** `test`, or one that skips and says why, where something is missing. */
export function testGiven(missing: Missing): TestAPI {
  if (missing === null) return test;
  console.warn(`SKIPPED: ${missing}`);
  return test.skip as TestAPI;
}
