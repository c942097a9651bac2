import { assert } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import type { Side } from "../kernel/generate.ts";
import type { SolverParameters } from "../kernel/hyperparameters.ts";
import { type SparseRows, transpose } from "./training-set.ts";

/** What a half-sweep solves, fixed for one training: the observed pairs by user and by item. */
export interface SweepProblem {
  readonly users: number;
  readonly items: number;
  readonly parameters: SolverParameters;
  readonly byUser: SparseRows;
  readonly byItem: SparseRows;
}

/** Solves all rows of one side against the other, which is held fixed. */
export interface Sweeper {
  /**
   * @param side the side to solve
   * @param fixed the other side's factors, rows × factors
   * @returns the solved side's factors; the same bits for every implementation and number of threads
   */
  solve(side: Side, fixed: Float32Array, onRows: (solved: number) => void): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Makes a sweeper for a problem; the thread pool is one, the sweeper of the calling thread another. */
export type OpenSweeper = (problem: SweepProblem) => Promise<Sweeper>;

export function sweepProblem(
  users: number,
  items: number,
  byUser: SparseRows,
  parameters: SolverParameters,
): SweepProblem {
  return { users, items, parameters, byUser, byItem: transpose(byUser, items) };
}

/** Solves ranges of rows of one side on the calling thread; `hold` first says what they are solved against. */
export class RangeSolver {
  readonly #core: Core;
  readonly #rows: SparseRows;
  readonly #parameters: SolverParameters;
  readonly #fixedRows: number;
  #fixed: FactorSpace | null = null;

  constructor(core: Core, problem: SweepProblem, side: Side) {
    this.#core = core;
    this.#rows = side === "user" ? problem.byUser : problem.byItem;
    this.#fixedRows = side === "user" ? problem.items : problem.users;
    this.#parameters = problem.parameters;
  }

  hold(fixed: Float32Array): void {
    if (this.#fixed) this.#fixed.replace(fixed);
    else this.#fixed = new FactorSpace(this.#core, fixed, this.#fixedRows, this.#parameters);
  }

  solve(from: number, to: number, onRows: (solved: number) => void): Float32Array {
    assert(this.#fixed !== null, "rows are solved against a side that is held");
    const { indptr, index, weight } = this.#rows;
    let before = 0;
    return this.#fixed.solveRows(indptr, index, weight, from, to, (done) => {
      onRows(done - before);
      before = done;
    });
  }
}

/** Sweeps on the calling thread. */
export function callingThreadSweeper(newCore: () => Core): OpenSweeper {
  return async (problem) => {
    const core = newCore();
    const solvers = { user: new RangeSolver(core, problem, "user"), item: new RangeSolver(core, problem, "item") };
    return {
      solve: async (side, fixed, onRows) => {
        solvers[side].hold(fixed);
        return solvers[side].solve(0, problem[`${side}s`], onRows);
      },
      close: async () => {},
    };
  };
}

/** Turns counts of solved rows into progress over all half-sweeps of a training. */
export function sweepProgress(
  problem: SweepProblem,
  iterations: number,
  stage: string,
  progress: Progress,
): (solved: number) => void {
  const total = iterations * (problem.users + problem.items) + problem.users;
  let done = 0;
  return (solved) => {
    done += solved;
    progress(stage, done, total);
  };
}
