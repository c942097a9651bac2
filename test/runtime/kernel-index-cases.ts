import fc from "fast-check";
import { seededRandom } from "../../src/base/random.ts";
import { Core, instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace, type Ranking } from "../../src/kernel/factor-space.ts";
import {
  check,
  checkSameBits,
  checkThrows,
  forAll,
  instantiateTestCore,
  type KernelCase,
  type MatrixShape,
  matrixOf,
  putRows,
  type TestCore,
  valuesOf,
} from "./kernel-checks.ts";

const PARAMETERS = { unobservedWeight: 0.3, regularization: 0.01, regularizationExponent: 1 };
const BLOCK_ROWS = 16;
const MAX_FACTORS = 256;

/** Multiplies each row by a number of its own. */
function scaledRows(matrix: Float32Array, factors: number, scaleOf: (row: number) => number): Float32Array {
  return matrix.map((value, at) => value * scaleOf(Math.floor(at / factors)));
}

function unitRows(matrix: Float32Array, factors: number): Float32Array {
  const rowOf = (row: number) => matrix.subarray(row * factors, (row + 1) * factors);
  const scales = Array.from({ length: matrix.length / factors }, (_, row) => 1 / (Math.hypot(...rowOf(row)) || 1));
  return scaledRows(matrix, factors, (row) => scales[row]);
}

/** Matrices in which the order of the best rows is hard to get right. */
const MATRICES: Readonly<Record<string, (matrix: Float32Array, factors: number) => Float32Array>> = {
  plain: (matrix) => matrix,
  "all rows of length 1": unitRows,
  "rows of very different lengths": (matrix, factors) =>
    scaledRows(matrix, factors, (row) => 2 ** (((row * 37) % 121) - 60)),
  "some rows many times": (matrix, factors) =>
    matrix.map((_, at) => matrix[(Math.floor(at / factors) % 3) * factors + (at % factors)]),
  "one row, each time with another value changed in the last place": (matrix, factors) =>
    matrix.map((_, at) => {
      const isChanged = at % factors === (Math.floor(at / factors) * 7) % factors;
      return matrix[at % factors] * (isChanged ? 1 + 2 ** -23 : 1);
    }),
  // Such rows are their codes but for the rounding of their scale, so that only the rounding of the dot is left to err.
  "rows of one value each, a few units in the last place apart": (matrix, factors) =>
    matrix.map((_, at) => 0.1 * (1 + ((Math.floor(at / factors) * 37) % 64) * 2 ** -24)),
  "so small that products are subnormal": (matrix, factors) =>
    scaledRows(matrix, factors, (row) => 2 ** (-70 - (row % 70))),
  "so large that a dot may overflow": (matrix, factors) => scaledRows(matrix, factors, (row) => 2 ** (60 + (row % 66))),
  "one large value in five": (matrix) => matrix.map((value, at) => (at % 5 === 0 ? value * 1_000 : value)),
  "zero rows among others": (matrix, factors) => scaledRows(matrix, factors, (row) => row % 3),
};

const QUERIES: Readonly<Record<string, (values: Float32Array, matrix: Float32Array) => Float32Array>> = {
  plain: (values) => values,
  "a row of the matrix": (values, matrix) => (matrix.length > 0 ? matrix.slice(0, values.length) : values),
  "the opposite of a row": (values, matrix) =>
    matrix.length > 0 ? matrix.slice(-values.length).map((value) => -value) : values,
  tiny: (values) => values.map((value) => value * 2 ** -100),
  huge: (values) => values.map((value) => value * 2 ** 64),
  zero: (values) => new Float32Array(values.length),
  "one value": (values) => new Float32Array(values.length).fill(values[0] || 1),
  "one dimension": (values) => values.map((value, d) => (d === 0 ? value || 1 : 0)),
};

interface Search {
  readonly matrix: string;
  readonly query: string;
  readonly shape: MatrixShape;
  readonly k: number;
  readonly excludedShare: number;
  readonly seenShare: number;
}

function searches(maxRows: number, maxFactors: number): fc.Arbitrary<Search> {
  return fc.record({
    matrix: fc.constantFrom(...Object.keys(MATRICES)),
    query: fc.constantFrom(...Object.keys(QUERIES)),
    shape: fc.record({
      kind: fc.constantFrom("smooth", "coarse", "edges"),
      seed: fc.nat(),
      rows: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: maxRows })),
      factors: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: maxFactors })),
    }),
    k: fc.oneof(fc.constantFrom(0, 1, 10, 500), fc.integer({ min: 1, max: 40 })),
    excludedShare: fc.constantFrom(0, 0, 0.3, 0.95, 1),
    seenShare: fc.constantFrom(0, 0.1, 0.9),
  });
}

