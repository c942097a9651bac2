// What host and core must agree on. The host reads these values from the instance and refuses a core whose values
// it was not written for.
//
// A matrix of `rows` × `factors` float32 lies row after row. A row takes `padded(factors)` values; the last 0 to 3
// are zero, so that kernels read whole 16-byte vectors.

/**
 * The interface to the host. Engines that answered are kept and driven again by later hosts, so it only grows: a new
 * export stands beside the old ones, and no export ever changes its meaning. This number then stays as it is.
 */
export const ABI_VERSION: i32 = 1;

/** Values in a vector of float32; rows are padded to a multiple of it. */
export const ROW_LANES: i32 = 4;

export const MAX_FACTORS: i32 = 256;

/** The Gramian is summed in this many ranges of rows, whatever the number of rows. */
export const GRAMIAN_RANGES: i32 = 32;

/** Outer products are summed in float32 over at most this many entries, then added to the float64 total. */
export const SUM_ENTRIES: i32 = 1024;

/** Square systems are padded to a multiple of this: two vectors of float32, four of float64. */
export const SYSTEM_LANES: i32 = 8;

/** Rows of one tile of outer products: both copies of it and the sums stay in the first-level cache at 64 factors. */
export const TILE_ROWS: i32 = 32;

/** Values in a stored row. */
export function padded(factors: i32): i32 {
  return (factors + ROW_LANES - 1) & -ROW_LANES;
}

/** Side of a stored square system. */
export function system_side(factors: i32): i32 {
  return (factors + SYSTEM_LANES - 1) & -SYSTEM_LANES;
}
