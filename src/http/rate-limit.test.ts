import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HttpError } from "./http-error.ts";
import { rateLimit } from "./rate-limit.ts";

/** A limit on a clock that a test turns, and how many of `count` requests at the present time it lets in. */
function limited(perSecond: number) {
  const clock = { ms: 1_000_000 };
  const admit = rateLimit(perSecond, () => clock.ms);
  const letIn = (client: string | null, count = 1) => {
    let admitted = 0;
    for (let request = 0; request < count; request++) {
      try {
        admit(client);
        admitted++;
      } catch (error) {
        expect(error).toBeInstanceOf(HttpError);
        expect(error).toMatchObject({ status: 429, headers: { "Retry-After": "1" } });
      }
    }
    return admitted;
  };
  return { clock, letIn };
}

describe("a rate limit", () => {
  test("lets a second's worth in at once, and then so many a second", () => {
    const { clock, letIn } = limited(10);
    expect(letIn("a", 15)).toBe(10);
    clock.ms += 100;
    expect(letIn("a", 5)).toBe(1);
    clock.ms += 450;
    expect(letIn("a", 9)).toBe(4);
    clock.ms += 60_000;
    expect(letIn("a", 15)).toBe(10);
  });

  test("never lets in more than twice a second's worth within a second, whenever they come", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), gaps, (perSecond, waits) => {
        const { clock, letIn } = limited(perSecond);
        const times: number[] = [];
        for (const wait of waits) {
          clock.ms += wait;
          if (letIn("a") === 1) times.push(clock.ms);
        }
        for (const [place, from] of times.entries()) {
          const within = times.slice(place).filter((at) => at < from + 1_000).length;
          expect(within).toBeLessThanOrEqual(2 * perSecond);
        }
      }),
    );
  });

  test("counts each client alone, and one without an address as one", () => {
    const { letIn } = limited(3);
    expect([letIn("a", 5), letIn("b", 5), letIn(null, 5)]).toEqual([3, 3, 3]);
  });

  test("bounds all clients together, and the refused ones do not count", () => {
    const { clock, letIn } = limited(2);
    const first = Array.from({ length: 15 }, (_, client) => letIn(`c${client}`, 2));
    expect(first.reduce((sum, count) => sum + count)).toBe(20);
    clock.ms += 1_000;
    expect(letIn("another", 2)).toBe(2);
  });
});