interface Question {
  readonly matrix: Float32Array;
  readonly query: Float32Array;
  readonly excluded: Uint8Array | null;
  readonly seen: Int32Array;
}

function questionOf({ matrix, query, shape, excludedShare, seenShare }: Search): Question {
  const values = MATRICES[matrix](matrixOf(shape), shape.factors).map((value) => (Number.isFinite(value) ? value : 1));
  const asked = QUERIES[query](valuesOf("smooth", shape.seed + 1, shape.factors), values);
  const random = seededRandom(shape.seed + 2);
  const draw = (share: number) => Array.from({ length: shape.rows }, () => random.fraction() < share);
  return {
    matrix: values,
    query: asked.map((value) => (Number.isFinite(value) ? value : 1)),
    excluded: excludedShare > 0 ? Uint8Array.from(draw(excludedShare), Number) : null,
    seen: Int32Array.from(draw(seenShare).flatMap((isSeen, row) => (isSeen ? [row, row] : []))),
  };
}

/** Runs a search with and without an index. */
function bothWays(core: Core, search: Search): readonly [Ranking, Ranking] {
  const { matrix, query, excluded, seen } = questionOf(search);
  const { rows, factors } = search.shape;
  const space = new FactorSpace(core, matrix, rows, { ...PARAMETERS, factors });
  const plain = space.top(query, search.k, excluded, seen);
  const plainUnseen = space.top(query, search.k, excluded);
  space.buildIndex();
  const indexed = space.top(query, search.k, excluded, seen);
  // Rows that one search left out must be there in the next.
  checkSameRanking(space.top(query, search.k, excluded), plainUnseen);
  return [indexed, plain];
}

function checkSameRanking(actual: Ranking, expected: Ranking): void {
  checkSameBits(actual.rows, expected.rows, "rows");
  checkSameBits(actual.scores, expected.scores, "scores");
}

function checkSearches(module: WebAssembly.Module, arbitrary: fc.Arbitrary<Search>, runs: number): void {
  const core = instantiateCore(module);
  check(core.topIndex !== null, "the core has an index");
  forAll(arbitrary, runs, (search) => {
    core.scratch(() => checkSameRanking(...bothWays(core, search)));
  });
}

/** The index of a matrix as the steps of the core make it, with what is needed to search it. */
function indexOf({ core, exports }: TestCore, matrix: Float32Array, rows: number, factors: number) {
  const address = putRows(core, matrix, factors);
  const index = core.alloc(exports.top_index_bytes(rows, factors));
  const scratch = core.alloc(exports.top_index_scratch_bytes(rows));
  exports.top_index_keys(address, factors, 0, rows, scratch);
  exports.top_index_sort(rows, factors, scratch, index);
  exports.top_index_encode(address, rows, factors, 0, rows, index);
  const search = (query: Float32Array, k: number): Int32Array => {
    const [queryAddress, heap, out, scores] = [
      putRows(core, query, factors),
      ...[8, 4, 4].map((b) => core.alloc(b * k)),
    ];
    const count = exports.top_index_search(index, address, rows, factors, queryAddress, k, 0, 0, 0, heap, out, scores);
    return core.i32(out, count).slice();
  };
  return { index, search };
}

/** A core that has no memory for pieces of the size that was refused last, and how often its index was searched. */
function coreShortOfMemory(coreModule: WebAssembly.Module) {
  const exports = instantiateCore(coreModule).exports as TestCore["exports"];
  let [refused, count] = [-1, 0];
  const core = new Core({
    ...exports,
    arena_alloc: (bytes) => (bytes === refused ? 0 : exports.arena_alloc(bytes)),
    top_index_search: (...search) => {
      count++;
      return exports.top_index_search(...search);
    },
  });
  const refuse = (bytes: number) => {
    refused = bytes;
  };
  return { core, topIndex: exports, refuse, searches: () => count };
}

