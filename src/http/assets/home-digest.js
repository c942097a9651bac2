/**
 * The digest of a list as receipts state it: SHA-256 of the number of items as uint32, then of each item its id's
 * length in UTF-8 as uint32, the id and the float32 score, little-endian. Null where the browser does not hash.
 */
export async function resultDigest(recommendations) {
  if (!globalThis.crypto?.subtle) return null;
  const encoder = new TextEncoder();
  const ids = recommendations.map(({ movie_id }) => encoder.encode(String(movie_id)));
  const view = new DataView(new ArrayBuffer(ids.reduce((size, id) => size + 8 + id.length, 4)));
  view.setUint32(0, ids.length, true);
  let at = 4;
  for (const [place, id] of ids.entries()) {
    view.setUint32(at, id.length, true);
    new Uint8Array(view.buffer).set(id, at + 4);
    view.setFloat32(at + 4 + id.length, recommendations[place].score, true);
    at += 8 + id.length;
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", view.buffer));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
