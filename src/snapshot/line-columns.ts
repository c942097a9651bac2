const FIRST_CAPACITY = 1 << 12;

/**
 * The lines given to a builder, as growing columns of 20 bytes a line, and 8 more once a line has a sequence.
 * Unknown times and sequences are NaN.
 */
export class LineColumns {
  length = 0;
  user = new Int32Array(FIRST_CAPACITY);
  item = new Int32Array(FIRST_CAPACITY);
  value = new Float32Array(FIRST_CAPACITY);
  time = new Float64Array(FIRST_CAPACITY);
  /** Null until a line has a sequence. */
  sequence: Float64Array<ArrayBuffer> | null = null;

  push(user: number, item: number, value: number, time: number | null, sequence: number | null): void {
    const at = this.length++;
    if (at === this.user.length) this.#grow(at * 2);
    this.user[at] = user;
    this.item[at] = item;
    this.value[at] = value;
    this.time[at] = time ?? Number.NaN;
    if (sequence !== null) this.sequence ??= new Float64Array(this.user.length).fill(Number.NaN);
    if (this.sequence !== null) this.sequence[at] = sequence ?? Number.NaN;
  }

  /** Moves each buffer instead of copying it, which runtimes do without holding both. */
  #grow(capacity: number): void {
    this.user = new Int32Array(this.user.buffer.transfer(capacity * 4));
    this.item = new Int32Array(this.item.buffer.transfer(capacity * 4));
    this.value = new Float32Array(this.value.buffer.transfer(capacity * 4));
    this.time = new Float64Array(this.time.buffer.transfer(capacity * 8));
    if (this.sequence !== null) this.sequence = new Float64Array(this.sequence.buffer.transfer(capacity * 8));
  }
}