/** The cases of the index; they run on each build of the core. */
export const indexCases: readonly KernelCase[] = [
  {
    name: "an index finds the rows and score bits of a plain scan",
    run: (coreModule) => checkSearches(coreModule, searches(150, MAX_FACTORS), 500),
  },
  {
    name: "an index finds the rows and score bits of a plain scan among more rows",
    run: (coreModule) => checkSearches(coreModule, searches(2_000, 24), 40),
  },
  {
    name: "an index finds the rows and score bits of a plain scan in every dimension",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      for (let factors = 1; factors <= MAX_FACTORS; factors++) {
        const shape = { kind: "smooth", seed: factors, rows: 70, factors };
        const search = { matrix: "plain", query: "plain", shape, k: 5, excludedShare: 0, seenShare: 0.1 };
        core.scratch(() => checkSameRanking(...bothWays(core, search)));
      }
    },
  },
  {
    name: "an index finds the rows and score bits of a plain scan where nothing but the rounding of the dot tells them apart",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const matrix = "rows of one value each, a few units in the last place apart";
      forAll(
        fc.record({ seed: fc.nat(), factors: fc.integer({ min: 1, max: MAX_FACTORS }) }),
        100,
        ({ seed, factors }) => {
          const shape = { kind: "smooth", seed, rows: 200, factors };
          const search = { matrix, query: "one value", shape, k: 3, excludedShare: 0, seenShare: 0.1 };
          core.scratch(() => checkSameRanking(...bothWays(core, search)));
        },
      );
    },
  },
  {
    name: "all negative scores, one row and more wanted than there are are ranked as in a plain scan",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      for (const rows of [1, 15, 16, 17, 100]) {
        const matrix = Float32Array.from({ length: rows * 5 }, (_, at) => 1 + (at % 11));
        const space = new FactorSpace(core, matrix, rows, { ...PARAMETERS, factors: 5 });
        const query = new Float32Array(5).fill(-1);
        const expected = space.top(query, rows + 3, null);
        space.buildIndex();
        check(expected.scores.length === rows && expected.scores.every((score) => score < 0), "all are negative");
        for (let k = 1; k <= rows + 3; k += 7) {
          const { rows: best, scores } = space.top(query, k, null);
          checkSameBits(best, expected.rows.slice(0, k), "rows");
          checkSameBits(scores, expected.scores.slice(0, k), "scores");
        }
      }
    },
  },
  {
    name: "rows to leave out that are not rows are passed over",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = new FactorSpace(core, Float32Array.of(1, 2, 3), 3, { ...PARAMETERS, factors: 1 });
      space.buildIndex();
      const seen = Int32Array.of(-1, 3, 2 ** 31 - 1, 1, 1);
      checkSameBits(space.top(Float32Array.of(1), 3, null, seen).rows, Int32Array.of(2, 0), "rows");
    },
  },
  {
    name: "a query that is not finite is refused though there is an index",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      for (const value of [0, 1, 2 ** 126]) {
        const space = new FactorSpace(
          core,
          new Float32Array(6).fill(value),
          2,
          { ...PARAMETERS, factors: 3 },
          new Float64Array(9),
        );
        space.buildIndex();
        for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          for (const k of [0, 1, 3]) {
            checkThrows("IntegrityError", () => space.top(Float32Array.of(1, wrong, 1), k, null), "not finite");
          }
        }
      }
    },
  },
  {
    name: "replaced values are indexed again",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = new FactorSpace(core, Float32Array.of(1, 2, 3), 3, { ...PARAMETERS, factors: 1 });
      space.buildIndex();
      space.replace(Float32Array.of(3, 1, 2));
      checkSameBits(space.top(Float32Array.of(1), 3, null).rows, Int32Array.of(0, 2, 1), "rows");
    },
  },
  {
    name: "where memory does not suffice for an index, every row is scored",
    run(coreModule) {
      const { core, topIndex, refuse, searches } = coreShortOfMemory(coreModule);
      const space = new FactorSpace(core, Float32Array.of(1, 2, 3), 3, { ...PARAMETERS, factors: 1 });
      const mark = core.exports.arena_mark();
      for (const bytes of [topIndex.top_index_bytes(3, 1), topIndex.top_index_scratch_bytes(3)]) {
        refuse(bytes);
        space.buildIndex();
        check(core.exports.arena_mark() === mark, "what was taken is given back");
        checkSameBits(space.top(Float32Array.of(1), 3, null).rows, Int32Array.of(2, 1, 0), "rows");
      }
      check(searches() === 0, "no index is searched");
    },
  },
  {
    name: "where memory does not suffice for indexing replaced values, every row is scored",
    run(coreModule) {
      const { core, topIndex, refuse, searches } = coreShortOfMemory(coreModule);
      const space = new FactorSpace(core, Float32Array.of(1, 2, 3), 3, { ...PARAMETERS, factors: 1 });
      space.buildIndex();
      refuse(topIndex.top_index_scratch_bytes(3));
      space.replace(Float32Array.of(3, 2, 1));
      checkSameBits(space.top(Float32Array.of(1), 3, null).rows, Int32Array.of(0, 1, 2), "rows");
      check(searches() === 0, "no index is searched");
    },
  },
  {
    name: "a core without an index answers with the same rows and bits",
    run(coreModule) {
      const { top_index_search: _, ...older } = instantiateCore(coreModule).exports as TestCore["exports"];
      const core = new Core(older);
      check(core.topIndex === null, "it has none");
      forAll(searches(60, 20), 100, (search) => {
        const [, plain] = bothWays(instantiateCore(coreModule), search);
        core.scratch(() => checkSameRanking(bothWays(core, search)[0], plain));
      });
    },
  },
];

