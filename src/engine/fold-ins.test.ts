import { expect, test } from "vitest";
import { type FoldIn, FoldIns } from "./fold-ins.ts";

const foldIn = (seq: number): FoldIn => ({
  seq,
  history: {
    item: Int32Array.of(1),
    value: Float32Array.of(1),
    count: Int32Array.of(1),
    time: Float64Array.of(seq),
    later: null,
  },
  weights: Float32Array.of(1),
  factors: Float32Array.of(seq),
});

test("a fold-in is held for the event that it reaches to, and no other", () => {
  const held = new FoldIns();
  const [first, second] = [foldIn(7), foldIn(9)];
  held.set("a", 7, first);
  expect([held.get("a", 7), held.get("a", 8), held.get("b", 7)]).toEqual([first, undefined, undefined]);
  held.set("a", 9, second);
  expect([held.get("a", 7), held.get("a", 9)]).toEqual([undefined, second]);
});

test("that nothing is known of a user's events is held too", () => {
  const held = new FoldIns();
  held.set("a", 7, null);
  expect([held.get("a", 7), held.get("a", 8)]).toEqual([null, undefined]);
});

test("a bounded number of users is held, those that were asked for last", () => {
  const held = new FoldIns();
  held.set("kept", 1, null);
  for (let user = 0; user < 10_000; user++) {
    held.set(String(user), 1, null);
    held.get("kept", 1);
  }
  const left = Array.from({ length: 10_000 }, (_, user) => String(user)).filter((id) => held.get(id, 1) === null);
  expect(left).toEqual(Array.from({ length: 4_095 }, (_, place) => String(10_000 - 4_095 + place)));
  expect(held.get("kept", 1)).toBeNull();
});
