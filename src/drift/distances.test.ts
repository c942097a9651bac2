import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distances } from "./distances.ts";

const found = (reference: readonly number[], current: readonly number[]) =>
  distances(reference, current) ?? expect.unreachable();

const counts = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 12 });
const pair = fc.integer({ min: 1, max: 12 }).chain((bins) => {
  const side = fc.array(fc.nat(1_000), { minLength: bins, maxLength: bins }).filter((all) => all.some((n) => n > 0));
  return fc.tuple(side, side);
});

describe("distances", () => {
  test("of a known case are those of the definitions", () => {
    // By hand: .2 ln 2 + .3 ln .75; and (.1)(ln 2) + (−.1)(ln .75).
    const { psi, kl, tv, chi2, df } = found([10, 40, 50], [20, 30, 50]);
    expect(kl).toBeCloseTo(0.0523248, 7);
    expect(psi).toBeCloseTo(0.0980829, 7);
    expect(tv).toBeCloseTo(0.1, 12);
    // (10 − 15)²/15 twice and (40 − 35)²/35 twice.
    expect(chi2).toBeCloseTo(2 * (25 / 15) + 2 * (25 / 35), 12);
    expect(df).toBe(2);
  });

  test("of shares are those of counts, but for what needs a sample size", () => {
    const { chi2, ...ofShares } = found([0.1, 0.4, 0.5], [0.2, 0.3, 0.5]);
    const { chi2: _, ...ofCounts } = found([10, 40, 50], [20, 30, 50]);
    expect(chi2).toBeNull();
    for (const [name, value] of Object.entries(ofCounts)) expect(ofShares[name as "psi"]).toBeCloseTo(value, 12);
  });

  test("of an empty bin count half a unit of the smaller sample there, and smooth no other", () => {
    const { psi, kl } = found([0, 500, 500], [10, 45, 45]);
    const total = 1 + 0.005;
    const [q0, q1] = [0.005 / total, 0.5 / total];
    expect(kl).toBeCloseTo(0.1 * Math.log(0.1 / q0) + 0.9 * Math.log(0.45 / q1), 12);
    expect(psi).toBeCloseTo((0.1 - q0) * Math.log(0.1 / q0) + 2 * (0.45 - q1) * Math.log(0.45 / q1), 12);
  });

  test("are not changed by bins that both leave empty", () => {
    expect(found([10, 0, 40, 0, 50], [20, 0, 30, 0, 50])).toEqual(found([10, 40, 50], [20, 30, 50]));
  });

  test("cannot be told where a side is empty", () => {
    expect(distances([0, 0], [1, 2])).toBeNull();
    expect(distances([1, 2], [0, 0])).toBeNull();
    expect(distances([], [])).toBeNull();
  });

  test("of a distribution from itself, in other numbers, are 0", () => {
    fc.assert(
      fc.property(
        counts.filter((all) => all.some((n) => n > 0)),
        (side) => {
          const { psi, kl, js, tv, chi2 } = found(
            side,
            side.map((n) => 3 * n),
          );
          for (const distance of [psi, kl, js, tv, chi2]) expect(distance).toBeCloseTo(0, 9);
        },
      ),
    );
  });

  test("are finite and within their bounds, and but for KL the same both ways", () => {
    fc.assert(
      fc.property(pair, ([reference, current]) => {
        const forth = found(reference, current);
        const back = found(current, reference);
        for (const value of Object.values(forth)) expect(Number.isFinite(value)).toBe(true);
        expect(forth.psi).toBeCloseTo(forth.kl + back.kl, 9);
        for (const name of ["psi", "js", "tv", "chi2", "df"] as const) {
          expect(back[name]).toBeCloseTo(forth[name] as number, 6);
        }
        expect(forth.js).toBeLessThanOrEqual(Math.LN2 + 1e-12);
        expect(forth.js_distance).toBeCloseTo(Math.sqrt(forth.js), 12);
        // Pinsker's inequality bounds the share that moved by the divergence (for unsmoothed shares).
        expect(forth.tv ** 2).toBeLessThanOrEqual(2 * forth.js + 1e-12);
      }),
    );
  });
});
