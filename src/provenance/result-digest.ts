import { sha256Digest } from "../base/hash.ts";
import { type JsonId, utf8ByteLength } from "../base/ids.ts";

/**
 * The identity of a ranked list: SHA-256 of the number of items as uint32 little-endian, then for each item the length
 * of its id in UTF-8 as uint32, the id, and the float32 score, all little-endian.
 */
export function resultDigest(list: readonly { readonly movie_id: JsonId; readonly score: number }[]): string {
  const ids = list.map(({ movie_id }) => String(movie_id));
  const bytes = new Uint8Array(ids.reduce((size, id) => size + 8 + utf8ByteLength(id), 4));
  const view = new DataView(bytes.buffer);
  const encoder = new TextEncoder();
  view.setUint32(0, list.length, true);
  let at = 4;
  list.forEach(({ score }, place) => {
    const id = encoder.encode(ids[place] as string);
    view.setUint32(at, id.length, true);
    bytes.set(id, at + 4);
    view.setFloat32(at + 4 + id.length, score, true);
    at += 8 + id.length;
  });
  return sha256Digest(bytes);
}
