import { describe, expect, test } from "vitest";
import {
  type ConversionStore,
  type FollowedUser,
  type FollowUpStretch,
  MAX_OUTCOMES,
  type Outcome,
} from "../provenance/conversion.ts";
import { type ExposureSlice, type ExposureStretch, MAX_LOT } from "../provenance/trace.ts";
import { MAX_LATENCIES, MAX_REQUESTS, readExposures } from "./exposures.ts";

const STRETCH = { from: 0, to: 100, revision: 7 };
const breathe = async () => {};
const NOTHING_CAME: ConversionStore = { followedUsers: async () => [], outcomes: async () => [] };

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
    const { variant_A: a, variant_B: b, from } = await readExposures(store, NOTHING_CAME, STRETCH, breathe);
    expect(from).toBe(0);
    expect({ ...a, rates: [...a.rates] }).toMatchObject({
      requests: 5,
      successes: 4,
      rates: [0.75, 1],
      latencies: [{ user: 0, ms: 2.5, lot: 9 }],
      sampled: false,
    });
    expect({ ...b, rates: [...b.rates] }).toMatchObject({
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
    const { from, variant_B: b } = await readExposures(store, NOTHING_CAME, STRETCH, breathe);
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
    const { variant_A: a } = await readExposures(store, NOTHING_CAME, STRETCH, breathe);
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
    await readExposures(store, NOTHING_CAME, STRETCH, async () => void turns++);
    expect(turns).toBe(4);
  });
});

describe("what users did with their lists", () => {
  const followed = (variant: string, user_id: string, overrides: Partial<FollowedUser> = {}): FollowedUser => ({
    variant,
    user_id,
    unknown: 0,
    has_events: true,
    followed: [],
    ...overrides,
  });

  /** A store that gives these users slice by slice, and says of exposures above 100 that they converted. */
  function conversionsOf(...slices: readonly (readonly FollowedUser[])[]) {
    const asked: FollowUpStretch[] = [];
    const pages: (readonly number[])[] = [];
    const conversions: ConversionStore = {
      followedUsers: async (stretch) => slices[asked.push(stretch) - 1] ?? expect.unreachable(),
      outcomes: async (exposures) => {
        pages.push(exposures);
        return exposures.map((id): Outcome => ({ id, known: id !== 7, converted: id > 100 }));
      },
    };
    return { asked, pages, conversions };
  }

  const readOf = async (
    slices: readonly ExposureSlice["users"][],
    { conversions }: Pick<ReturnType<typeof conversionsOf>, "conversions">,
    turn = breathe,
  ) => {
    const store = storeOf(...slices.map((users, at) => ({ from: 100 - at - 1, users, latencies: [] })));
    const read = await readExposures(store, conversions, { ...STRETCH, from: 100 - slices.length }, turn);
    const { variant_A: a, variant_B: b, hasEvents } = read;
    return { hasEvents, a: { ...a.conversion, rates: [...a.conversion.rates] }, b: [...b.conversion.rates] };
  };

  test("is asked of each slice, with events from the stretch's beginning on", async () => {
    const store = conversionsOf([], []);
    const read = await readOf([[user("variant_A", "1", 1, 1)], [user("variant_B", "2", 1, 1)]], store);
    expect(read).toEqual({ hasEvents: false, a: { rates: [0], unknown: 0 }, b: [0] });
    const day = 24 * 3_600_000;
    expect(store.asked).toEqual([
      { from: 99, to: 100, revision: 7, eventsFrom: 98, windowMs: day },
      { from: 98, to: 99, revision: 7, eventsFrom: 98, windowMs: day },
    ]);
  });

  test("makes of a user one conversion, however many of their lists led to events", async () => {
    const store = conversionsOf(
      [followed("variant_A", "1", { followed: [101, 102] }), followed("variant_B", "2", { followed: [3] })],
      [followed("variant_A", "1", { followed: [5, 103] }), followed("variant_B", "4", { followed: [104] })],
    );
    const first = [user("variant_A", "1", 2, 2), user("variant_A", "3", 1, 1), user("variant_B", "2", 1, 1)];
    const second = [user("variant_A", "1", 2, 2), user("variant_B", "4", 3, 3)];
    const read = await readOf([first, second], store);
    expect(read).toEqual({ hasEvents: true, a: { rates: [1, 0], unknown: 0 }, b: [0, 1] });
  });

  test("leaves out users of whom nothing is known, and counts those of whom something is", async () => {
    const store = conversionsOf([
      followed("variant_A", "1", { unknown: 2, has_events: false }),
      followed("variant_A", "2", { unknown: 1 }),
      followed("variant_A", "3", { unknown: 1, followed: [101] }),
      followed("variant_A", "4", { followed: [7] }),
      followed("variant_A", "5", { unknown: 1, has_events: false }),
    ]);
    const counted = [
      user("variant_A", "1", 2, 2),
      user("variant_A", "2", 2, 2),
      user("variant_A", "3", 2, 2),
      user("variant_A", "4", 1, 1),
      // Two of these failed, so that there was no list to know.
      user("variant_A", "5", 3, 1),
    ];
    const { a } = await readOf([counted], store);
    expect(a).toEqual({ rates: [0, 1, 0], unknown: 6 });
  });

  test("is not asked of users whose exposures came after the counting", async () => {
    const store = conversionsOf([followed("variant_A", "9", { unknown: 1, followed: [101] })]);
    const { a } = await readOf([[user("variant_A", "1", 1, 1)]], store);
    expect(a).toEqual({ rates: [0], unknown: 0 });
  });

  test("is read page by page in the order of keeping, and others have their turn after each", async () => {
    const ids = Array.from({ length: MAX_OUTCOMES + 50 }, (_, at) => at + 1);
    const store = conversionsOf([
      followed("variant_A", "1", { followed: ids.filter((id) => id % 2 === 0) }),
      followed("variant_B", "2", { followed: ids.filter((id) => id % 2 === 1) }),
    ]);
    let turns = 0;
    const counted = [user("variant_A", "1", 200, 200), user("variant_B", "2", 200, 200)];
    await readOf([counted], store, async () => void turns++);
    expect(store.pages).toEqual([ids.slice(0, MAX_OUTCOMES), ids.slice(MAX_OUTCOMES)]);
    expect(turns).toBe(4);
  });
});
