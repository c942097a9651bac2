import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../base/random.ts";
import { type ArmSample, bootstrapDifferences, p95Of } from "./resampling.ts";
import { waldInterval } from "./two-proportions.ts";

const breathe = async () => {};
const yesOrNo = (conversions: number, users: number): ArmSample => ({
  rates: new Float64Array(users).fill(1, 0, conversions),
  latencies: [],
});

/** Latencies of users, so many each, which hang together: a user is fast or slow. */
function latenciesOf(random: Random, users: number, each: number, base: number) {
  return Array.from({ length: users }, (_, user) => {
    const own = 5 * random.fraction();
    return Array.from({ length: each }, () => ({ user, ms: base + own + random.fraction() }));
  }).flat();
}

describe("bootstrap intervals of a difference", () => {
  test.each([
    [200, 1_000, 260, 1_000],
    [4_000, 20_000, 5_200, 20_000],
  ])("of %i/%i and %i/%i are near those of the normal distribution", async (a, usersA, b, usersB) => {
    const { rate, latencyMs } =
      (await bootstrapDifferences(yesOrNo(a, usersA), yesOrNo(b, usersB), 1, breathe)) ?? expect.unreachable();
    const wald =
      waldInterval({ conversions: a, users: usersA }, { conversions: b, users: usersB }) ?? expect.unreachable();
    const half = (wald[1] - wald[0]) / 2;
    // 10,000 resamples find each end to about 2 % of its distance from the middle.
    expect(Math.abs(rate[0] - wald[0])).toBeLessThan(0.08 * half);
    expect(Math.abs(rate[1] - wald[1])).toBeLessThan(0.08 * half);
    expect(latencyMs).toBeNull();
  });

  test("are the same for the same seed, and others for another one", async () => {
    const [a, b] = [yesOrNo(30, 100), yesOrNo(35, 100)];
    const first = await bootstrapDifferences(a, b, 1, breathe);
    expect(await bootstrapDifferences(a, b, 1, breathe)).toEqual(first);
    expect(await bootstrapDifferences(a, b, 2, breathe)).not.toEqual(first);
  });

  test("are points where all users fared alike", async () => {
    const { rate } = (await bootstrapDifferences(yesOrNo(50, 50), yesOrNo(0, 70), 1, breathe)) ?? expect.unreachable();
    expect(rate).toEqual([-1, -1]);
  });

  test("cannot be told without users", async () => {
    expect(await bootstrapDifferences(yesOrNo(0, 0), yesOrNo(1, 2), 1, breathe)).toBeNull();
  });

  test("of the 95th percentile hold a difference that is there, and 0 where there is none", async () => {
    const random = seededRandom(4);
    const arm = (base: number): ArmSample => ({
      rates: new Float64Array(300).fill(1),
      latencies: latenciesOf(random, 300, 4, base),
    });
    const slower = (await bootstrapDifferences(arm(10), arm(12), 1, breathe))?.latencyMs ?? expect.unreachable();
    expect(slower[0]).toBeGreaterThan(1);
    expect(slower[1]).toBeLessThan(3);
    const same = (await bootstrapDifferences(arm(10), arm(10), 1, breathe))?.latencyMs ?? expect.unreachable();
    expect(same[0]).toBeLessThan(0);
    expect(same[1]).toBeGreaterThan(0);
  });

  test("draw users and not requests, whose own latencies hang together", async () => {
    // 60 users with 20 requests each know less than 1,200 users with one.
    const few = { rates: new Float64Array(60).fill(1), latencies: latenciesOf(seededRandom(6), 60, 20, 10) };
    const many = { rates: new Float64Array(1_200).fill(1), latencies: latenciesOf(seededRandom(6), 1_200, 1, 10) };
    const width = async (arm: ArmSample) => {
      const [low, high] = (await bootstrapDifferences(arm, arm, 1, breathe))?.latencyMs ?? expect.unreachable();
      return high - low;
    };
    expect(await width(few)).toBeGreaterThan(2 * (await width(many)));
  });

  test("cover the truth about 95 times in 100 where few users have most requests", async () => {
    const random = seededRandom(8);
    const arm = (): ArmSample => ({
      rates: Float64Array.from({ length: 150 }, () => (random.fraction() < 0.3 ? 0.5 * random.fraction() : 1)),
      latencies: [],
    });
    const trials = 60;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { rate } = (await bootstrapDifferences(arm(), arm(), trial, breathe)) ?? expect.unreachable();
      if (rate[0] <= 0 && 0 <= rate[1]) covered++;
    }
    // Binomial with p = 0.95 over 60 trials: deviation 2.8 %.
    expect(covered / trials).toBeGreaterThan(0.87);
  });

  test("let others have their turn", async () => {
    let turns = 0;
    await bootstrapDifferences(yesOrNo(1, 2), yesOrNo(1, 2), 1, async () => void turns++);
    expect(turns).toBeGreaterThan(50);
  });
});

describe("the 95th percentile", () => {
  const of = (...values: readonly number[]) => p95Of(values.map((ms) => ({ user: 0, ms })));

  test("is by nearest rank", () => {
    expect(of(...Array.from({ length: 20 }, (_, place) => 20 - place))).toBe(19);
    expect(of(...Array.from({ length: 100 }, (_, place) => place + 1))).toBe(95);
    expect(of(3)).toBe(3);
    expect(of()).toBeNull();
  });
});
