import { expect, test } from "vitest";
import { rowOf } from "./case.ts";
import { interleave } from "./measure.ts";
import { quartilesOf } from "./quartiles.ts";

test("runs alternate, and samples stay in pairs", async () => {
  const order: string[] = [];
  const run = (name: string) => () => order.push(name);
  const done: number[] = [];
  const samples = await interleave({ reprise: run("A"), peer: run("B") }, 3, (runs) => done.push(runs));
  expect(order).toEqual(["A", "B", "A", "B", "A", "B"]);
  expect(samples).toEqual({ reprise: [1, 3, 5], peer: [2, 4, 6] });
  expect(done).toEqual([1, 2, 3]);
});

// Reference: numpy.percentile([1, 2, 4, 8], [25, 50, 75]) with its default method, which is type 7.
test("quartiles interpolate between order statistics", () => {
  expect(quartilesOf([8, 1, 4, 2])).toEqual({ low: 1.75, median: 3, high: 5 });
});

test("one value is its own quartiles", () => {
  expect(quartilesOf([3])).toEqual({ low: 3, median: 3, high: 3 });
});

test("a shorter time gives a ratio above 1, pair by pair", () => {
  const times = { id: "answer", peer: "other", unit: "µs", isRate: false };
  const row = rowOf(times, { reprise: [1, 2, 4], peer: [10, 4, 12] }, "");
  expect(row).toMatchObject({ ratio: 3, low: 2.5, high: 6.5, runs: 3 });
  expect(row.reprise_value.median).toBe(2);
  expect(row.peer_value.median).toBe(10);
});

test("a higher rate gives a ratio above 1", () => {
  const rates = { id: "scan", peer: "bound", unit: "GB/s", isRate: true };
  expect(rowOf(rates, { reprise: [6], peer: [4] }, "").ratio).toBe(1.5);
});
