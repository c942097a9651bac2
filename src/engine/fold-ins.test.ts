import { expect, test } from "vitest";
import { type FoldIn, FoldIns } from "./fold-ins.ts";

const foldIn = (seq: number, interactions = 1): FoldIn => ({
  seq,
  history: {
    item: new Int32Array(interactions),
    value: new Float32Array(interactions),
    count: new Int32Array(interactions),
    time: new Float64Array(interactions),
    later: null,
  },
  weights: new Float32Array(interactions),
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

test("those with long histories are bounded by the memory that they take, 24 bytes an interaction", () => {
  const held = new FoldIns();
  const INTERACTIONS = 10_000;
  const users = Array.from({ length: 1_000 }, (_, user) => String(user));
  // Twice each: what takes another's place counts once.
  for (const seq of [1, 2]) for (const user of users) held.set(user, seq, foldIn(seq, INTERACTIONS));
  const left = users.filter((user) => held.get(user, 2) !== undefined);
  expect(left).toEqual(users.slice(-left.length));
  const bytes = left.length * INTERACTIONS * 24;
  expect(bytes).toBeLessThanOrEqual(32 << 20);
  expect(bytes).toBeGreaterThan(31 << 20);
  // They make way for many small ones, and are forgotten whole.
  for (let user = 0; user < 4_096; user++) held.set(`small ${user}`, 1, null);
  expect(Array.from({ length: 4_096 }, (_, user) => held.get(`small ${user}`, 1))).not.toContain(undefined);
});
