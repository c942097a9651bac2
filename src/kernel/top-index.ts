import type { Core, TopIndexExports } from "./core.ts";

/** Rows prepared by one call of the core: V8 replaces its first, slow code only between calls. A multiple of 16. */
const CHUNK_ROWS = 512;

/** Where a matrix lies in the core's memory. */
export interface StoredMatrix {
  readonly address: number;
  readonly rows: number;
  readonly factors: number;
}

/**
 * An index over the rows of a matrix in the core's memory, through which the best of them are found without scoring
 * most: the same rows and score bits as a scan of them all (assembly/top-search.ts). It takes about 77 bytes a
 * row at 64 dimensions, for as long as the core lives.
 */
export class TopIndex {
  readonly #core: Core;
  readonly #exports: TopIndexExports;
  readonly #matrix: StoredMatrix;
  readonly #address: number;

  /** @throws DataError when memory does not suffice */
  constructor(core: Core, exports: TopIndexExports, matrix: StoredMatrix) {
    this.#core = core;
    this.#exports = exports;
    this.#matrix = matrix;
    this.#address = core.alloc(exports.top_index_bytes(matrix.rows, matrix.factors) >>> 0);
    this.build();
  }

  /** Reads the matrix again. */
  build(): void {
    const { address, rows, factors } = this.#matrix;
    const core = this.#core;
    core.scratch(() => {
      const scratch = core.alloc(this.#exports.top_index_scratch_bytes(rows) >>> 0);
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        this.#exports.top_index_keys(address, factors, from, Math.min(from + CHUNK_ROWS, rows), scratch);
      }
      this.#exports.top_index_sort(rows, factors, scratch, this.#address);
    });
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      this.#exports.top_index_encode(address, rows, factors, from, Math.min(from + CHUNK_ROWS, rows), this.#address);
    }
  }

  /**
   * How many rows were found; their numbers and scores lie at `outRows` and `outScores`, best first.
   *
   * @param query address of a padded row of finite values
   * @param seen rows to leave out
   * @param excluded address of a byte for each row, nonzero where it is left out, or 0
   * @param k at most the number of rows
   * @param heap address of 8·k bytes; the outputs have 4·k
   */
  search(
    query: number,
    seen: Int32Array,
    excluded: number,
    k: number,
    heap: number,
    outRows: number,
    outScores: number,
  ): number {
    const { address, rows, factors } = this.#matrix;
    const seenAddress = this.#core.put(seen);
    return this.#exports.top_index_search(
      this.#address,
      address,
      rows,
      factors,
      query,
      k,
      seenAddress,
      seen.length,
      excluded,
      heap,
      outRows,
      outScores,
    );
  }
}
