import { sha256Hex } from "../../src/base/hash.ts";
import { instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import { instantiateTestCore, putRows, type TestCore } from "./kernel-checks.ts";

const [ROWS, FACTORS] = [200, 37];
const PARAMETERS = { factors: FACTORS, unobservedWeight: 0.3, regularization: 0.007, regularizationExponent: 0.9 };

/** The bits of float64 values, most significant byte first. */
function hexOf(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8));
  return Array.from(values, (value) => {
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  }).join(" ");
}

function digestOf(values: Float32Array | Float64Array | Int32Array): string {
  return sha256Hex(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** x = A⁻¹b of some entries before it is rounded to float32. */
function solutionBits({ core, exports }: TestCore, matrix: Float32Array, gramian: Float64Array): string {
  const side = core.systemSide(FACTORS);
  const padded = new Float64Array(side * side);
  for (let d = 0; d < FACTORS; d++) padded.set(gramian.subarray(d * FACTORS, (d + 1) * FACTORS), d * side);
  const items = Int32Array.from({ length: 60 }, (_, i) => 3 * i);
  const weights = Float32Array.from(items, (_, i) => 1 + (i % 3) / 7);
  return core.scratch(() => {
    const workspace = core.alloc(exports.solve_workspace_bytes(FACTORS));
    const { unobservedWeight, regularization, regularizationExponent } = PARAMETERS;
    const addresses = [core.put(items), core.put(weights), putRows(core, matrix, FACTORS), core.put(padded)];
    const [itemsAddress, weightsAddress, matrixAddress, gramianAddress] = addresses;
    exports.normal_equations(
      itemsAddress,
      weightsAddress,
      items.length,
      matrixAddress,
      ROWS,
      FACTORS,
      gramianAddress,
      unobservedWeight,
      regularization,
      regularizationExponent,
      workspace,
    );
    const x = exports.right_hand_side(workspace, side);
    exports.cholesky(workspace, side, exports.cholesky_scratch(workspace, side));
    exports.substitute(workspace, side, x);
    return hexOf(core.f64(x, 6));
  });
}

/**
 * Bits that must be the same on every runtime and machine: float64 values on the way, because rounding to float32
 * hides a difference until it does not, and digests of results.
 */
export function fingerprint(coreModule: WebAssembly.Module, testModule: WebAssembly.Module): Record<string, string> {
  const core = instantiateCore(coreModule);
  const test = instantiateTestCore(testModule);
  const places = Array.from({ length: 200 }, (_, i) => i);
  const normals = places.map((i) => test.exports.standard_normal(i * 7_919, i, i & 1, i * 104_729, i % 256));
  const penalties = places.map((i) => test.exports.regularization(0.007, 0.3, (i % 21) / 10, i * i, i * 31 + 1));

  const matrix = normalRows(core, 2 ** 40 + 7, "item", ROWS, FACTORS, 0.1 / Math.sqrt(FACTORS));
  const space = new FactorSpace(core, matrix, ROWS, PARAMETERS);
  const indptr = Int32Array.from({ length: 41 }, (_, r) => r * 25);
  const items = Int32Array.from({ length: 1_000 }, (_, i) => (i % 25) * 8 + (Math.floor(i / 25) % 8));
  const weights = Float32Array.from(items, (item) => (item % 5) / 2);
  const solved = space.solveRows(indptr, items, weights, 0, 40);
  const stepped = new FactorSpace(core, matrix, ROWS, { ...PARAMETERS, solver: "pcg:3" });
  const top = space.top(solved.slice(0, FACTORS), ROWS, null);
  const nearest = space.nearest(11, ROWS, null);
  return {
    normals: hexOf(normals.slice(0, 6)),
    normals_digest: digestOf(Float64Array.from(normals)),
    penalties: hexOf(penalties.slice(1, 7)),
    penalties_digest: digestOf(Float64Array.from(penalties)),
    initial_rows: digestOf(matrix),
    gramian: digestOf(space.gramian()),
    solution: solutionBits(test, matrix, space.gramian()),
    solved_rows: digestOf(solved),
    contributions: digestOf(space.contributions(items.slice(0, 25), weights.slice(0, 25), Int32Array.of(3))[0]),
    stepped_rows: digestOf(stepped.solveRows(indptr, items, weights, 0, 40)),
    stepped_contributions: digestOf(
      stepped.contributions(items.slice(0, 25), weights.slice(0, 25), Int32Array.of(3))[0],
    ),
    top_rows: digestOf(top.rows),
    top_scores: digestOf(top.scores),
    nearest_rows: digestOf(nearest.rows),
    nearest_scores: digestOf(nearest.scores),
  };
}
