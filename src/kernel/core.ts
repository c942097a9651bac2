import { instantiateSync } from "@assemblyscript/loader";
import { DataError, IntegrityError } from "../base/errors.ts";
import { MAX_FACTORS } from "../base/limits.ts";

/**
 * The interface between host and core that this file is written for. It stays 1: kept engines answer replays for as
 * long as their answers are kept, so new exports come beside old ones and none ever changes its meaning.
 */
const ABI_VERSION = 1;

type Constant = { readonly value: number };

/** What the core exports (assembly/index.ts). Addresses, counts and booleans are 32-bit integers. */
export type CoreExports = {
  readonly memory: WebAssembly.Memory;
  readonly ABI_VERSION: Constant;
  readonly ROW_LANES: Constant;
  readonly SYSTEM_LANES: Constant;
  readonly MAX_FACTORS: Constant;
  arena_alloc(bytes: number): number;
  arena_mark(): number;
  arena_release(mark: number): void;
  all_finite_f32(values: number, count: number): number;
  all_finite_f64(values: number, count: number): number;
  contributions(
    items: number,
    weights: number,
    count: number,
    target: number,
    matrix: number,
    rows: number,
    factors: number,
    workspace: number,
    out: number,
  ): number;
  fill_normals(
    out: number,
    seedLow: number,
    seedHigh: number,
    side: number,
    firstRow: number,
    rows: number,
    factors: number,
    stddev: number,
  ): void;
  gramian(matrix: number, rows: number, factors: number, workspace: number, out: number): void;
  gramian_workspace_bytes(factors: number): number;
  inverse_norms(matrix: number, rows: number, factors: number, out: number): void;
  prepare(
    items: number,
    weights: number,
    count: number,
    matrix: number,
    rows: number,
    factors: number,
    gramian: number,
    unobservedWeight: number,
    lambda: number,
    exponent: number,
    workspace: number,
  ): number;
  scan(query: number, matrix: number, rows: number, factors: number, out: number): void;
  scan_cosine(
    query: number,
    queryInverseNorm: number,
    matrix: number,
    inverseNorms: number,
    rows: number,
    factors: number,
    out: number,
  ): void;
  solve_row(
    items: number,
    weights: number,
    count: number,
    matrix: number,
    rows: number,
    factors: number,
    gramian: number,
    unobservedWeight: number,
    lambda: number,
    exponent: number,
    workspace: number,
    out: number,
  ): number;
  solve_workspace_bytes(factors: number): number;
  top(
    scores: number,
    rows: number,
    excluded: number,
    k: number,
    heap: number,
    outRows: number,
    outScores: number,
  ): number;
  weights(
    rule: number,
    parameter: number,
    halfLife: number,
    reference: number,
    values: number,
    counts: number,
    times: number,
    count: number,
    out: number,
  ): number;
};

/** What cores export that have an index for the best rows (assembly/top-index.ts); kept engines may be older. */
export type TopIndexExports = {
  top_index_bytes(rows: number, factors: number): number;
  top_index_encode(matrix: number, rows: number, factors: number, from: number, to: number, index: number): void;
  top_index_keys(matrix: number, factors: number, from: number, to: number, scratch: number): void;
  top_index_scratch_bytes(rows: number): number;
  top_index_search(
    index: number,
    matrix: number,
    rows: number,
    factors: number,
    query: number,
    k: number,
    seen: number,
    seenCount: number,
    excluded: number,
    heap: number,
    outRows: number,
    outScores: number,
  ): number;
  top_index_sort(rows: number, factors: number, scratch: number, index: number): void;
};

/** What cores export that solve rows by conjugate gradients (assembly/gradients.ts); kept engines may be older. */
export type GradientExports = {
  contributions_by_gradients(target: number, workspace: number, out: number): number;
  gradient_workspace_bytes(factors: number, room: number): number;
  precondition(
    rows: number,
    factors: number,
    gramian: number,
    unobservedWeight: number,
    lambda: number,
    exponent: number,
    workspace: number,
    out: number,
  ): number;
  preconditioner_bytes(factors: number): number;
  preconditioner_workspace_bytes(factors: number): number;
  solve_row_by_gradients(
    items: number,
    weights: number,
    count: number,
    matrix: number,
    rows: number,
    factors: number,
    preconditioner: number,
    unobservedWeight: number,
    lambda: number,
    exponent: number,
    steps: number,
    room: number,
    workspace: number,
    out: number,
  ): number;
};

