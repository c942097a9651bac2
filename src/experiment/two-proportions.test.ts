import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { newcombeInterval, type Proportion, waldInterval, zTest } from "./two-proportions.ts";

const arm = (conversions: number, users: number): Proportion => ({ conversions, users });

const arms = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), fc.nat(5_000), fc.nat(5_000))
  .map(([usersA, usersB, a, b]) => [arm(Math.min(a, usersA), usersA), arm(Math.min(b, usersB), usersB)] as const);

describe("the z-test of two proportions", () => {
  // proportions_ztest of statsmodels 0.14.
  test.each([
    [arm(200, 1_000), arm(260, 1_000), 3.188063565, 0.0014322905],
    [arm(1_275, 1_500), arm(1_350, 1_500), 4.1403933561, 0.0000346711],
    [arm(260, 1_000), arm(200, 1_000), -3.188063565, 0.0014322905],
    [arm(7, 50), arm(7, 50), 0, 1],
  ])("of %j and %j", (a, b, z, p) => {
    const result = zTest(a, b) ?? expect.unreachable();
    expect(result.z).toBeCloseTo(z, 9);
    expect(result.p).toBeCloseTo(p, 9);
  });

  test.each([
    [arm(0, 10), arm(0, 20)],
    [arm(10, 10), arm(20, 20)],
    [arm(0, 0), arm(5, 20)],
    [arm(5, 20), arm(0, 0)],
  ])("cannot tell of %j and %j", (a, b) => expect(zTest(a, b)).toBeNull());

  test("changes its sign, and nothing else, with the order of the arms", () => {
    fc.assert(
      fc.property(arms, ([a, b]) => {
        const [there, back] = [zTest(a, b), zTest(b, a)];
        expect(back === null).toBe(there === null);
        expect(back?.z ?? 0).toBeCloseTo(-(there?.z ?? 0), 12);
        expect(back?.p ?? 0).toBeCloseTo(there?.p ?? 0, 12);
      }),
    );
  });
});

describe("intervals of the difference", () => {
  test("are Newcombe's", () => {
    const [low, high] = newcombeInterval(arm(200, 1_000), arm(260, 1_000)) ?? expect.unreachable();
    expect(low).toBeCloseTo(0.0231235, 7);
    expect(high).toBeCloseTo(0.0966861, 7);
    // Newcombe 1998, table II, cases (a) and (h), method 10.
    const [lowA, highA] = newcombeInterval(arm(48, 80), arm(56, 70)) ?? expect.unreachable();
    expect([lowA, highA].map((end) => end.toFixed(4))).toEqual(["0.0524", "0.3339"]);
    const [lowH, highH] = newcombeInterval(arm(0, 10), arm(10, 10)) ?? expect.unreachable();
    expect([lowH, highH].map((end) => end.toFixed(4))).toEqual(["0.6075", "1.0000"]);
  });

  test("are Wald's", () => {
    // Newcombe 1998, table II, case (a), method 1.
    const [low, high] = waldInterval(arm(48, 80), arm(56, 70)) ?? expect.unreachable();
    expect([low, high].map((end) => end.toFixed(4))).toEqual(["0.0575", "0.3425"]);
    expect(waldInterval(arm(10, 10), arm(20, 20))).toEqual([0, 0]);
  });

  test("cannot be told without users", () => {
    expect(newcombeInterval(arm(0, 0), arm(1, 2))).toBeNull();
    expect(waldInterval(arm(1, 2), arm(0, 0))).toBeNull();
  });

  test("of Newcombe hold the difference, lie within -1 and 1, and turn round with the arms", () => {
    fc.assert(
      fc.property(arms, ([a, b]) => {
        const [low, high] = newcombeInterval(a, b) ?? expect.unreachable();
        const difference = b.conversions / b.users - a.conversions / a.users;
        expect(low).toBeLessThanOrEqual(difference + 1e-12);
        expect(high).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        const [lowBack, highBack] = newcombeInterval(b, a) ?? expect.unreachable();
        expect(lowBack).toBeCloseTo(-high, 12);
        expect(highBack).toBeCloseTo(-low, 12);
      }),
    );
  });

  test("of Newcombe cover the truth about 95 times in 100, also near 1 where Wald's do not", () => {
    const random = seededRandom(17);
    const draw = (users: number, rate: number): Proportion => {
      let conversions = 0;
      for (let user = 0; user < users; user++) if (random.fraction() < rate) conversions++;
      return arm(conversions, users);
    };
    const covered = (rateA: number, rateB: number, users: number) => {
      const trials = 2_000;
      const count = { newcombe: 0, wald: 0 };
      for (let trial = 0; trial < trials; trial++) {
        const [a, b] = [draw(users, rateA), draw(users, rateB)];
        const truth = rateB - rateA;
        for (const [name, interval] of [
          ["newcombe", newcombeInterval],
          ["wald", waldInterval],
        ] as const) {
          const [low, high] = interval(a, b) ?? expect.unreachable();
          if (low <= truth && truth <= high) count[name]++;
        }
      }
      return { newcombe: count.newcombe / trials, wald: count.wald / trials };
    };
    // Binomial with p = 0.95 over 2,000 trials: deviation 0.5 %.
    for (const [rateA, rateB] of [
      [0.5, 0.5],
      [0.2, 0.26],
    ]) {
      const middle = covered(rateA, rateB, 200);
      expect(middle.newcombe).toBeGreaterThan(0.935);
      expect(middle.newcombe).toBeLessThan(0.97);
      expect(middle.wald).toBeGreaterThan(0.93);
    }
    const extreme = covered(0.97, 0.99, 40);
    expect(extreme.newcombe).toBeGreaterThan(0.93);
    expect(extreme.wald).toBeLessThan(0.93);
  });
});
