import fc from "fast-check";
import { MAX_GRADIENT_STEPS, type Solver } from "../../src/base/solver.ts";
import { Core, type CoreExports, type GradientExports, instantiateCore } from "../../src/kernel/core.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import type { SolverParameters } from "../../src/kernel/hyperparameters.ts";
import { check, checkSameBits, checkThrows, forAll, type KernelCase, matrixOf } from "./kernel-checks.ts";
import { gradientTwin, type Preconditioner, preconditionerTwin } from "./kernel-gradient-twin.ts";
import {
  csrOf,
  type Entries,
  entriesOf,
  type Problem,
  problems,
  refusesBadEntries,
  smoothMatrix,
  spaceOf,
} from "./kernel-problems.ts";

const PARAMETERS = { unobservedWeight: 0.3, regularization: 0.007, regularizationExponent: 1 };

function withSolver(problem: Problem, solver: Solver): Problem {
  return { ...problem, parameters: { ...problem.parameters, solver } };
}

function smoothSpace(core: Core, rows: number, factors: number, solver: Solver): FactorSpace {
  return new FactorSpace(core, smoothMatrix(rows, factors), rows, { ...PARAMETERS, factors, solver });
}

/** The preconditioner as the core makes it. */
function preconditionerOf(core: Core, { shape, parameters }: Problem, gramian: Float64Array): Preconditioner {
  const exports = core.gradients;
  check(exports !== null, "the core has conjugate gradients");
  const { factors, rows } = shape;
  const [side, stride] = [core.systemSide(factors), core.stride(factors)];
  const padded = new Float64Array(side * side);
  for (let d = 0; d < factors; d++) padded.set(gramian.subarray(d * factors, (d + 1) * factors), d * side);
  return core.scratch(() => {
    const [gramianAt, workspace, out] = [
      core.put(padded),
      core.alloc(exports.preconditioner_workspace_bytes(factors)),
      core.alloc(exports.preconditioner_bytes(factors)),
    ];
    const { unobservedWeight, regularization, regularizationExponent } = parameters;
    const given = [unobservedWeight, regularization, regularizationExponent] as const;
    check(exports.precondition(rows, factors, gramianAt, ...given, workspace, out) === 0, "an inverse");
    const blocks = core.f32(out + 16, side * stride);
    const inverse = new Float64Array(factors ** 2);
    for (let r = 0; r < factors; r++) {
      for (let c = 0; c < factors; c++) {
        inverse[r * factors + c] = blocks[(r >> 3) * 8 * stride + (c >> 2) * 32 + (r & 7) * 4 + (c & 3)];
      }
    }
    return { inverse, penalty: core.f64(out, 1)[0] };
  });
}

/** √(vᵀAv) with A in float64: the norm that steps of conjugate gradients make smaller. */
function energyNorm({ matrix, shape, parameters, entries }: Problem, v: readonly number[]): number {
  const { factors, rows } = shape;
  const { unobservedWeight, regularization, regularizationExponent } = parameters;
  const counted = entries.weights.filter((weight) => weight > 0).length;
  const dotWith = (row: number) => v.reduce((sum, value, d) => sum + value * matrix[row * factors + d], 0);
  let energy = regularization * (counted + unobservedWeight * rows) ** regularizationExponent;
  energy *= v.reduce((sum, value) => sum + value ** 2, 0);
  for (let row = 0; row < rows; row++) energy += unobservedWeight * dotWith(row) ** 2;
  entries.items.forEach((item, i) => {
    energy += entries.weights[i] * dotWith(item) ** 2;
  });
  return Math.sqrt(energy);
}

/** How far the first of two rows is from the second, by the energy norm of the second. */
function distance(problem: Problem, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const difference = Array.from(a, (value, d) => value - b[d]);
  return energyNorm(problem, difference) / (energyNorm(problem, Array.from(b)) || 1);
}

