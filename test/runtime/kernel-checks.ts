import fc from "fast-check";
import { type Random, seededRandom } from "../../src/base/random.ts";
import { type Core, type CoreExports, instantiateCore, type TopIndexExports } from "../../src/kernel/core.ts";

/** One check of the core that needs nothing of its runtime: it throws when it fails. */
export interface KernelCase {
  readonly name: string;
  /** `core` is the core as shipped, `test` the same with its inner steps and scalar twins. */
  run(core: WebAssembly.Module, test: WebAssembly.Module): void;
}

/** What assembly/test-entry.ts exports beside the core. */
export type TestExports = CoreExports &
  TopIndexExports & {
    dot(a: number, b: number, bytes: number): number;
    twin_dot(a: number, b: number, bytes: number): number;
    twin_scan: CoreExports["scan"];
    twin_gramian: CoreExports["gramian"];
    twin_solve_row: CoreExports["solve_row"];
    twin_contributions(...values: number[]): number;
    philox(k0: number, k1: number, c0: number, c1: number, c2: number, c3: number): void;
    readonly word0: { readonly value: number };
    readonly word1: { readonly value: number };
    readonly word2: { readonly value: number };
    readonly word3: { readonly value: number };
    standard_normal(seedLow: number, seedHigh: number, side: number, row: number, dimension: number): number;
    regularization(lambda: number, unobservedWeight: number, exponent: number, entries: number, rows: number): number;
    right_hand_side(workspace: number, side: number): number;
    cholesky_scratch(workspace: number, side: number): number;
    normal_equations(...values: number[]): void;
    cholesky(a: number, side: number, scratch: number): number;
    substitute(u: number, side: number, x: number): void;
    scales_at(index: number, rows: number, factors: number): number;
    errors_at(index: number, rows: number, factors: number): number;
    norms_at(index: number, rows: number, factors: number): number;
    order_at(index: number, rows: number, factors: number): number;
    code_squares_at(index: number, rows: number, factors: number): number;
  };

export interface TestCore {
  readonly core: Core;
  readonly exports: TestExports;
}

export function instantiateTestCore(module: WebAssembly.Module): TestCore {
  const core = instantiateCore(module);
  return { core, exports: core.exports as TestExports };
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function hasSameBits(actual: ArrayBufferView, expected: ArrayBufferView): boolean {
  const [a, b] = [bytesOf(actual), bytesOf(expected)];
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

type Values = Float32Array | Float64Array | Int32Array;

export function checkSameBits(actual: Values, expected: Values, what: string): void {
  if (hasSameBits(actual, expected)) return;
  const at = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  throw new Error(
    `${what}: lengths ${actual.length} and ${expected.length}, first difference at ${at}: ${actual[at]} and ${expected[at]}`,
  );
}

/** Fails unless `work` throws an error of that name that says `part`. */
export function checkThrows(name: string, work: () => unknown, part = ""): void {
  try {
    work();
  } catch (error) {
    const isExpected = error instanceof Error && error.name === name && error.message.includes(part);
    check(isExpected, `threw ${error}, expected ${name} ${part}`);
    return;
  }
  throw new Error(`threw nothing, expected ${name}`);
}

/** Runs a property on the same seeded inputs on every runtime. */
export function forAll<T>(arbitrary: fc.Arbitrary<T>, runs: number, property: (input: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { seed: 20240229, numRuns: runs, includeErrorInReport: true });
}

/** Values of one float32 each: smooth; coarse, with many equal ones; from the edges of the format; nothing but zero. */
const KINDS: Readonly<Record<string, (random: Random) => number>> = {
  smooth: (random) => random.fraction() - 0.5,
  coarse: (random) => (random.below(9) - 4) / 4,
  edges: (random) => [0, -0, 2 ** -149, -(2 ** -149), 1.2e-38, -1.2e-38, 1e-20, -1e-20, 1, -3][random.below(10)],
  zero: () => 0,
};

export interface MatrixShape {
  readonly kind: string;
  readonly seed: number;
  readonly rows: number;
  readonly factors: number;
}

export function matrixShapes(maxRows: number, maxFactors: number): fc.Arbitrary<MatrixShape> {
  return fc.record({
    kind: fc.constantFrom(...Object.keys(KINDS)),
    seed: fc.nat(),
    rows: fc.nat({ max: maxRows }),
    factors: fc.oneof(fc.integer({ min: 1, max: Math.min(9, maxFactors) }), fc.integer({ min: 1, max: maxFactors })),
  });
}

export function valuesOf(kind: string, seed: number, length: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => KINDS[kind](random));
}

export function matrixOf({ kind, seed, rows, factors }: MatrixShape): Float32Array {
  return valuesOf(kind, seed, rows * factors);
}

/** Address of a padded copy of unpadded rows. */
export function putRows(core: Core, values: Float32Array, factors: number): number {
  const stride = core.stride(factors);
  const rows = values.length / factors;
  const padded = new Float32Array(rows * stride);
  for (let r = 0; r < rows; r++) padded.set(values.subarray(r * factors, (r + 1) * factors), r * stride);
  return core.put(padded);
}
