import { assert, DataError, IntegrityError } from "../base/errors.ts";
import type { Core } from "./core.ts";
import type { SolverParameters } from "./hyperparameters.ts";
import { type RowSolver, rowSolver } from "./row-solvers.ts";
import { TopIndex } from "./top-index.ts";

/** Rows of a matrix or of an array of scores, best first; equal scores in ascending row order. */
export interface Ranking {
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

/** Addresses where a ranking of at most `room` rows is made: of 8 bytes a row for work, its rows and its scores. */
interface Outputs {
  readonly room: number;
  readonly heap: number;
  readonly rows: number;
  readonly scores: number;
}

const NO_ROWS = new Int32Array(0);

/** The core computes the size of an index in 32 bits, which suffices up to here in every dimension. */
const MAX_INDEXED_ROWS = 2 ** 24;

/** Rows solved between two reports of progress, and copied into the core at a time. */
const CHUNK_ROWS = 64;

const FAULTS: Readonly<Record<number, string>> = {
  1: "the normal equations have no finite solution; a larger regularization makes them solvable",
  2: "items must be rows of the fixed side in strictly ascending order",
  3: "weights must be finite and not negative",
};

/**
 * One fixed side, resident in the core's memory, and everything computed against it: solving rows of the other side
 * (training and fold-in are the same call), explaining and ranking.
 *
 * It keeps its memory as long as the core lives. Its methods leave no other memory behind.
 */
export class FactorSpace {
  readonly rows: number;
  readonly factors: number;
  readonly #core: Core;
  readonly #stride: number;
  /** Addresses in the core's memory. */
  readonly #matrix: number;
  readonly #gramian: number;
  readonly #inverseNorms: number;
  readonly #solver: RowSolver;
  #hasInverseNorms = false;
  #index: TopIndex | null = null;

  /**
   * @param matrix `rows` × `parameters.factors` finite values, row after row
   * @param gramian `factors` × `factors` values of YᵀY as an earlier space gave them; computed when left out
   * @throws IntegrityError when a shape does not fit or a value is not finite; DataError when memory does not suffice
   */
  constructor(core: Core, matrix: Float32Array, rows: number, parameters: SolverParameters, gramian?: Float64Array) {
    const { factors } = parameters;
    const maximum = core.exports.MAX_FACTORS.value;
    if (!Number.isInteger(factors) || factors < 1 || factors > maximum) {
      throw new IntegrityError("factors", `${factors} dimensions, expected 1 to ${maximum}`);
    }
    this.rows = rows;
    this.factors = factors;
    this.#core = core;
    this.#stride = core.stride(factors);
    this.#matrix = core.alloc(rows * this.#stride * 4);
    this.#gramian = core.alloc(core.systemSide(factors) ** 2 * 8);
    this.#inverseNorms = core.alloc(rows * 4);
    this.#solver = rowSolver(core, { matrix: this.#matrix, rows, gramian: this.#gramian }, parameters);
    this.replace(matrix, gramian);
  }

  /** New values of the same shape, in the same memory. Throws as the constructor does. */
  replace(matrix: Float32Array, gramian?: Float64Array): void {
    if (matrix.length !== this.rows * this.factors) {
      throw new IntegrityError("factors", `${matrix.length} values, expected ${this.rows} × ${this.factors}`);
    }
    this.#storeRows(this.#matrix, matrix);
    if (!this.#core.exports.all_finite_f32(this.#matrix, this.rows * this.#stride)) {
      throw new IntegrityError("factors", "a value is not finite");
    }
    if (gramian) this.#storeGramian(gramian);
    else this.#computeGramian();
    this.#solver.reset();
    this.#hasInverseNorms = false;
    const index = this.#index;
    this.#index = index && whereMemorySuffices(() => index.build());
  }

