import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { sampleRatio } from "../../src/experiment/sample-ratio.ts";
import { usersPerArm } from "../../src/experiment/sample-size.ts";
import { newcombeInterval, waldInterval, zTest } from "../../src/experiment/two-proportions.ts";
import { missingPackages, runScript } from "./python.ts";
import { testGiven } from "./requirement.ts";

const PRECISION = 1e-9;
/** Fleiss leaves out, and statsmodels counts, how likely the difference is found on the wrong side. */
const WRONG_SIDE = 2e-6;

const given = testGiven(missingPackages(["scipy", "statsmodels"], ["scipy==1.17.1", "statsmodels==0.15.0"]));

const USERS = [10, 333, 1_000, 20_000];
const SHARES = [0, 0.005, 0.2, 0.5, 0.93, 1];
/** Successes and users of both arms. */
const ARMS = USERS.flatMap((usersA) =>
  USERS.flatMap((usersB) =>
    SHARES.flatMap((a) => SHARES.map((b) => [Math.round(a * usersA), usersA, Math.round(b * usersB), usersB] as const)),
  ),
);
const SPLITS = [0.5, 0.1, 0.01].flatMap((share) =>
  USERS.flatMap((a) => [0, 1, 0.11, 1.04].map((of) => [a, Math.round(of * a), share] as const)),
);
const PLANS = [0.02, 0.1, 0.5, 0.9].flatMap((baseline) =>
  [-0.01, 0.005, 0.02, 0.09].flatMap((change) =>
    [
      [0.8, 0.05],
      [0.95, 0.01],
    ].map(([power, alpha]) => ({ baseline, target: baseline + change, power, alpha })),
  ),
);

interface Theirs {
  readonly arms: readonly {
    readonly z: number | null;
    readonly p: number | null;
    readonly wald: readonly number[];
    readonly newcomb: readonly number[];
  }[];
  readonly splits: readonly { readonly chi2: number; readonly p: number }[];
  readonly powers: readonly (readonly [number, number])[];
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-experiment-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the statistics of experiments agree with SciPy and statsmodels", () => {
  given("over a grid of counts, splits and plans", async () => {
    const path = join(folder, "grid.json");
    const plans = PLANS.map((plan) => [plan.baseline, plan.target, plan.power, plan.alpha, usersPerArm(plan)]);
    await writeFile(path, JSON.stringify({ arms: ARMS, splits: SPLITS, plans }));
    const theirs = JSON.parse(await runScript("experiment.py", path)) as Theirs;

    const close = (ours: readonly (number | null)[], their: readonly (number | null)[], what: string) => {
      const same = ours.every((value, place) => {
        const other = their[place];
        if (value === null || other === null) return value === other;
        return Math.abs(value - other) <= PRECISION * Math.max(1, Math.abs(other));
      });
      expect(same, `${what}: ${ours} beside ${their}`).toBe(true);
    };
    ARMS.forEach(([conversionsA, usersA, conversionsB, usersB], place) => {
      const [a, b] = [
        { conversions: conversionsA, users: usersA },
        { conversions: conversionsB, users: usersB },
      ];
      const { z = null, p = null } = zTest(a, b) ?? {};
      const { wald, newcomb, ...test } = theirs.arms[place];
      close([z, p], [test.z, test.p], `z-test of ${ARMS[place]}`);
      close(waldInterval(a, b) ?? [], wald, `Wald of ${ARMS[place]}`);
      close(newcombeInterval(a, b) ?? [], newcomb, `Newcombe of ${ARMS[place]}`);
    });
    SPLITS.forEach(([a, b, share], place) => {
      const { chi2 = null, p = null } = sampleRatio(a, b, share) ?? {};
      close([chi2, p], [theirs.splits[place].chi2, theirs.splits[place].p], `split ${SPLITS[place]}`);
    });
    PLANS.forEach((plan, place) => {
      const [enough, oneLess] = theirs.powers[place];
      expect(enough, JSON.stringify(plan)).toBeGreaterThanOrEqual(plan.power - PRECISION);
      expect(oneLess, JSON.stringify(plan)).toBeLessThan(plan.power + WRONG_SIDE);
    });
    expect(theirs.arms.length).toBeGreaterThan(500);
  });
});
