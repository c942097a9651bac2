import { describe, expect, test } from "vitest";
import { type ExposureSlice, type ExposureStretch, MAX_LOT } from "../provenance/trace.ts";
import { MAX_LATENCIES, MAX_REQUESTS, readExposures } from "./exposures.ts";

const STRETCH = { from: 0, to: 100, revision: 7 };
const breathe = async () => {};

/** A store that gives these slices, and notes what it was asked. */
function storeOf(...slices: readonly ExposureSlice[]) {
  const asked: ExposureStretch[] = [];
  const exposures = async (stretch: ExposureStretch) => slices[asked.push(stretch) - 1] ?? expect.unreachable();
  return { asked, exposures };
}

const user = (variant: string, user_id: string, requests: number, successes: number) => ({
  variant,
  user_id,
  requests,
  successes,
});
const time = (variant: string, user_id: string, latency_ms: number, lot: number) => ({
  variant,
  user_id,
  latency_ms,
  lot,
});

describe("reading exposures", () => {
  test("joins what a user did in several slices", async () => {
    const store = storeOf(
      { from: 60, users: [user("variant_A", "1", 3, 3), user("variant_B", "2", 1, 0)], latencies: [] },
      {
        from: 0,
        users: [user("variant_A", "3", 1, 1), user("variant_A", "1", 1, 0)],
        latencies: [time("variant_A", "1", 2.5, 9)],
      },
    );
    const { variant_A: a, variant_B: b, from } = await readExposures(store, STRETCH, breathe);
    expect(from).toBe(0);
    expect({ ...a, rates: [...a.rates] }).toEqual({
      requests: 5,
      successes: 4,
      rates: [0.75, 1],
      latencies: [{ user: 0, ms: 2.5, lot: 9 }],
      sampled: false,
    });
    expect({ ...b, rates: [...b.rates] }).toEqual({
      requests: 1,
      successes: 0,
      rates: [0],
      latencies: [],
      sampled: false,
    });
    expect(store.asked.map(({ to }) => to)).toEqual([100, 60]);
    expect(store.asked[0]).toMatchObject({ ...STRETCH, lotsBelow: { variant_A: MAX_LOT, variant_B: MAX_LOT } });
  });

  test("ends when it has counted enough requests, and says where", async () => {
    const store = storeOf(
      { from: 90, users: [user("variant_A", "1", MAX_REQUESTS - 1, 0)], latencies: [] },
      { from: 80, users: [user("variant_B", "2", 1, 1)], latencies: [] },
    );
    const { from, variant_B: b } = await readExposures(store, STRETCH, breathe);
    expect([from, b.requests, store.asked.length]).toEqual([80, 1, 2]);
  });

  test("keeps the latencies with the lowest lots, and asks for no higher ones", async () => {
    const some = (from: number, lots: readonly number[]): ExposureSlice => ({
      from,
      users: [user("variant_A", "1", lots.length, lots.length)],
      latencies: lots.map((lot) => time("variant_A", "1", lot, lot)),
    });
    const even = Array.from({ length: MAX_LATENCIES }, (_, place) => 2 * place);
    const store = storeOf(some(50, [...even].reverse()), some(20, [1, 3]), some(0, [5]));
    const { variant_A: a } = await readExposures(store, STRETCH, breathe);
    const kept = a.latencies.map(({ ms }) => ms).sort((x, y) => x - y);
    expect(kept.length).toBe(MAX_LATENCIES);
    expect(kept.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(a.sampled).toBe(true);
    const asked = store.asked.map(({ lotsBelow }) => lotsBelow.variant_A);
    expect(asked).toEqual([MAX_LOT, MAX_LOT, 2 * (MAX_LATENCIES - 2)]);
  });

  test("lets others have their turn after each slice", async () => {
    let turns = 0;
    const store = storeOf({ from: 50, users: [], latencies: [] }, { from: 0, users: [], latencies: [] });
    await readExposures(store, STRETCH, async () => void turns++);
    expect(turns).toBe(2);
  });
});
