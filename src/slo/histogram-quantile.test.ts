import { describe, expect, test } from "vitest";
import { histogramQuantile } from "./histogram-quantile.ts";

/** `testhistogram` of Prometheus' own tests of `histogram_quantile` (promql/testdata/histograms.test). */
const BUCKETS = new Map([
  [0.1, 5],
  [0.2, 7],
  [1, 11],
  [Number.POSITIVE_INFINITY, 12],
]);

describe("a quantile of a histogram", () => {
  test.each([
    [0, 0],
    [0.2, 0.048],
    [0.5, 0.15],
    [0.8, 0.72],
    [1, 1],
  ])("%d is %d, as Prometheus has it", (quantile, expected) => {
    expect(histogramQuantile(BUCKETS, quantile)).toBeCloseTo(expected, 12);
  });

  test("is null where nothing was counted, or the last bucket is missing", () => {
    expect(histogramQuantile(new Map(), 0.95)).toBeNull();
    expect(histogramQuantile(new Map([[Number.POSITIVE_INFINITY, 0]]), 0.95)).toBeNull();
    expect(histogramQuantile(new Map([[0.1, 5]]), 0.95)).toBeNull();
  });

  test("is null where there is only the last bucket", () => {
    expect(histogramQuantile(new Map([[Number.POSITIVE_INFINITY, 5]]), 0.95)).toBeNull();
  });
});