/** What the bounds of an index rest on, read from its memory in the base build. */
export const indexMemoryCases: readonly KernelCase[] = [
  {
    name: "an index holds every row once, longest first, and never less than its norm and its error",
    run(_, testModule) {
      const test = instantiateTestCore(testModule);
      const { core, exports } = test;
      forAll(searches(100, MAX_FACTORS), 200, (search) => {
        core.scratch(() => {
          const { matrix } = questionOf(search);
          const { rows, factors } = search.shape;
          const stride = core.stride(factors);
          const { index } = indexOf(test, matrix, rows, factors);
          const order = core.i32(exports.order_at(index, rows, factors), rows);
          const column = (address: number) => core.f32(address, Math.ceil(rows / BLOCK_ROWS));
          const scales = column(exports.scales_at(index, rows, factors));
          const errors = column(exports.errors_at(index, rows, factors));
          const norms = column(exports.norms_at(index, rows, factors));
          const [codeSquares] = core.i32(exports.code_squares_at(index, rows, factors), 1);
          checkSameBits(
            order.slice().sort(),
            Int32Array.from({ length: rows }, (_, row) => row),
            "rows",
          );
          order.forEach((row, place) => {
            const block = Math.floor(place / BLOCK_ROWS);
            const blockAt = index + block * BLOCK_ROWS * stride;
            const codes = new Int8Array(core.exports.memory.buffer, blockAt, BLOCK_ROWS * stride);
            const [values, rests, own] = [0, 1, 2].map(() => new Float64Array(factors));
            for (let d = 0; d < factors; d++) {
              const pair = Math.floor(d / 2) * 2 * BLOCK_ROWS;
              values[d] = matrix[row * factors + d];
              own[d] = codes[pair + (place % BLOCK_ROWS) * 2 + (d % 2)];
              rests[d] = values[d] - scales[block] * own[d];
            }
            check(Math.hypot(...values) <= norms[block], `the norm of row ${row} is more than ${norms[block]}`);
            check(norms[block + 1] === undefined || norms[block + 1] <= norms[block], "longest first");
            check(Math.hypot(...rests) <= errors[block], `the error of row ${row} is more than ${errors[block]}`);
            const squares = own.reduce((sum, code) => sum + code * code, 0);
            check(squares <= codeSquares, `the codes of row ${row} are longer than √${codeSquares}`);
          });
        });
      });
    },
  },
  {
    name: "nine tenths of the errors are too little: a row is missed whose error points where the query does",
    run(_, testModule) {
      const test = instantiateTestCore(testModule);
      const { core, exports } = test;
      const factors = 8;
      // A first value of 1 makes the others, less than half of 1/127, the codes 0: they are nothing but error. The last
      // row is the best, and comes last because the others are longer.
      const rowOf = (first: number, other: number) => [first, ...new Array(factors - 1).fill(other / 127)];
      const others = Array.from({ length: 2 * BLOCK_ROWS }, () => rowOf(1.01, 0.45));
      const matrix = Float32Array.from([...others, rowOf(1, 0.49)].flat());
      const rows = others.length + 1;
      const { index, search } = indexOf(test, matrix, rows, factors);
      const query = Float32Array.from(rowOf(0, 127));
      checkSameBits(search(query, 1), Int32Array.of(rows - 1), "with the errors");
      const errors = core.f32(exports.errors_at(index, rows, factors), Math.ceil(rows / BLOCK_ROWS));
      errors.forEach((error, block) => {
        errors[block] = 0.9 * error;
      });
      check(search(query, 1)[0] !== rows - 1, "found with nine tenths of the errors");
    },
  },
];
