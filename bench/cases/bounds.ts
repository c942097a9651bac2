import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { normalRows } from "../../src/kernel/generate.ts";
import { compileBounds } from "../bounds.ts";
import type { Case } from "../case.ts";
import { secondsOf } from "../measure.ts";

const COMMON = { isRate: true, isLong: false } as const;
const FACTORS = 64;

/** 256 MiB, more than any cache holds. */
const LARGE_ROWS = 2 ** 20;

/** A scan of more rows than caches hold, beside reading the same bytes and doing nothing with them. */
export const memoryRead: Case = {
  ...COMMON,
  id: "scan-in-memory",
  peer: "bound: WebAssembly reading the same bytes",
  unit: "GB/s",
  prepare: async ({ engine }) => {
    const core = engine.newCore();
    const bytes = LARGE_ROWS * FACTORS * 4;
    const matrix = core.alloc(bytes);
    const query = core.put(normalRows(core, 1, "user", 1, FACTORS, 0.1));
    const out = core.alloc(LARGE_ROWS * 4);
    // Pages that were never written are all one page of zeros, which caches hold.
    core.f32(matrix, LARGE_ROWS * FACTORS).fill(0.1);
    const bounds = await compileBounds(core.exports.memory);
    const gigabytes = bytes / 1e9;
    return {
      reprise: () => gigabytes / secondsOf(() => core.exports.scan(query, matrix, LARGE_ROWS, FACTORS, out)),
      peer: () => gigabytes / secondsOf(() => bounds.read(matrix, bytes)),
      note: `${LARGE_ROWS} rows of ${FACTORS} dimensions, one thread`,
    };
  },
};

const ENTRIES = 16_384;
const BOUND_STEPS = 500_000;

/** The normal equations of one long row, beside multiplying and adding in registers. */
export const multiplyAdd: Case = {
  ...COMMON,
  id: "normal-equations",
  peer: "bound: WebAssembly multiplying and adding in registers",
  unit: "GFLOP/s",
  prepare: async ({ engine, hyperparameters }) => {
    const core = engine.newCore();
    const matrix = normalRows(core, 1, "item", ENTRIES, FACTORS, 0.1);
    const space = new FactorSpace(core, matrix, ENTRIES, {
      factors: FACTORS,
      unobservedWeight: hyperparameters.unobserved_weight,
      regularization: hyperparameters.regularization,
      regularizationExponent: hyperparameters.regularization_exponent,
    });
    const items = Int32Array.from({ length: ENTRIES }, (_, item) => item);
    const weights = new Float32Array(ENTRIES).fill(1);
    const operands = core.put(Float32Array.of(0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1));
    const bounds = await compileBounds(core.exports.memory);
    // The upper triangle of A alone: gathering rows, b and the factorisation count as overhead.
    const gigaflop = (ENTRIES * FACTORS * (FACTORS + 1)) / 1e9;
    const boundGigaflop = (BOUND_STEPS * bounds.flopsPerStep) / 1e9;
    return {
      reprise: () => gigaflop / secondsOf(() => space.solveRow(items, weights)),
      peer: () => boundGigaflop / secondsOf(() => bounds.multiplyAdd(operands, BOUND_STEPS)),
      note: `float32, ${ENTRIES} entries of ${FACTORS} dimensions, one thread`,
    };
  },
};
