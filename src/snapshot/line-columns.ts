import { release } from "../base/release.ts";

const FIRST_BLOCK_LINES = 1 << 12;
const LARGEST_BLOCK_LINES = 1 << 20;

/** Lines as columns of one length. Values that are not stated and unknown times and sequences are NaN. */
export interface Lines {
  readonly length: number;
  /** Numbers of users and items in the order of their first appearance. */
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly value: Float32Array<ArrayBuffer>;
  readonly time: Float64Array<ArrayBuffer>;
  /** Null where no line has a sequence. */
  readonly sequence: Float64Array<ArrayBuffer> | null;
  /** Null where every line counts 1. */
  readonly count: Int32Array<ArrayBuffer> | null;
}

/** A part of the lines; columns that none of them needs are null. */
interface Block {
  length: number;
  readonly capacity: number;
  user: Int32Array<ArrayBuffer> | null;
  item: Int32Array<ArrayBuffer> | null;
  value: Float32Array<ArrayBuffer> | null;
  time: Float64Array<ArrayBuffer> | null;
  sequence: Float64Array<ArrayBuffer> | null;
  count: Int32Array<ArrayBuffer> | null;
}
type ColumnName = Exclude<keyof Block, "length" | "capacity">;

/**
 * The lines given to a builder, in blocks, so that growing never holds a copy: 20 bytes a line, 8 more where it may
 * have a sequence and 4 more where it may count above 1.
 */
export class LineColumns {
  length = 0;
  readonly #blocks: Block[] = [];
  #last = emptyBlock(0);

  push(
    user: number,
    item: number,
    value: number | null,
    time: number | null,
    sequence: number | null,
    count: number,
  ): void {
    if (this.#last.length === this.#last.capacity) this.#grow();
    const block = this.#last;
    const at = block.length++;
    this.length++;
    (block.user as Int32Array)[at] = user;
    (block.item as Int32Array)[at] = item;
    (block.value as Float32Array)[at] = value ?? Number.NaN;
    (block.time as Float64Array)[at] = time ?? Number.NaN;
    if (sequence !== null) {
      block.sequence ??= new Float64Array(block.capacity).fill(Number.NaN);
      block.sequence[at] = sequence;
    }
    if (count !== 1) {
      block.count ??= new Int32Array(block.capacity).fill(1);
      block.count[at] = count;
    }
  }

  /** All lines, which are gone from here afterwards: each column's blocks are given back when it is joined. */
  take(): Lines {
    const { length } = this;
    const has = (name: ColumnName) => this.#blocks.some((block) => block[name] !== null);
    const lines = {
      length,
      user: this.#join("user", new Int32Array(length)),
      item: this.#join("item", new Int32Array(length)),
      value: this.#join("value", new Float32Array(length)),
      time: this.#join("time", new Float64Array(length)),
      sequence: has("sequence") ? this.#join("sequence", new Float64Array(length).fill(Number.NaN)) : null,
      count: has("count") ? this.#join("count", new Int32Array(length).fill(1)) : null,
    };
    this.#blocks.length = 0;
    this.#last = emptyBlock(0);
    this.length = 0;
    return lines;
  }

  #join<Column extends Int32Array | Float32Array | Float64Array>(name: ColumnName, column: Column): Column {
    let at = 0;
    for (const block of this.#blocks) {
      const part = block[name];
      if (part !== null) {
        column.set(part.subarray(0, block.length), at);
        release(part);
      }
      block[name] = null;
      at += block.length;
    }
    return column;
  }

  #grow(): void {
    this.#last = emptyBlock(Math.min(LARGEST_BLOCK_LINES, Math.max(FIRST_BLOCK_LINES, this.length)));
    this.#blocks.push(this.#last);
  }
}

function emptyBlock(capacity: number): Block {
  return {
    length: 0,
    capacity,
    user: new Int32Array(capacity),
    item: new Int32Array(capacity),
    value: new Float32Array(capacity),
    time: new Float64Array(capacity),
    sequence: null,
    count: null,
  };
}