  /**
   * Makes `top` find the best rows through an index, with the same result: worth its making where many queries come.
   * A core from before there was an index goes on scoring every row, and so does one with more than 2^24 rows or without
   * the memory for an index.
   */
  buildIndex(): void {
    const { topIndex } = this.#core;
    if (this.#index || !topIndex || this.rows > MAX_INDEXED_ROWS) return;
    const mark = this.#core.exports.arena_mark();
    const matrix = { address: this.#matrix, rows: this.rows, factors: this.factors };
    this.#index = whereMemorySuffices(() => new TopIndex(this.#core, topIndex, matrix).build());
    if (!this.#index) this.#core.exports.arena_release(mark);
  }

  /** YᵀY, `factors` × `factors`, a copy. */
  gramian(): Float64Array {
    const side = this.#core.systemSide(this.factors);
    const stored = this.#core.f64(this.#gramian, side * side);
    const gramian = new Float64Array(this.factors ** 2);
    for (let d = 0; d < this.factors; d++) {
      gramian.set(stored.subarray(d * side, d * side + this.factors), d * this.factors);
    }
    return gramian;
  }

  /** The values of one row, a copy. */
  row(index: number): Float32Array {
    this.#assertRow(index);
    return this.#core.f32(this.#matrix + index * this.#stride * 4, this.factors).slice();
  }

  /**
   * The row of the other side that fits these entries best; zero without an entry of positive weight.
   *
   * @param items rows of this side, strictly ascending
   * @param weights finite, at least 0; an entry of weight 0 counts as absent
   * @throws DataError when the entries are not so or the equations have no finite solution
   */
  solveRow(items: Int32Array, weights: Float32Array): Float32Array {
    return this.solveRows(Int32Array.of(0, items.length), items, weights, 0, 1);
  }

  /**
   * `solveRow` for rows `from` .. `to`-1, row after row: the entries of row r are those from indptr[r] to
   * indptr[r+1]-1. `onProgress` hears how many of them are done.
   */
  solveRows(
    indptr: Int32Array,
    items: Int32Array,
    weights: Float32Array,
    from: number,
    to: number,
    onProgress?: (done: number, total: number) => void,
  ): Float32Array {
    assert(items.length === weights.length, "an item and a weight for each entry");
    assert(0 <= from && from <= to && to < indptr.length, "rows within indptr");
    this.#solver.ready();
    const solved = new Float32Array((to - from) * this.factors);
    for (let first = from; first < to; first += CHUNK_ROWS) {
      const last = Math.min(first + CHUNK_ROWS, to);
      const values = this.#solveChunk(indptr.subarray(first, last + 1), items, weights, first);
      solved.set(values, (first - from) * this.factors);
      onProgress?.(last - from, to - from);
    }
    return solved;
  }

  /**
   * How much each entry adds to the score of each row of `targets` for who is solved from these entries: for each
   * target an array in the order of the entries, whose sum is the score, up to the rounding of the solved row to
   * float32. Throws as `solveRow` does.
   */
  contributions(items: Int32Array, weights: Float32Array, targets: Int32Array): Float64Array[] {
    assert(items.length === weights.length, "an item and a weight for each entry");
    for (const target of targets) this.#assertRow(target);
    this.#solver.ready();
    const core = this.#core;
    return core.scratch(() => {
      const entries = [core.put(items), core.put(weights), items.length] as const;
      const out = core.alloc(items.length * 8);
      checkStatus(this.#solver.open(...entries));
      return Array.from(targets, (target) => {
        checkStatus(this.#solver.contributions(...entries, target, out));
        return core.f64(out, items.length).slice();
      });
    });
  }

  /**
   * The at most `k` rows with the highest dot product with `query`.
   *
   * @param excluded a byte for each row, 1 where the row is left out, or null
   * @param seen more rows to leave out
   * @throws IntegrityError when the query is not `factors` finite values
   */
  top(query: Float32Array, k: number, excluded: Uint8Array | null, seen: Int32Array = NO_ROWS): Ranking {
    const core = this.#core;
    if (query.length !== this.factors) {
      throw new IntegrityError("query", `${query.length} values, expected ${this.factors}`);
    }
    if (excluded) assert(excluded.length === this.rows, "a byte of the mask for each row");
    assert(Number.isInteger(k) && k >= 0, "k is a whole number");
    const found = this.#index?.search(query, k, excluded, seen);
    if (found) return found;
    return core.scratch(() => {
      const padded = core.alloc(this.#stride * 4);
      this.#storeRows(padded, query);
      if (!core.exports.all_finite_f32(padded, this.#stride)) {
        throw new IntegrityError("query", "a value is not finite");
      }
      return this.#scan(padded, k, withRows(excluded, seen, this.rows));
    });
  }

  #scan(query: number, k: number, excluded: Uint8Array | null): Ranking {
    const core = this.#core;
    const scores = core.alloc(this.rows * 4);
    core.exports.scan(query, this.#matrix, this.rows, this.factors, scores);
    return select(core, scores, this.rows, k, putMask(core, excluded, this.rows));
  }

  /** The at most `k` rows with the highest cosine with row `row`, without `row` itself; a zero row has cosine 0. */
  nearest(row: number, k: number, excluded: Uint8Array | null): Ranking {
    this.#assertRow(row);
    this.#ensureInverseNorms();
    const core = this.#core;
    return core.scratch(() => {
      const scores = core.alloc(this.rows * 4);
      core.exports.scan_cosine(
        this.#matrix + row * this.#stride * 4,
        core.f32(this.#inverseNorms, this.rows)[row],
        this.#matrix,
        this.#inverseNorms,
        this.rows,
        this.factors,
        scores,
      );
      const mask = withRows(excluded, Int32Array.of(row), this.rows);
      return select(core, scores, this.rows, k, putMask(core, mask, this.rows));
    });
  }

  /** The at most `k` highest of any scores, by the order that all rankings share; NaN is left out. */
  topOf(scores: Float32Array, k: number, excluded: Uint8Array | null): Ranking {
    const core = this.#core;
    return core.scratch(() => select(core, core.put(scores), scores.length, k, putMask(core, excluded, scores.length)));
  }

  #assertRow(index: number): void {
    assert(Number.isInteger(index) && index >= 0 && index < this.rows, "a row of this side");
  }

  /** Copies unpadded rows to `address`, padded. */
  #storeRows(address: number, values: Float32Array): void {
    const rows = values.length / this.factors;
    const target = this.#core.f32(address, rows * this.#stride);
    if (this.#stride === this.factors) {
      target.set(values);
      return;
    }
    target.fill(0);
    for (let r = 0; r < rows; r++) {
      target.set(values.subarray(r * this.factors, (r + 1) * this.factors), r * this.#stride);
    }
  }

  #storeGramian(gramian: Float64Array): void {
    const core = this.#core;
    if (gramian.length !== this.factors ** 2) {
      throw new IntegrityError("gramian", `${gramian.length} values, expected ${this.factors} × ${this.factors}`);
    }
    const side = core.systemSide(this.factors);
    const target = core.f64(this.#gramian, side * side).fill(0);
    for (let d = 0; d < this.factors; d++) {
      target.set(gramian.subarray(d * this.factors, (d + 1) * this.factors), d * side);
    }
    if (!core.exports.all_finite_f64(this.#gramian, side * side)) {
      throw new IntegrityError("gramian", "a value is not finite");
    }
  }

  #computeGramian(): void {
    const core = this.#core;
    core.scratch(() => {
      const workspace = core.alloc(core.exports.gramian_workspace_bytes(this.factors));
      core.exports.gramian(this.#matrix, this.rows, this.factors, workspace, this.#gramian);
    });
  }

  #ensureInverseNorms(): void {
    if (this.#hasInverseNorms) return;
    this.#core.exports.inverse_norms(this.#matrix, this.rows, this.factors, this.#inverseNorms);
    this.#hasInverseNorms = true;
  }

  /** One call of the core a row: V8 replaces its first, slow code only between calls. */
  #solveChunk(indptr: Int32Array, items: Int32Array, weights: Float32Array, firstRow: number): Float32Array {
    const core = this.#core;
    const rows = indptr.length - 1;
    const [begin, end] = [indptr[0], indptr[rows]];
    assert(0 <= begin && begin <= end && end <= items.length, "entries within items");
    return core.scratch(() => {
      const itemsAddress = core.put(items.subarray(begin, end));
      const weightsAddress = core.put(weights.subarray(begin, end));
      const out = core.alloc(this.#stride * 4);
      const solved = new Float32Array(rows * this.factors);
      const row = core.f32(out, this.factors);
      for (let r = 0; r < rows; r++) {
        const offset = (indptr[r] - begin) * 4;
        const count = indptr[r + 1] - indptr[r];
        assert(count >= 0 && indptr[r + 1] <= end, "indptr ascends");
        const status = this.#solver.solve(itemsAddress + offset, weightsAddress + offset, count, out);
        if (status !== 0) throw new DataError("solver", `row ${firstRow + r}: ${FAULTS[status]}`);
        solved.set(row, r * this.factors);
      }
      return solved;
    });
  }
}

function checkStatus(status: number): void {
  if (status !== 0) throw new DataError("explanation", FAULTS[status]);
}

/** What is made, or null where memory does not suffice for it. */
function whereMemorySuffices<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof DataError) return null;
    throw error;
  }
}

/** Address of a copy of the mask, or 0. */
function putMask(core: Core, excluded: Uint8Array | null, rows: number): number {
  if (!excluded) return 0;
  assert(excluded.length === rows, "a byte of the mask for each row");
  return core.put(excluded);
}

/** The mask with these rows added. */
function withRows(excluded: Uint8Array | null, rows: Int32Array, length: number): Uint8Array | null {
  if (rows.length === 0) return excluded;
  const mask = excluded?.slice() ?? new Uint8Array(length);
  for (const row of rows) mask[row] = 1;
  return mask;
}

/** The best `k` of `rows` scores at an address. To be called within `scratch`. */
function select(core: Core, scores: number, rows: number, k: number, excluded: number): Ranking {
  const places = outputs(core, rows, k);
  return rankingAt(
    core,
    places,
    core.exports.top(scores, rows, excluded, places.room, places.heap, places.rows, places.scores),
  );
}

/** To be called within `scratch`. */
function outputs(core: Core, rows: number, k: number): Outputs {
  assert(Number.isInteger(k) && k >= 0, "k is a whole number");
  const room = Math.min(k, rows);
  return { room, heap: core.alloc(room * 8), rows: core.alloc(room * 4), scores: core.alloc(room * 4) };
}

function rankingAt(core: Core, { rows, scores }: Outputs, count: number): Ranking {
  return { rows: core.i32(rows, count).slice(), scores: core.f32(scores, count).slice() };
}
