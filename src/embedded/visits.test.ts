import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { drawVisits, END_MS, START_MS, startOfYear } from "./visits.ts";

const random = seededRandom(11);
const stays = Array.from({ length: 500 }, () => drawVisits(random));

describe("visits", () => {
  it("fall into the two years that end with 2024", () => {
    expect([START_MS, END_MS]).toEqual([Date.parse("2023-01-01T00:00:00Z"), Date.parse("2024-12-31T00:00:00Z")]);
    const outside = stays.flat().filter((time) => !(Number.isInteger(time) && time >= START_MS && time < END_MS));
    expect(outside).toEqual([]);
  });

  it("are 20 to 150 ratings in order of time", () => {
    for (const times of stays) {
      expect(times.length >= 20 && times.length <= 150, String(times.length)).toBe(true);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    const mean = stays.flat().length / stays.length;
    expect(mean).toBeGreaterThan(50);
    expect(mean).toBeLessThan(75);
  });

  it("come in sittings, between which days pass", () => {
    const gaps = stays.flatMap((times) => times.slice(1).map((time, i) => time - times[i]));
    const sameSitting = gaps.filter((gap) => gap < 3 * 3_600_000).length / gaps.length;
    expect(sameSitting).toBeGreaterThan(0.5);
    expect(gaps.filter((gap) => gap > 86_400_000).length / gaps.length).toBeGreaterThan(0.1);
  });

  it("know when a year begins", () => {
    expect(startOfYear(2024)).toBe(Date.parse("2024-01-01T00:00:00Z"));
    expect(startOfYear(1927)).toBe(START_MS);
  });
});
