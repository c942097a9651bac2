import { describe, expect, test } from "vitest";
import { openShadowRuns } from "./shadow.ts";

/** Runs that wait until the test lets them go, and a clock that moves 3 ms with each look at it. */
function setUp() {
  const waiting: (() => Promise<void>)[] = [];
  const clock = { now: 0 };
  let time = 0;
  const runs = openShadowRuns(
    (work) => waiting.push(work),
    () => clock.now,
    () => (time += 3),
  );
  /** Lets everything run, one piece of work a turn. */
  const finish = async () => {
    while (waiting.length > 0) {
      if (waiting.length > 1) throw new Error("several comparisons in one turn");
      await waiting.shift()?.();
    }
  };
  return { runs, finish, waiting, clock };
}

describe("shadow runs", () => {
  test("score nothing before the answer is out", async () => {
    const { runs, finish } = setUp();
    let scored = 0;
    runs.add([1], async () => {
      scored++;
      return [1];
    });
    expect(scored).toBe(0);
    await finish();
    expect(scored).toBe(1);
  });

  test("record overlap, rank correlation and latency", async () => {
    const { runs, finish } = setUp();
    runs.add([1, 2, 3, 4], async () => [4, 3, 9, 8]);
    await finish();
    expect(runs.comparisons()).toEqual([{ overlap: 0.5, rankCorrelation: -1, latencyMs: 3 }]);
  });

  test("are dropped and counted when too many wait", async () => {
    const { runs, finish } = setUp();
    for (let n = 0; n < 300; n++) runs.add([1], async () => [1]);
    expect(runs.counts().dropped).toBe(300 - 256);
    await finish();
    runs.add([1], async () => [1]);
    await finish();
    expect(runs.counts()).toEqual({ done: 257, dropped: 44, failed: 0 });
  });

  test("that fail are counted and harm nothing", async () => {
    const { runs, finish } = setUp();
    runs.add([1], async () => {
      throw new Error("no such version");
    });
    await finish();
    expect(runs.counts()).toEqual({ done: 0, dropped: 0, failed: 1 });
    expect(runs.comparisons()).toEqual([]);
  });

  test("go on after a while when one never ends, and one that ends after all does not disturb", async () => {
    const { runs, finish, waiting, clock } = setUp();
    let end = (_: readonly number[]) => {};
    runs.add([1], () => new Promise((resolve) => (end = resolve)));
    const stuck = waiting.shift()?.();
    clock.now = 9_999;
    runs.add([1], async () => [1]);
    await finish();
    expect(runs.counts().done).toBe(0);

    clock.now = 10_000;
    runs.add([1], async () => [1]);
    await finish();
    expect(runs.counts().done).toBe(2);

    runs.add([1], async () => [1]);
    end([1]);
    await stuck;
    expect(waiting).toHaveLength(1);
    await finish();
    expect(runs.counts()).toEqual({ done: 4, dropped: 0, failed: 0 });
  });

  test("go on although a full queue takes no more", async () => {
    const { runs, finish, waiting, clock } = setUp();
    for (let n = 0; n < 257; n++) runs.add([1], () => (n === 0 ? new Promise(() => {}) : Promise.resolve([1])));
    void waiting.shift()?.();
    runs.add([1], async () => [1]);
    expect(waiting).toHaveLength(0);
    clock.now = 10_000;
    runs.add([1], async () => [1]);
    await finish();
    expect(runs.counts()).toEqual({ done: 256, dropped: 2, failed: 0 });
  });

  test("keep the newest thousand", async () => {
    const { runs, finish } = setUp();
    for (let n = 0; n < 1_010; n++) {
      runs.add([n], async () => [n < 10 ? -1 : n]);
      await finish();
    }
    expect(runs.comparisons()).toHaveLength(1_000);
    expect(runs.comparisons().every(({ overlap }) => overlap === 1)).toBe(true);
  });
});
