import { expect, test } from "vitest";
import { randomPool } from "./random-pool.ts";

test("gives as many bytes as are asked for, also more than are drawn at once, and keeps none of them", () => {
  const random = randomPool();
  const given = [10, 4_096, 8_192, 20_000, 10, 0].map((length) => ({ length, bytes: random(length) }));
  for (const { length, bytes } of given) expect(bytes).toHaveLength(length);
  given[0].bytes.fill(0);
  expect(new Set(random(1_000)).size).toBeGreaterThan(100);
});

test("gives no bytes twice", () => {
  const random = randomPool();
  const seen = new Set(Array.from({ length: 5_000 }, () => random(10).join()));
  expect(seen.size).toBe(5_000);
});
