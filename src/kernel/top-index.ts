import type { Core, TopIndexExports } from "./core.ts";
import type { Ranking } from "./factor-space.ts";

/** Rows prepared by one call of the core: V8 replaces its first, slow code only between calls. A multiple of 64. */
const CHUNK_ROWS = 512;

/** Where a matrix lies in the core's memory. */
export interface StoredMatrix {
  readonly address: number;
  readonly rows: number;
  readonly factors: number;
}

interface MemoryViews {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly bytes: Uint8Array;
}

/**
 * An index over the rows of a matrix in the core's memory, through which the best of them are found without scoring
 * most: the same rows and score bits as a scan of them all (assembly/top-search.ts). It takes about 73 bytes a
 * row at 64 dimensions, for as long as the core lives.
 */
export class TopIndex {
  readonly #core: Core;
  readonly #exports: TopIndexExports;
  readonly #matrix: StoredMatrix;
  readonly #address: number;
  #views: MemoryViews = { floats: new Float32Array(0), integers: new Int32Array(0), bytes: new Uint8Array(0) };

  /** @throws DataError when memory does not suffice */
  constructor(core: Core, exports: TopIndexExports, matrix: StoredMatrix) {
    this.#core = core;
    this.#exports = exports;
    this.#matrix = matrix;
    this.#address = core.alloc(exports.top_index_bytes(matrix.rows, matrix.factors) >>> 0);
  }

  /** Reads the matrix, for the first time or again. @throws DataError when memory does not suffice */
  build(): this {
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
    return this;
  }

  /**
   * The at most `k` rows with the highest dot product with `query`, or null where the index cannot tell: where a value
   * is not finite or so large that a bound might overflow, and where nothing is wanted.
   *
   * @param query `factors` values
   * @param excluded a byte for each row, nonzero where it is left out, or null
   * @param seen more rows to leave out
   */
  search(query: Float32Array, k: number, excluded: Uint8Array | null, seen: Int32Array): Ranking | null {
    const { address, rows, factors } = this.#matrix;
    const room = Math.min(k, rows);
    if (room === 0) return null;
    const core = this.#core;
    const stride = core.stride(factors);
    const mark = core.exports.arena_mark();
    try {
      // One piece of memory: the query, the heap, places for rows and scores, seen rows with as much again, where kept
      // engines of an earlier index put aside what they change, the mask.
      const queryAt = core.alloc(stride * 4 + room * 16 + seen.length * 8 + (excluded?.length ?? 0));
      const heapAt = queryAt + stride * 4;
      const rowsAt = heapAt + room * 8;
      const scoresAt = rowsAt + room * 4;
      const seenAt = scoresAt + room * 4;
      const maskAt = seenAt + seen.length * 8;
      const { floats, integers, bytes } = this.#memory();
      floats.set(query, queryAt / 4);
      for (let d = factors; d < stride; d++) floats[queryAt / 4 + d] = 0;
      integers.set(seen, seenAt / 4);
      if (excluded) bytes.set(excluded, maskAt);
      const count = this.#exports.top_index_search(
        this.#address,
        address,
        rows,
        factors,
        queryAt,
        room,
        seenAt,
        seen.length,
        excluded ? maskAt : 0,
        heapAt,
        rowsAt,
        scoresAt,
      );
      if (count < 0) return null;
      return {
        rows: integers.slice(rowsAt / 4, rowsAt / 4 + count),
        scores: floats.slice(scoresAt / 4, scoresAt / 4 + count),
      };
    } finally {
      core.exports.arena_release(mark);
    }
  }

  /** Views of all memory, made anew when it has grown: making them takes as long as a small search. */
  #memory(): MemoryViews {
    if (this.#views.bytes.length === 0) {
      const { buffer } = this.#core.exports.memory;
      this.#views = {
        floats: new Float32Array(buffer),
        integers: new Int32Array(buffer),
        bytes: new Uint8Array(buffer),
      };
    }
    return this.#views;
  }
}
