import { assert } from "../base/errors.ts";
import type { Progress } from "../base/progress.ts";
import type { Core } from "../kernel/core.ts";
import { FactorSpace } from "../kernel/factor-space.ts";
import type { Side } from "../kernel/generate.ts";
import type { SolverParameters } from "../kernel/hyperparameters.ts";
import { type SparseRows, transpose } from "./training-set.ts";

/** Fixed rows held side by side while one is solved: at 64 dimensions 4 MiB, in which all but a few items find room. */
const ROW_ROOM = 16_384;

/** What a half-sweep solves, fixed for one training: the observed pairs by user and by item. */
export interface SweepProblem {
  readonly users: number;
  readonly items: number;
  readonly parameters: SolverParameters;
  readonly byUser: SparseRows;
  /** Made when it is first asked for. */
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
  let byItem: SparseRows | null = null;
  return {
    users,
    items,
    parameters,
    byUser,
    get byItem() {
      byItem ??= transpose(byUser, items);
      return byItem;
    },
  };
}

/** Solves ranges of rows of one side on the calling thread; `hold` first says what they are solved against. */
export class RangeSolver {
  readonly #core: Core;
  readonly #parameters: SolverParameters;
  readonly #fixedRows: number;
  #fixed: FactorSpace | null = null;

  constructor(core: Core, parameters: SolverParameters, fixedRows: number) {
    this.#core = core;
    this.#parameters = parameters;
    this.#fixedRows = fixedRows;
  }

  hold(fixed: Float32Array): void {
    if (this.#fixed) this.#fixed.replace(fixed);
    else {
      const parameters = { ...this.#parameters, rowRoom: ROW_ROOM };
      this.#fixed = new FactorSpace(this.#core, fixed, this.#fixedRows, parameters);
    }
  }

  /** Solves rows `from` .. `to`-1 of `rows`. */
  solve(
    { indptr, index, weight }: SparseRows,
    from: number,
    to: number,
    onRows: (solved: number) => void,
  ): Float32Array {
    assert(this.#fixed !== null, "rows are solved against a side that is held");
    let before = 0;
    return this.#fixed.solveRows(indptr, index, weight, from, to, (done) => {
      onRows(done - before);
      before = done;
    });
  }
}

/** A solver for the rows of either side. */
export function rangeSolvers(
  core: Core,
  { users, items, parameters }: Pick<SweepProblem, "users" | "items" | "parameters">,
): Readonly<Record<Side, RangeSolver>> {
  return { user: new RangeSolver(core, parameters, items), item: new RangeSolver(core, parameters, users) };
}

/** The observed pairs by the side that is solved. */
function rowsOf(problem: SweepProblem, side: Side): SparseRows {
  return side === "user" ? problem.byUser : problem.byItem;
}

/** Sweeps on the calling thread. */
export function callingThreadSweeper(newCore: () => Core): OpenSweeper {
  return async (problem) => {
    const core = newCore();
    const solvers = rangeSolvers(core, problem);
    return {
      solve: async (side, fixed, onRows) => {
        solvers[side].hold(fixed);
        return solvers[side].solve(rowsOf(problem, side), 0, problem[`${side}s`], onRows);
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
