import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CounterReader } from "./counter-increases.ts";
import type { Sample, Series } from "./metrics-query.ts";
import { Targets } from "./targets.ts";

const TARGET = { job: "reprise", instance: "a:8080" };
const OK = { ...TARGET, status: "200" };

const series = (labels: Series["labels"], ...values: readonly (readonly [number, number])[]): Series => ({
  labels,
  samples: values.map(([time, value]) => ({ time, value })),
});

/** What counters grew by after `start`, by series told at once. */
function increase(parts: readonly (readonly Series[])[], { start = 0, targets = new Targets() } = {}): number {
  const reader = new CounterReader(targets, start);
  let sum = 0;
  for (const part of parts) for (const { amount } of reader.read(part)) sum += amount;
  return sum;
}

describe("what a counter grew by", () => {
  test("is the difference of its samples, and no more", () => {
    expect(increase([[series(OK, [-10, 100], [5, 103], [20, 103], [35, 110])]])).toBe(10);
  });

  test("counts on where the value drops: the process began anew", () => {
    expect(
      increase([[series(OK, [0, 100], [10, 7], [20, 9]), series({ ...OK, status: "500" }, [0, 3], [10, 3])]]),
    ).toBe(9);
  });

  test("counts on where the process began anew and has passed the old value since", () => {
    const targets = new Targets();
    targets.sawUptime([series(TARGET, [0, 500], [90_000, 60])]);
    expect(increase([[series(OK, [0, 100], [90_000, 130])]], { targets })).toBe(130);
    expect(increase([[series(OK, [0, 100], [90_000, 130])]])).toBe(30);
  });

  test("is not taken anew where the uptime stands still or wavers: only a start after the scrape before is one", () => {
    const targets = new Targets();
    targets.sawUptime([series(TARGET, [60_000, 500], [120_000, 500], [180_000, 515.25], [240_000, 620])]);
    expect(increase([[series(OK, [60_000, 100], [120_000, 101], [180_000, 102], [240_000, 103])]], { targets })).toBe(
      3,
    );
  });

  test("begins at the sample before the window, and leaves out what was before", () => {
    const parts = [[series(OK, [10, 5], [20, 50], [30, 52])]];
    expect(increase(parts, { start: 20 })).toBe(2);
    expect(increase(parts, { start: 19 })).toBe(47);
  });

  test("of a series without an earlier sample is not known, and its first value is where counting begins", () => {
    expect(increase([[series(OK, [10, 1_000], [20, 1_004])]])).toBe(4);
  });

  test("of a series that came up later is all of it, when the target answered before without it", () => {
    const targets = new Targets();
    targets.sawUp([series(TARGET, [5, 1], [10, 1])]);
    expect(increase([[series(OK, [10, 3], [20, 4])]], { targets })).toBe(4);
  });

  test("of a series that came up later is not known, when the target was only scraped in vain before", () => {
    const targets = new Targets();
    targets.sawUp([series(TARGET, [5, 0], [10, 1])]);
    expect(increase([[series(OK, [10, 3], [20, 4])]], { targets })).toBe(1);
  });

  test("of a new process is all of it, when it is known to have started in the window", () => {
    const targets = new Targets();
    targets.sawUptime([series(TARGET, [10_000, 4])]);
    expect(increase([[series(OK, [10_000, 3])]], { targets, start: 0 })).toBe(3);
    expect(increase([[series(OK, [10_000, 3])]], { targets, start: 7_000 })).toBe(0);
  });

  test("is told with the scrapes that it lies between", () => {
    const reader = new CounterReader(new Targets(), 0);
    expect([...reader.read([series(OK, [0, 1], [10, 3])])]).toEqual([{ labels: OK, after: 0, time: 10, amount: 2 }]);
  });

  test("passes over what is no number", () => {
    expect(increase([[series(OK, [0, 1], [10, Number.NaN], [20, 4])]])).toBe(3);
  });
});

/** A process that serves, is scraped every 10 s, and restarts now and then right after a scrape. */
const histories = fc.array(
  fc.record({
    served: fc.nat(50),
    restarts: fc.boolean(),
    /** Whether the scrape was missed; nothing restarts then. */
    missed: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
);

test("all requests are counted, over restarts, missed scrapes and parts of any size", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 20 }), (history, partSize) => {
      let value = 0;
      let startedAt = 0;
      let truth = 0;
      const samples: Sample[] = [{ time: 0, value: 0 }];
      const uptimes: Sample[] = [{ time: 0, value: 0 }];
      for (const [at, { served, restarts, missed }] of history.entries()) {
        const time = (at + 1) * 10_000;
        value += served;
        const isLast = at === history.length - 1;
        truth += served;
        if (missed && !isLast) continue;
        samples.push({ time, value });
        uptimes.push({ time, value: (time - startedAt) / 1000 });
        if (restarts) [value, startedAt] = [0, time + 1];
      }
      const targets = new Targets();
      targets.sawUptime([{ labels: TARGET, samples: uptimes }]);
      const parts: Series[][] = [];
      for (let at = 0; at < samples.length; at += partSize) {
        parts.push([{ labels: OK, samples: samples.slice(at, at + partSize) }]);
      }
      expect(increase(parts, { targets })).toBe(truth);
    }),
  );
});
