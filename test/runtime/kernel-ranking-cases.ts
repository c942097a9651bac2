import fc from "fast-check";
import { type Core, instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace, type Ranking } from "../../src/kernel/factor-space.ts";
import {
  check,
  checkSameBits,
  checkThrows,
  forAll,
  instantiateTestCore,
  type KernelCase,
  matrixOf,
  matrixShapes,
  putRows,
  type TestCore,
  valuesOf,
} from "./kernel-checks.ts";

const PARAMETERS = { unobservedWeight: 0.3, regularization: 0.01, regularizationExponent: 1 };

function spaceOf(core: Core, matrix: Float32Array, rows: number, factors: number): FactorSpace {
  return new FactorSpace(core, matrix, rows, { ...PARAMETERS, factors });
}

/** The order of all rankings, by a full sort. */
function sorted(scores: Float32Array, k: number, isExcluded: (row: number) => boolean): Ranking {
  const rows = Int32Array.from(scores.keys())
    .filter((row) => !Number.isNaN(scores[row]) && !isExcluded(row))
    .sort((a, b) => (scores[a] === scores[b] ? a - b : scores[a] > scores[b] ? -1 : 1))
    .slice(0, k);
  return { rows, scores: Float32Array.from(rows, (row) => scores[row]) };
}

function checkSameRanking(actual: Ranking, expected: Ranking): void {
  checkSameBits(actual.rows, expected.rows, "rows");
  checkSameBits(actual.scores, expected.scores, "scores");
}

function maskOf(seed: number, rows: number, share: number): Uint8Array {
  return Uint8Array.from(valuesOf("smooth", seed, rows), (value) => (value + 0.5 < share ? 1 : 0));
}

/** Canonical scores of a query, by the scalar twin. */
function twinScores({ core, exports }: TestCore, query: Float32Array, matrix: Float32Array): Float32Array {
  return core.scratch(() => {
    const rows = matrix.length / query.length;
    const out = core.alloc(rows * 4);
    const queryAddress = putRows(core, query, query.length);
    exports.twin_scan(queryAddress, putRows(core, matrix, query.length), rows, query.length, out);
    return core.f32(out, rows).slice();
  });
}

/** Cosines as float32 operations in JavaScript, which rounds to float32 with Math.fround. */
function cosines(test: TestCore, row: number, matrix: Float32Array, factors: number): Float32Array {
  const rowOf = (r: number) => matrix.subarray(r * factors, (r + 1) * factors);
  const inverseNorm = (r: number) => {
    const inverse = Math.fround(1 / Math.sqrt(rowOf(r).reduce((sum, y) => sum + y * y, 0)));
    return Number.isFinite(inverse) ? inverse : 0;
  };
  const own = inverseNorm(row);
  return twinScores(test, rowOf(row), matrix).map((dot, r) => Math.fround(Math.fround(dot * own) * inverseNorm(r)) + 0);
}

