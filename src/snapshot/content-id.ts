import { sha256Stream } from "../base/hash.ts";
import type { IdKind } from "../base/ids.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a snapshot's id is computed from. */
export type SnapshotContent = Omit<Snapshot, "id">;

const MAGIC = "reprise-snapshot";
const VERSION = 1;
const BUFFER_BYTES = 1 << 16;
const KIND_BYTE: Readonly<Record<IdKind, number>> = { integer: 0, string: 1 };

/**
 * SHA-256, in lower-case hex, of the logical encoding of a snapshot, version 1.
 *
 * All numbers are little-endian. `text` is its length in bytes as uint32, then its UTF-8. `optional x` is the byte 0
 * where x is unknown, otherwise the byte 1 and x.
 *
 * ```
 * 16 bytes  "reprise-snapshot" in ASCII
 * uint32    1, the version of this encoding
 * byte      kind of user ids: 0 integer, 1 string
 * byte      kind of item ids, likewise
 * uint32    number of users; for each, in id order:
 *   text      id
 * uint32    number of items in the catalogue; for each, in id order:
 *   text      id
 *   optional text    title
 *   optional int32   year
 *   uint32    number of genres, each then a text
 * uint32    number of interactions; for each, by user row, then from oldest to newest:
 *   uint32    user row, the place among the users from 0
 *   uint32    item row, the place in the catalogue from 0
 *   float32   value
 *   uint32    count of merged lines
 *   optional int64   milliseconds since 1970
 * ```
 *
 * Integer ids are ordered by value, string ids by their UTF-8 bytes; both are written as text.
 */
export function snapshotId(content: SnapshotContent): string {
  const hash = sha256Stream();
  const encoder = new Encoder((bytes) => hash.update(bytes));
  encodeSnapshot(content, encoder);
  encoder.flush();
  return hash.hex();
}

function encodeSnapshot(content: SnapshotContent, to: Encoder): void {
  to.bytes(new TextEncoder().encode(MAGIC));
  to.uint32(VERSION);
  to.byte(KIND_BYTE[content.userKind]);
  to.byte(KIND_BYTE[content.itemKind]);
  to.uint32(content.users.length);
  for (const user of content.users) to.text(user);
  to.uint32(content.items.length);
  for (const { movie_id, title, year, genres } of content.items) {
    to.text(movie_id);
    to.byte(title === null ? 0 : 1);
    if (title !== null) to.text(title);
    to.byte(year === null ? 0 : 1);
    if (year !== null) to.int32(year);
    to.uint32(genres.length);
    for (const genre of genres) to.text(genre);
  }
  const { length, user, item, value, count, time } = content.interactions;
  to.uint32(length);
  for (let i = 0; i < length; i++) {
    to.uint32(user[i]);
    to.uint32(item[i]);
    to.float32(value[i]);
    to.uint32(count[i]);
    const known = !Number.isNaN(time[i]);
    to.byte(known ? 1 : 0);
    if (known) to.int64(time[i]);
  }
}

/** Collects small writes and hands them on in pieces. */
class Encoder {
  readonly #emit: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  readonly #encoder = new TextEncoder();
  #used = 0;

  constructor(emit: (bytes: Uint8Array) => void) {
    this.#emit = emit;
  }

  byte(value: number): void {
    this.#view.setUint8(this.#place(1), value);
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#place(4), value, true);
  }

  int32(value: number): void {
    this.#view.setInt32(this.#place(4), value, true);
  }

  float32(value: number): void {
    this.#view.setFloat32(this.#place(4), value, true);
  }

  /** `value` is a safe integer. In two halves, because a BigInt for each interaction would cost more than the hash. */
  int64(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    const at = this.#place(8);
    this.#view.setUint32(at, value - high * 2 ** 32, true);
    this.#view.setInt32(at + 4, high, true);
  }

  text(value: string): void {
    const bytes = this.#encoder.encode(value);
    this.uint32(bytes.length);
    this.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    if (value.length > BUFFER_BYTES) {
      this.flush();
      this.#emit(value);
    } else {
      this.#buffer.set(value, this.#place(value.length));
    }
  }

  flush(): void {
    this.#emit(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #place(bytes: number): number {
    if (this.#used + bytes > BUFFER_BYTES) this.flush();
    const at = this.#used;
    this.#used += bytes;
    return at;
  }
}