/**
 * One instance of the core with its memory.
 *
 * Memory is a stack: `alloc` takes from its end, `scratch` gives back what was taken inside it. What is taken outside
 * of `scratch` lives as long as the instance, so a model that replaces another gets an instance of its own.
 * A view dies when memory grows: derive it after the last `alloc` and do not keep it.
 */
export class Core {
  readonly exports: CoreExports;
  /** Null in a core from before there was an index. */
  readonly topIndex: TopIndexExports | null;
  /** Null in a core from before there were conjugate gradients. */
  readonly gradients: GradientExports | null;
  /** Rows are stored padded with zeros to a multiple of this many values. */
  readonly rowLanes: number;
  /** Square systems are stored padded to a multiple of this many rows and columns. */
  readonly systemLanes: number;

  constructor(exports: CoreExports & Partial<TopIndexExports & GradientExports>) {
    this.exports = exports;
    this.topIndex = hasTopIndex(exports) ? exports : null;
    this.gradients = hasGradients(exports) ? exports : null;
    this.rowLanes = exports.ROW_LANES.value;
    this.systemLanes = exports.SYSTEM_LANES.value;
  }

  /** Values in a stored row. */
  stride(factors: number): number {
    return Math.ceil(factors / this.rowLanes) * this.rowLanes;
  }

  /** Rows and columns of a stored square system. */
  systemSide(factors: number): number {
    return Math.ceil(factors / this.systemLanes) * this.systemLanes;
  }

  /** Address of `bytes` bytes, not zeroed. Throws DataError when memory cannot grow that far. */
  alloc(bytes: number): number {
    const address = bytes < 2 ** 32 ? this.exports.arena_alloc(bytes) >>> 0 : 0;
    if (address === 0) throw new DataError("core", `needs ${bytes} bytes more than 4 GiB of memory allow`);
    return address;
  }

  /** Address of a copy of `values`. */
  put(values: Float32Array | Float64Array | Int32Array | Uint8Array): number {
    const address = this.alloc(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.u8(address, bytes.length).set(bytes);
    return address;
  }

  /** Runs `work` and gives back the memory it took. */
  scratch<T>(work: () => T): T {
    const mark = this.exports.arena_mark();
    try {
      return work();
    } finally {
      this.exports.arena_release(mark);
    }
  }

  u8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address, length);
  }

  i32(address: number, length: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, address, length);
  }

  f32(address: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, address, length);
  }

  f64(address: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, address, length);
  }
}

function hasTopIndex(exports: Partial<TopIndexExports>): exports is TopIndexExports {
  return exports.top_index_search !== undefined;
}

function hasGradients(exports: Partial<GradientExports>): exports is GradientExports {
  return exports.solve_row_by_gradients !== undefined;
}

function constantOf(exports: object, name: string): unknown {
  return (Reflect.get(exports, name) as Partial<Constant> | undefined)?.value;
}

/**
 * An instance of a compiled core; Workers forbid compiling from bytes, so the entry passes a module in.
 * Throws IntegrityError when the module wants imports or was built for another host.
 */
export function instantiateCore(module: WebAssembly.Module): Core {
  const [wanted] = WebAssembly.Module.imports(module);
  if (wanted) throw new IntegrityError("core", `wants the import ${wanted.module}.${wanted.name}; it must want none`);
  const { exports } = instantiateSync<CoreExports>(module);
  const expected = { ABI_VERSION, ROW_LANES: 4, SYSTEM_LANES: 8, MAX_FACTORS, GRAMIAN_RANGES: 32 };
  for (const [name, value] of Object.entries(expected)) {
    const found = constantOf(exports, name);
    if (found !== value) throw new IntegrityError("core", `${name} is ${found}, expected ${value}`);
  }
  return new Core(exports);
}