export const rankingCases: readonly KernelCase[] = [
  {
    name: "the dot product has the bits of its four-lane definition",
    run(_, testModule) {
      const { core, exports } = instantiateTestCore(testModule);
      forAll(matrixShapes(0, 256), 200, ({ kind, seed, factors }) => {
        core.scratch(() => {
          const a = putRows(core, valuesOf(kind, seed, factors), factors);
          const b = putRows(core, valuesOf("smooth", seed + 1, factors), factors);
          const bytes = core.stride(factors) * 4;
          const [dot, twin] = [exports.dot(a, b, bytes), exports.twin_dot(a, b, bytes)];
          check(Object.is(dot, twin) && !Object.is(dot, -0), `${dot} and ${twin}`);
        });
      });
    },
  },
  {
    name: "the dot product adds lanes 0 and 2 to lanes 1 and 3",
    run(_, testModule) {
      const { core, exports } = instantiateTestCore(testModule);
      const ones = core.put(Float32Array.of(1, 1, 1, 1));
      // In float32 2^24 + 1 is 2^24, so the order of the additions shows.
      const dotOf = (...lanes: number[]) => exports.dot(core.put(Float32Array.from(lanes)), ones, 16);
      check(dotOf(2 ** 24, 1, 0, 1) === 2 ** 24 + 2, "(l0 + l2) + (l1 + l3)");
      check(dotOf(2 ** 24, 0, 1, 1) === 2 ** 24, "(l0 + l2) + (l1 + l3)");
    },
  },
  {
    name: "ranking any scores equals a full sort",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = spaceOf(core, new Float32Array(0), 0, 1);
      const scores = fc.array(
        fc.oneof(
          fc.constantFrom(0, -0, 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
          fc.float(),
        ),
        { maxLength: 70 },
      );
      const input = fc.record({ scores, k: fc.nat({ max: 80 }), seed: fc.nat(), share: fc.constantFrom(0, 0.5, 1) });
      forAll(input, 1_000, (drawn) => {
        const values = Float32Array.from(drawn.scores);
        const mask = maskOf(drawn.seed, values.length, drawn.share);
        checkSameRanking(
          space.topOf(values, drawn.k, mask),
          sorted(values, drawn.k, (row) => mask[row] === 1),
        );
        checkSameRanking(
          space.topOf(values, drawn.k, null),
          sorted(values, drawn.k, () => false),
        );
      });
    },
  },
  {
    name: "the best rows of a query are those of the scalar scores, fully sorted",
    run(coreModule, testModule) {
      const core = instantiateCore(coreModule);
      const test = instantiateTestCore(testModule);
      forAll(fc.tuple(matrixShapes(90, 256), fc.nat({ max: 100 }), fc.boolean()), 300, ([shape, k, isMasked]) => {
        core.scratch(() => {
          const matrix = matrixOf(shape);
          const query = valuesOf("coarse", shape.seed + 1, shape.factors);
          const mask = isMasked ? maskOf(shape.seed, shape.rows, 0.4) : null;
          checkSameRanking(
            spaceOf(core, matrix, shape.rows, shape.factors).top(query, k, mask),
            sorted(twinScores(test, query, matrix), k, (row) => mask?.[row] === 1),
          );
        });
      });
    },
  },
  {
    name: "negative scores are ranked before nothing: padding never wins",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      for (let rows = 1; rows <= 9; rows++) {
        const space = spaceOf(core, new Float32Array(rows * 5).fill(-1), rows, 5);
        const { rows: best, scores } = space.top(new Float32Array(5).fill(1), rows + 3, null);
        checkSameBits(
          best,
          Int32Array.from({ length: rows }, (_, r) => r),
          "rows",
        );
        checkSameBits(scores, new Float32Array(rows).fill(-5), "scores");
      }
    },
  },
  {
    name: "the nearest rows are those of the scalar cosines, without the row itself",
    run(coreModule, testModule) {
      const core = instantiateCore(coreModule);
      const test = instantiateTestCore(testModule);
      forAll(fc.tuple(matrixShapes(60, 256), fc.nat(), fc.boolean()), 300, ([shape, pick, isMasked]) => {
        if (shape.rows === 0) return;
        core.scratch(() => {
          const matrix = matrixOf(shape);
          const row = pick % shape.rows;
          const mask = isMasked ? maskOf(shape.seed, shape.rows, 0.4) : null;
          checkSameRanking(
            spaceOf(core, matrix, shape.rows, shape.factors).nearest(row, 10, mask),
            sorted(cosines(test, row, matrix, shape.factors), 10, (r) => r === row || mask?.[r] === 1),
          );
          check(mask === null || mask[row] === maskOf(shape.seed, shape.rows, 0.4)[row], "the mask is left as it was");
        });
      });
    },
  },
  {
    name: "a zero row has cosine +0 with every row",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = spaceOf(core, Float32Array.of(0, 0, 1, 0, -1, -1), 3, 2);
      checkSameBits(space.nearest(0, 5, null).scores, Float32Array.of(0, 0), "of the zero row");
      const { rows, scores } = space.nearest(1, 5, null);
      checkSameBits(rows, Int32Array.of(0, 2), "rows");
      check(Object.is(scores[0], 0), `cosine with the zero row is ${scores[0]}`);
      check(Math.abs(scores[1] + Math.SQRT1_2) <= 2 ** -23, `cosine is ${scores[1]}, expected -√½`);
    },
  },
  {
    name: "a query that is not finite, or of another length, is refused",
    run(coreModule) {
      const space = spaceOf(instantiateCore(coreModule), new Float32Array(6), 2, 3);
      checkThrows("IntegrityError", () => space.top(Float32Array.of(1, Number.NaN, 0), 1, null));
      checkThrows("IntegrityError", () => space.top(Float32Array.of(1, 0, Number.POSITIVE_INFINITY), 1, null));
      checkThrows("IntegrityError", () => space.top(Float32Array.of(1, 2), 1, null));
    },
  },
];
