import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign } from "./assignment.ts";
import type { Rollout, Strategy } from "./record.ts";

function rolloutOf(strategy: Strategy, percentage = 0): Rollout {
  return {
    strategy,
    primary_version: "v0.1",
    canary_version: strategy === "fixed" ? null : "v0.2",
    canary_percentage: percentage,
    environment: "test",
  };
}

const MILLION = Array.from({ length: 1_000_000 }, (_, id) => String(id));
const shareOfCanary = (rollout: Rollout, ids: readonly string[]) =>
  ids.filter((id) => assign(rollout, id).version === "v0.2").length / ids.length;

describe("assigning a million integer ids", () => {
  test.each([0, 1, 12.5, 50, 99, 100])(
    "a canary of %d %% gets exactly the ids whose last two digits are below it",
    (percentage) => {
      const rollout = rolloutOf("canary", percentage);
      for (const id of MILLION) {
        const expected = Number(id) % 100 < percentage;
        if (assign(rollout, id).variant !== (expected ? "variant_B" : "variant_A")) throw new Error(`id ${id}`);
      }
      expect(shareOfCanary(rollout, MILLION)).toBe(Math.ceil(percentage) / 100);
    },
  );

  test("ab_test gives even ids the canary and odd ids the primary", () => {
    for (const id of MILLION) {
      const even = Number(id) % 2 === 0;
      const { version, variant } = assign(rolloutOf("ab_test"), id);
      if (version !== (even ? "v0.2" : "v0.1") || variant !== (even ? "variant_B" : "variant_A"))
        throw new Error(`id ${id}`);
    }
  });

  test.each(["fixed", "shadow"] as const)("%s gives everyone the primary, in no arm", (strategy) => {
    const others = MILLION.filter((id) => {
      const { version, variant } = assign(rolloutOf(strategy, 100), id);
      return version !== "v0.1" || variant !== null;
    });
    expect(others).toEqual([]);
  });
});

describe("assigning other ids", () => {
  test("goes by the first eight bytes of their SHA-256, big-endian", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), fc.integer({ min: 0, max: 100 }), (id, percentage) => {
        fc.pre(!/^(0|[1-9][0-9]*)$/.test(id));
        const number = createHash("sha256").update(id, "utf8").digest().readBigUInt64BE(0);
        const expected = Number(number % 100n) < percentage ? "variant_B" : "variant_A";
        expect(assign(rolloutOf("canary", percentage), id).variant).toBe(expected);
      }),
    );
  });

  test.each(["007", "1.5", "-1", "9007199254740992", "٣"])(
    "takes %s for text, because it is no canonical integer",
    (id) => {
      const number = createHash("sha256").update(id, "utf8").digest().readBigUInt64BE(0);
      expect(assign(rolloutOf("ab_test"), id).variant).toBe(number % 2n === 0n ? "variant_B" : "variant_A");
    },
  );

  test("spreads them about evenly", () => {
    const ids = MILLION.slice(0, 100_000).map((id) => `user-${id}`);
    expect(shareOfCanary(rolloutOf("ab_test"), ids)).toBeCloseTo(0.5, 2);
    expect(shareOfCanary(rolloutOf("canary", 10), ids)).toBeCloseTo(0.1, 2);
  });
});

test("raising a canary's percentage never moves a user out of it", () => {
  const id = fc.oneof(fc.nat().map(String), fc.string({ minLength: 1 }));
  const percentage = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(id, percentage, percentage, (user, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const before = assign(rolloutOf("canary", low), user).variant;
      const after = assign(rolloutOf("canary", high), user).variant;
      expect(before === "variant_B" && after === "variant_A").toBe(false);
    }),
  );
});
