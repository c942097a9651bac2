import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../base/random.ts";
import { compareProportions } from "./comparison.ts";
import { decide } from "./decision.ts";
import { MINIMUM_USERS } from "./rules.ts";
import { type Proportion, zTest } from "./two-proportions.ts";

interface Given {
  readonly share?: number | null;
  readonly doubts?: readonly string[];
  readonly tooEarly?: string | null;
}

function decided(a: Proportion, b: Proportion, { share = 0.5, doubts = [], tooEarly = null }: Given = {}) {
  return decide({ ...compareProportions(a, b, share), doubts, tooEarly });
}

const arm = (conversions: number, users: number): Proportion => ({ conversions, users });

describe("the decision", () => {
  test.each([
    ["ship_variant_b", arm(200, 1_000), arm(260, 1_000), /unlikely to be chance/],
    ["ship_variant_a", arm(260, 1_000), arm(200, 1_000), /unlikely to be chance/],
    ["ship_variant_b", arm(1_275, 1_500), arm(1_350, 1_500), /at least the 1.00 percentage points/],
    ["no_difference", arm(2_000, 2_000), arm(2_000, 2_000), /no variance/],
    ["no_difference", arm(1_990, 2_000), arm(1_989, 2_000), /a difference that matters is excluded/],
    // Significant, and too small to matter.
    ["no_difference", arm(50_000, 100_000), arm(50_480, 100_000), /a difference that matters is excluded/],
    ["inconclusive", arm(500, 1_000), arm(510, 1_000), /not excluded/],
    ["inconclusive", arm(10_000, 20_000), arm(10_196, 20_000), /smaller than .* reaches beyond/],
    ["inconclusive", arm(200, 999), arm(900, 999), /999 users, and 1000 are needed/],
    ["inconclusive", arm(0, 0), arm(0, 0), /variant_A has 0 users/],
    ["inconclusive", arm(2_000, 4_000), arm(3_000, 4_400), /did not come to the arms as they were meant to/],
  ])("is %s for %j and %j", (decision, a, b, reason) => {
    const { reasons, recommendation, ...verdict } = decided(a, b);
    expect(verdict.decision).toBe(decision);
    expect(reasons.join("\n")).toMatch(reason);
    expect(reasons.at(-1)).toMatch(/one look/);
    expect(recommendation).toMatch(/\.$/);
  });

  test("goes by the split that was set up", () => {
    const [a, b] = [arm(1_800, 9_000), arm(300, 1_000)];
    expect(decided(a, b).decision).toBe("inconclusive");
    expect(decided(a, b, { share: 0.1 }).decision).toBe("ship_variant_b");
  });

  test("is inconclusive where there is a doubt", () => {
    const { decision, reasons } = decided(arm(200, 1_000), arm(260, 1_000), { doubts: ["Nothing is live."] });
    expect([decision, reasons[0]]).toEqual(["inconclusive", "Nothing is live."]);
  });

  test("to ship waits until the window is over, and that there is no difference does not", () => {
    const early = { tooEarly: "The window is not over." };
    const { decision, reasons } = decided(arm(200, 1_000), arm(260, 1_000), early);
    expect([decision, reasons[0]]).toEqual(["inconclusive", early.tooEarly]);
    expect(decided(arm(2_000, 2_000), arm(2_000, 2_000), early).decision).toBe("no_difference");
  });
});

/** A user with a rate of their own, and for some very many requests. */
function meets(random: Random): { readonly requests: number; readonly successes: number } {
  const own = 0.5 + 0.5 * random.fraction();
  const requests = Math.min(200, Math.floor(1 / (1 - random.fraction())));
  let successes = 0;
  for (let request = 0; request < requests; request++) if (random.fraction() < own) successes++;
  return { requests, successes };
}

describe("with arms that do not differ, by simulation", () => {
  const trials = 1_000;

  test.each([0.05, 0.5])("a version is shipped for a rate of %f no oftener than the test allows", (rate) => {
    const random = seededRandom(21);
    const draw = (): Proportion => {
      let conversions = 0;
      for (let user = 0; user < MINIMUM_USERS; user++) if (random.fraction() < rate) conversions++;
      return arm(conversions, MINIMUM_USERS);
    };
    let shipped = 0;
    for (let trial = 0; trial < trials; trial++) if (decided(draw(), draw()).decision.startsWith("ship")) shipped++;
    // Binomial with p = 0.05 over 1,000 trials: deviation 0.7 %.
    expect(shipped / trials).toBeLessThan(0.065);
    expect(shipped).toBeGreaterThan(0);
  });

  test("looking ten times as users come ships oftener than looking once", () => {
    const random = seededRandom(23);
    let [once, atAnyLook] = [0, 0];
    for (let trial = 0; trial < 500; trial++) {
      const [a, b] = [
        { users: 0, conversions: 0 },
        { users: 0, conversions: 0 },
      ];
      const looks = Array.from({ length: 10 }, () => {
        for (const each of [a, b]) {
          for (let user = 0; user < MINIMUM_USERS; user++) if (random.fraction() < 0.2) each.conversions++;
          each.users += MINIMUM_USERS;
        }
        return decided(a, b).decision.startsWith("ship");
      });
      if (looks.at(-1)) once++;
      if (looks.some(Boolean)) atAnyLook++;
    }
    expect(once / 500).toBeLessThan(0.065);
    expect(atAnyLook / 500).toBeGreaterThan(2 * 0.05);
  });

  test("users with very many requests make it no oftener, as counting requests would", () => {
    const random = seededRandom(22);
    const draw = () => {
      const sum = { rates: 0, requests: 0, successes: 0 };
      for (let user = 0; user < MINIMUM_USERS; user++) {
        const { requests, successes } = meets(random);
        sum.rates += successes / requests;
        sum.requests += requests;
        sum.successes += successes;
      }
      return sum;
    };
    let [byUser, byRequest] = [0, 0];
    for (let trial = 0; trial < 400; trial++) {
      const [a, b] = [draw(), draw()];
      if (decided(arm(a.rates, MINIMUM_USERS), arm(b.rates, MINIMUM_USERS)).decision.startsWith("ship")) byUser++;
      const naive = zTest(arm(a.successes, a.requests), arm(b.successes, b.requests));
      if (naive !== null && naive.p < 0.05) byRequest++;
    }
    expect(byUser / 400).toBeLessThan(0.07);
    expect(byRequest / 400).toBeGreaterThan(0.15);
  });
});
