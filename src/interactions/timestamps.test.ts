import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTimestamp, parseUnixSeconds } from "./timestamps.ts";

describe("parseUnixSeconds", () => {
  test("takes whole seconds only", () => {
    expect(parseUnixSeconds("964982703")).toBe(964_982_703_000);
    expect(parseUnixSeconds("0")).toBe(0);
    for (const text of ["", "-1", "1.5", "1e9", "0x10", " 1", "2000-01-01", "9999999999999"]) {
      expect(parseUnixSeconds(text)).toBeNull();
    }
  });
});

describe("parseTimestamp", () => {
  test.each([
    ["99999999999", 99_999_999_999_000],
    ["100000000000", 100_000_000_000],
    ["1763596800000", 1_763_596_800_000],
    ["2025-11-20", Date.UTC(2025, 10, 20)],
    ["2025-11-20 07:05", Date.UTC(2025, 10, 20, 7, 5)],
    ["2025-11-20T07:05:09", Date.UTC(2025, 10, 20, 7, 5, 9)],
    ["2025-11-20T07:05:09.5Z", Date.UTC(2025, 10, 20, 7, 5, 9, 500)],
    ["2025-11-20T07:05:09.123999Z", Date.UTC(2025, 10, 20, 7, 5, 9, 123)],
    ["2025-11-20T07:05:09+05:30", Date.UTC(2025, 10, 20, 1, 35, 9)],
    ["2025-11-20T07:05:09-0800", Date.UTC(2025, 10, 20, 15, 5, 9)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["0001-01-01", -62_135_596_800_000],
  ])("reads %s", (text, ms) => {
    expect(parseTimestamp(text)).toBe(ms);
  });

  test.each([
    "",
    "yesterday",
    "2024-170-14T15:20:53",
    "2025-02-29",
    "2025-13-01",
    "2025-11-20T24:00",
    "2025-11-20T07",
    "2025-11-20T07:60",
    "2025-11-20T07:05:09+25:00",
    "-5",
    "1.5",
    "9000000000000000",
  ])("refuses %j", (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  test("gives back any time printed in ISO 8601", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