/** Problems whose values have no extremes. */
function tameProblems(maxRows: number, maxFactors: number, least = 1e-9): fc.Arbitrary<Problem> {
  const kind = fc.constantFrom("smooth", "coarse");
  const regularization = fc.constantFrom(...[1e-9, 1e-4, 0.007, 0.1, 2].filter((value) => value >= least));
  return fc.tuple(problems(maxRows, maxFactors), kind, regularization).map(([problem, kind, regularization]) => {
    const shape = { ...problem.shape, kind };
    return { ...problem, shape, matrix: matrixOf(shape), parameters: { ...problem.parameters, regularization } };
  });
}

export const gradientCases: readonly KernelCase[] = [
  {
    name: "the preconditioner is the inverse, symmetric to the bit, and λ' bounds its condition",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      forAll(tameProblems(60, 256), 100, (problem) => {
        core.scratch(() => {
          const gramian = spaceOf(core, problem).gramian();
          const found = preconditionerOf(core, problem, gramian);
          const expected = preconditionerTwin(problem, gramian);
          check(Math.abs(found.penalty - expected.penalty) <= expected.penalty * 2 ** -50, "λ'");
          const { factors } = problem.shape;
          const largest = expected.inverse.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          for (let r = 0; r < factors; r++) {
            for (let c = 0; c < factors; c++) {
              const value = found.inverse[r * factors + c];
              check(value === found.inverse[c * factors + r], `(${r}, ${c}) is not symmetric`);
              const difference = Math.abs(value - expected.inverse[r * factors + c]);
              check(difference <= largest * 2 ** -23, `(${r}, ${c}) is off by ${difference} of ${largest}`);
            }
          }
        });
      });
    },
  },
  {
    name: "steps of conjugate gradients have the bits of their scalar twin",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      forAll(fc.tuple(tameProblems(60, 256), fc.integer({ min: 1, max: 5 })), 150, ([problem, steps]) => {
        core.scratch(() => {
          const space = spaceOf(core, withSolver(problem, `pcg:${steps}`));
          const preconditioner = preconditionerOf(core, problem, space.gramian());
          const expected = gradientTwin(problem, preconditioner, steps, Math.fround);
          const { items, weights } = problem.entries;
          checkSameBits(space.solveRow(items, weights), Float32Array.from(expected), `${steps} steps`);
        });
      });
    },
  },
  {
    name: "steps of conjugate gradients are those of the method in float64",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      forAll(fc.tuple(tameProblems(60, 256, 1e-4), fc.integer({ min: 1, max: 4 })), 150, ([problem, steps]) => {
        core.scratch(() => {
          const space = spaceOf(core, withSolver(problem, `pcg:${steps}`));
          const preconditioner = preconditionerTwin(problem, space.gramian());
          const expected = gradientTwin(problem, preconditioner, steps, (value) => value);
          const { items, weights } = problem.entries;
          const off = distance(problem, space.solveRow(items, weights), expected);
          check(off <= 5e-3, `${steps} steps, off by ${off}`);
        });
      });
    },
  },
  {
    name: "with enough steps the row is that of the exact solver",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      // With a smaller penalty the sums in float32 of the exact solver need not be positive definite.
      forAll(tameProblems(60, 64, 1e-4), 150, (problem) => {
        core.scratch(() => {
          const { items, weights } = problem.entries;
          const exact = spaceOf(core, withSolver(problem, "cholesky")).solveRow(items, weights);
          const space = spaceOf(core, withSolver(problem, `pcg:${MAX_GRADIENT_STEPS}`));
          const off = distance(problem, space.solveRow(items, weights), exact);
          check(off <= 2e-2, `off by ${off}`);
        });
      });
    },
  },
  {
    name: "with next to no penalty conjugate gradients never lead away from the solution",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const input = fc.tuple(tameProblems(60, 64), fc.constantFrom(1, 2, 4, 16, MAX_GRADIENT_STEPS));
      forAll(input, 100, ([problem, steps]) => {
        core.scratch(() => {
          const parameters = { ...problem.parameters, regularization: 1e-9 };
          const faint = withSolver({ ...problem, parameters }, `pcg:${steps}`);
          const space = spaceOf(core, faint);
          const solution = gradientTwin(faint, preconditionerTwin(faint, space.gramian()), 500, (value) => value);
          const off = distance(faint, space.solveRow(faint.entries.items, faint.entries.weights), solution);
          check(off < 1, `${steps} steps, off by ${off}`);
        });
      });
    },
  },
  {
    name: "nor does a penalty of their own that is nothing beside λ'",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      // One entry in 256 dimensions: with ν = 4 its penalty is 2^-32 of λ', below the rounding of d·Md.
      const parameters = {
        factors: 256,
        unobservedWeight: 0,
        regularization: 0.01,
        regularizationExponent: 4,
      } as const;
      const entries: Entries = { items: Int32Array.of(1), weights: Float32Array.of(1) };
      for (let seed = 1; seed <= 20; seed++) {
        const shape = { kind: "smooth", seed, rows: 4, factors: 256 } as const;
        const problem: Problem = { shape, matrix: matrixOf(shape).map((value) => value / 100), parameters, entries };
        core.scratch(() => {
          const exact = spaceOf(core, problem).solveRow(entries.items, entries.weights);
          const row = spaceOf(core, withSolver(problem, "pcg:2")).solveRow(entries.items, entries.weights);
          const off = distance(problem, row, exact);
          check(off < 1, `seed ${seed}, off by ${off}`);
        });
      }
    },
  },
  {
    name: "a fold-in by conjugate gradients has the bits of the half-sweep, however its rows are cut",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = smoothSpace(core, 50, 13, "pcg:2");
      const rows = Array.from({ length: 150 }, (_, r) => entriesOf(r, 50, (r % 10) / 10));
      const { indptr, items, weights } = csrOf(rows);
      const sweep = space.solveRows(indptr, items, weights, 0, rows.length);
      rows.forEach((row, r) => {
        checkSameBits(sweep.subarray(r * 13, (r + 1) * 13), space.solveRow(row.items, row.weights), `row ${r}`);
      });
      checkSameBits(space.solveRows(indptr, items, weights, 40, 120), sweep.slice(40 * 13, 120 * 13), "rows 40 to 119");
    },
  },
  {
    name: "conjugate gradients take more entries than they hold at a time, in the bits of the scalar twin",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const shape = { kind: "smooth", seed: 9, rows: 2_100, factors: 6 };
      const problem = { shape, matrix: matrixOf(shape), parameters: { ...PARAMETERS, factors: 6, solver: "pcg:3" } };
      const space = spaceOf(core, problem as unknown as Problem);
      const parameters = { ...problem.parameters, rowRoom: 2_048 } as Problem["parameters"];
      const roomy = spaceOf(core, { ...problem, parameters } as unknown as Problem);
      for (const count of [7, 8, 9, 1_023, 1_024, 1_025, 2_048, 2_100]) {
        const entries = { items: Int32Array.from(Array(count).keys()), weights: new Float32Array(count).fill(0.5) };
        const whole = { ...problem, entries } as unknown as Problem;
        const preconditioner = preconditionerOf(core, whole, space.gramian());
        const expected = gradientTwin(whole, preconditioner, 3, Math.fround);
        checkSameBits(space.solveRow(entries.items, entries.weights), Float32Array.from(expected), `${count} entries`);
        checkSameBits(roomy.solveRow(entries.items, entries.weights), Float32Array.from(expected), "with more room");
      }
      const bytesOf = (rowRoom: number) => {
        const { exports } = core;
        const before = exports.arena_mark();
        spaceOf(core, { ...problem, parameters: { ...problem.parameters, rowRoom } } as unknown as Problem);
        return exports.arena_mark() - before;
      };
      check(bytesOf(16_384) === bytesOf(3_072), "no more room than the fixed side has rows");
      check(bytesOf(2_048) < bytesOf(3_072), "as much room as is asked for");
    },
  },
  {
    name: "to conjugate gradients weight 0 counts as absent, and without an entry that counts the row is zero",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const space = smoothSpace(core, 3_000, 7, "pcg:2");
      checkSameBits(space.solveRow(new Int32Array(0), new Float32Array(0)), new Float32Array(7), "no entry");
      const three = Int32Array.of(1, 4, 8);
      checkSameBits(space.solveRow(three, new Float32Array(3)), new Float32Array(7), "weights 0");
      const [none] = space.contributions(three, new Float32Array(3), Int32Array.of(2));
      checkSameBits(none, new Float64Array(3), "contributions");
      for (const counted of [1, 9, 1_024, 1_030]) {
        const all = Int32Array.from({ length: 3_000 }, (_, row) => row);
        const weights = Float32Array.from(all, (row) => (row % 2 === 1 && row < 2 * counted ? 1 + (row % 3) : 0));
        const items = all.filter((row) => weights[row] > 0);
        check(items.length === counted, "entries that count");
        const sparse = space.solveRow(
          items,
          weights.filter((weight) => weight > 0),
        );
        checkSameBits(space.solveRow(all, weights), sparse, `${counted} of 3000`);
      }
    },
  },
  {
    name: "contributions by conjugate gradients sum to the score",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const input = fc.tuple(tameProblems(60, 256, 1e-4), fc.constantFrom(1, 2, 3, 4, 8, MAX_GRADIENT_STEPS));
      forAll(input, 200, ([problem, steps]) => {
        const { items, weights } = problem.entries;
        core.scratch(() => {
          const space = spaceOf(core, withSolver(problem, `pcg:${steps}`));
          const { seed, rows } = problem.shape;
          if (rows === 0) return;
          const targets = Int32Array.of(seed % rows, rows - 1, seed % rows);
          const shares = space.contributions(items, weights, targets);
          check(shares.length === targets.length, "an array for each target");
          const row = space.solveRow(items, weights);
          checkSameBits(shares[0], shares[2], "the same target again");
          targets.forEach((target, place) => {
            weights.forEach((weight, i) => {
              check(weight > 0 || shares[place][i] === 0, "weight 0 adds nothing");
            });
            const y = space.row(target);
            const score = row.reduce((sum, x, d) => sum + x * y[d], 0);
            const sum = shares[place].reduce((total, value) => total + value, 0);
            const size = Math.sqrt(row.reduce((s, x) => s + x * x, 0) * y.reduce((s, x) => s + x * x, 0));
            check(Math.abs(sum - score) <= 1e-6 * size, `${steps} steps: sum ${sum}, score ${score}, size ${size}`);
          });
        });
      });
    },
  },
  {
    name: "a contribution is what the entry alone adds by the same steps",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      // One step: x = a·Pb, so entry i adds a·w_i·(Py_i)·y_t, with a from x itself.
      forAll(tameProblems(40, 32, 0.007), 60, (problem) => {
        const { items, weights } = problem.entries;
        const { factors, rows } = problem.shape;
        if (!weights.some((weight) => weight > 0)) return;
        core.scratch(() => {
          const space = spaceOf(core, withSolver(problem, "pcg:1"));
          const { inverse } = preconditionerOf(core, problem, space.gramian());
          const times = (v: ArrayLike<number>) =>
            Array.from({ length: factors }, (_, r) =>
              Array.from(v).reduce((sum, value, c) => sum + value * inverse[r * factors + c], 0),
            );
          const b = new Float64Array(factors);
          items.forEach((item, i) => {
            for (let d = 0; d < factors; d++) b[d] += weights[i] * problem.matrix[item * factors + d];
          });
          const [x, start] = [space.solveRow(items, weights), times(b)];
          const squares = start.reduce((sum, value) => sum + value ** 2, 0);
          if (squares === 0) return;
          const length = x.reduce((sum, value, d) => sum + value * start[d], 0) / squares;
          const [parts] = space.contributions(items, weights, Int32Array.of(rows - 1));
          const y = space.row(rows - 1);
          const expected = Array.from(items, (item, i) => {
            const own = times(problem.matrix.subarray(item * factors, (item + 1) * factors));
            return length * weights[i] * own.reduce((sum, value, d) => sum + value * y[d], 0);
          });
          const size = Math.hypot(...x) * Math.hypot(...y) + expected.reduce((sum, value) => sum + Math.abs(value), 0);
          expected.forEach((value, i) => {
            check(Math.abs(parts[i] - value) <= 1e-4 * size, `entry ${i}: ${parts[i]}, expected ${value} of ${size}`);
          });
        });
      });
    },
  },
  {
    name: "conjugate gradients refuse what has no finite solution, and bad entries",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const solver = "pcg:2";
      const space = smoothSpace(core, 4, 3, solver);
      refusesBadEntries(space);
      // What is out of order past the first thousand is found too.
      const far = smoothSpace(core, 3_000, 3, solver);
      const late = Int32Array.from({ length: 2_000 }, (_, i) => (i === 1_500 ? 3 : i));
      checkThrows("DataError", () => far.solveRow(late, new Float32Array(2_000).fill(1)), "items must");
      // The sum of two weights of 3·10³⁸ is above the largest float32.
      const huge = Float32Array.of(3e38, 3e38);
      const one = { factors: 1, unobservedWeight: 0.3, regularization: 1, regularizationExponent: 1, solver } as const;
      const overflow = new FactorSpace(core, Float32Array.of(1, 1), 2, one);
      checkThrows("DataError", () => overflow.solveRow(Int32Array.of(0, 1), huge), "no finite solution");
      // λ' is 2^-250, whose inverse is no float32.
      const faint: SolverParameters = { ...one, unobservedWeight: 0, regularization: 2 ** -250 };
      const steep = new FactorSpace(core, Float32Array.of(1), 1, faint);
      checkThrows("DataError", () => steep.solveRow(Int32Array.of(0), Float32Array.of(1)), "no finite inverse");
      // Nothing but zeros and no penalty: any row solves 0 = 0, and zero is taken.
      const zeros = new FactorSpace(core, new Float32Array(2), 1, { ...one, factors: 2, regularization: 0 });
      checkSameBits(zeros.solveRow(Int32Array.of(0), Float32Array.of(1)), new Float32Array(2), "of zeros");
    },
  },
  {
    name: "rows are solved against the values that replaced others, and after the memory grew",
    run(coreModule) {
      const core = instantiateCore(coreModule);
      const entries: Entries = entriesOf(3, 20, 0.5);
      const fresh = smoothSpace(core, 20, 10, "pcg:2").solveRow(entries.items, entries.weights);
      const parameters = { ...PARAMETERS, factors: 10, solver: "pcg:2" } as const;
      const other = new FactorSpace(core, new Float32Array(200).fill(0.5), 20, parameters);
      other.solveRow(entries.items, entries.weights);
      other.replace(smoothMatrix(20, 10));
      checkSameBits(other.solveRow(entries.items, entries.weights), fresh, "replaced");
      // In a new core the inverse is made while rows are solved, in memory that was not there before.
      const wide = { ...PARAMETERS, factors: 256, solver: "pcg:1" } as const;
      const small = new FactorSpace(instantiateCore(coreModule), smoothMatrix(20, 256), 20, wide);
      check(small.solveRow(entries.items, entries.weights)[255] !== 0, "a row that is not zero");
    },
  },
  {
    name: "the host allows as many steps as the core keeps",
    run(coreModule) {
      const { exports } = instantiateCore(coreModule);
      const { MAX_STEPS } = exports as unknown as { MAX_STEPS: { value: number } };
      check(MAX_STEPS.value === MAX_GRADIENT_STEPS, `${MAX_STEPS.value} steps`);
    },
  },
  {
    name: "a core from before conjugate gradients solves exactly, and says that it cannot do more",
    run(coreModule) {
      const { solve_row_by_gradients: _, ...older } = instantiateCore(coreModule).exports as CoreExports &
        Partial<GradientExports>;
      const core = new Core(older);
      check(core.gradients === null, "it has none");
      const entries = entriesOf(3, 20, 0.5);
      const exact = smoothSpace(instantiateCore(coreModule), 20, 5, "cholesky");
      checkSameBits(
        smoothSpace(core, 20, 5, "cholesky").solveRow(entries.items, entries.weights),
        exact.solveRow(entries.items, entries.weights),
        "exactly",
      );
      checkThrows("IntegrityError", () => smoothSpace(core, 20, 5, "pcg:2"), "before there was the solver pcg:2");
    },
  },
];
