import { expect, test } from "vitest";
import { gradientSteps, isSolver } from "./solver.ts";

test("a solver is cholesky, or pcg with 1 to 64 steps", () => {
  const texts = ["cholesky", "pcg:1", "pcg:2", "pcg:64"];
  expect(texts.map(isSolver)).toEqual(texts.map(() => true));
  expect(texts.map((text) => isSolver(text) && gradientSteps(text))).toEqual([null, 1, 2, 64]);
});

test.each(["", "cg", "Cholesky", "pcg", "pcg:", "pcg:0", "pcg:02", "pcg:65", "pcg:1.5", "pcg:-1", "pcg:100", " pcg:1"])(
  "%j is no solver",
  (text) => expect(isSolver(text)).toBe(false),
);
