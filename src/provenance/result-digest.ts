import { sha256Hex } from "../base/hash.ts";
import type { JsonId } from "../base/ids.ts";

const encoder = new TextEncoder();

/**
 * The identity of a ranked list: SHA-256 of the number of items as uint32 little-endian, then for each item the length
 * of its id in UTF-8 as uint32, the id, and the float32 score, all little-endian.
 * @param sha256 gives lower-case hex; a platform's own takes a quarter of the time, and every answer has one
 */
export function resultDigest(
  list: readonly { readonly movie_id: JsonId; readonly score: number }[],
  sha256: (bytes: Uint8Array) => string = sha256Hex,
): string {
  let size = 4;
  for (const { movie_id } of list) size += 8 + mostBytesOf(movie_id);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, list.length, true);
  let at = 4;
  for (const { movie_id, score } of list) {
    const length = writeUtf8(String(movie_id), bytes, at + 4);
    view.setUint32(at, length, true);
    view.setFloat32(at + 4 + length, score, true);
    at += 8 + length;
  }
  return `sha256:${sha256(bytes.subarray(0, at))}`;
}

/** Of UTF-8, for a unit of UTF-16. */
const MAX_BYTES_PER_UNIT = 3;
/** 2^53 - 1 has as many digits. */
const MAX_DIGITS = 16;

function mostBytesOf(id: JsonId): number {
  return typeof id === "number" ? MAX_DIGITS : MAX_BYTES_PER_UNIT * id.length;
}

/** Writes a text and returns its length in bytes. Every answer has dozens of ids, for which an encoder's call is slow. */
function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    if (unit > 0x7f) return encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at + place] = unit;
  }
  return text.length;
}
