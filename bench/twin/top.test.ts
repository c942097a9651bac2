import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import { dots } from "./dots.ts";
import { top } from "./top.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));
const core = instantiateCore(module);
const parameters = { unobservedWeight: 0.1, regularization: 0.01, regularizationExponent: 1 };

test("the list of any scores, ties and masks included, is that of the core", () => {
  const space = new FactorSpace(core, new Float32Array(1), 1, { ...parameters, factors: 1 });
  // Few different values make many ties.
  const scores = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 20 }), (entries, k) => {
      const values = Float32Array.from(entries, ([score]) => score / 3);
      const excluded = Uint8Array.from(entries, ([, isExcluded]) => (isExcluded ? 1 : 0));
      expect(top(values, k, excluded)).toEqual(space.topOf(values, k, excluded));
    }),
  );
});

test.each([1, 7, 8, 9, 100])("the dot products with %i rows are those of the core but for rounding", (rows) => {
  const factors = 20;
  const matrix = normalRows(core, 1, "item", rows, factors, 1);
  const query = normalRows(core, 1, "user", 1, factors, 1);
  const scores = new Float32Array(rows);
  dots(query, matrix, scores);
  const ranking = new FactorSpace(core, matrix, rows, { ...parameters, factors }).top(query, rows, null);
  expect(ranking.rows.length).toBe(rows);
  for (const [place, row] of ranking.rows.entries()) expect(scores[row]).toBeCloseTo(ranking.scores[place], 4);
});
