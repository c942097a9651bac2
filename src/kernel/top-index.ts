import type { Core, TopIndexExports } from "./core.ts";

/** Rows prepared by one call of the core: V8 replaces its first, slow code only between calls. A multiple of 16. */
const CHUNK_ROWS = 512;

/** Where a matrix lies in the core's memory. */
export interface StoredMatrix {
  readonly address: number;
  readonly rows: number;
  readonly factors: number;
}

/** Addresses where a ranking of at most `room` rows is made: of 8 bytes a row for work, its rows and its scores. */
export interface Outputs {
  readonly room: number;
  readonly heap: number;
  readonly rows: number;
  readonly scores: number;
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
   * How many rows were found; their numbers and scores lie in the outputs, best first. Null where the values
   * are so large that a bound might overflow: then every row has to be scored.
   *
   * @param query address of a padded row of finite values
   * @param seen rows to leave out
   * @param excluded address of a byte for each row, nonzero where it is left out, or 0
   * @param outputs of at most as many rows as there are
   */
  search(query: number, seen: Int32Array, excluded: number, outputs: Outputs): number | null {
    const { address, rows, factors } = this.#matrix;
    const seenAddress = this.#core.alloc(seen.length * 8);
    this.#core.i32(seenAddress, seen.length).set(seen);
    const found = this.#exports.top_index_search(
      this.#address,
      address,
      rows,
      factors,
      query,
      outputs.room,
      seenAddress,
      seen.length,
      excluded,
      outputs.heap,
      outputs.rows,
      outputs.scores,
    );
    return found < 0 ? null : found;
  }
}
