import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import { ClusteredCounts } from "./clustered-counts.ts";

function counted(clusters: readonly (readonly number[])[], bins: number) {
  const counts = new ClusteredCounts(bins);
  for (const cluster of clusters) {
    for (const bin of cluster) counts.add(bin);
    counts.close();
  }
  return counts.result();
}

const random = seededRandom(7);

describe("counts in clusters", () => {
  test("are all that was added", () => {
    expect(counted([[0, 1, 1], [], [2]], 4).counts).toEqual([1, 2, 1, 0]);
  });

  test("tell about as much as their size where clusters do not matter", () => {
    const clusters = Array.from({ length: 2_000 }, () => Array.from({ length: 5 }, () => random.below(4)));
    const { effectiveN } = counted(clusters, 4);
    expect(effectiveN).toBeGreaterThan(9_000);
    expect(effectiveN).toBeLessThanOrEqual(10_000);
  });

  test("tell as much as one of each cluster where all of a cluster is the same", () => {
    const clusters = Array.from({ length: 2_000 }, () => new Array<number>(5).fill(random.below(4)));
    const { effectiveN } = counted(clusters, 4);
    expect(effectiveN / 2_000).toBeGreaterThan(0.95);
    expect(effectiveN / 2_000).toBeLessThan(1.05);
  });

  test("tell nearly nothing where one cluster is most of it", () => {
    const others = Array.from({ length: 100 }, () => [random.below(4)]);
    expect(counted([new Array<number>(10_000).fill(3), ...others], 4).effectiveN).toBeLessThan(10);
    expect(counted([[0, 1, 2, 3, 3, 3]], 4).effectiveN).toBe(1);
    expect(counted([], 4)).toEqual({ counts: [0, 0, 0, 0], effectiveN: 0 });
  });

  test("never tell more than their size", () => {
    const clusters = fc.array(fc.array(fc.nat(4), { maxLength: 8 }), { maxLength: 30 });
    fc.assert(
      fc.property(clusters, (given) => {
        const { counts, effectiveN } = counted(given, 5);
        expect(effectiveN).toBeGreaterThanOrEqual(0);
        expect(effectiveN).toBeLessThanOrEqual(counts.reduce((sum, each) => sum + each, 0));
      }),
    );
  });
});
