import { MAX_ID_BYTES } from "./limits.ts";

/**
 * User and item ids are strings inside; `IdKind` says how a snapshot's ids of one side look in JSON.
 * They are integers when every one of them is a canonical decimal integer from 0 to 2^53-1.
 */
export type IdKind = "integer" | "string";

/** An id as it stands in JSON. */
export type JsonId = number | string;

const CANONICAL_INTEGER = /^(?:0|[1-9][0-9]{0,15})$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what ids must not hold
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

export function isCanonicalInteger(id: string): boolean {
  return CANONICAL_INTEGER.test(id) && Number(id) <= Number.MAX_SAFE_INTEGER;
}

/** What is wrong with `id` as a user or item id, or null when nothing is. */
export function idFault(id: string): string | null {
  if (id.length === 0) return "must not be empty";
  if (CONTROL.test(id)) return "must not hold control characters";
  if (!id.isWellFormed()) return "must be well-formed Unicode";
  const bytes = utf8ByteLength(id);
  return bytes > MAX_ID_BYTES ? `must be 1 to ${MAX_ID_BYTES} bytes in UTF-8, is ${bytes}` : null;
}

export function idKindOf(ids: Iterable<string>): IdKind {
  for (const id of ids) if (!isCanonicalInteger(id)) return "string";
  return "integer";
}

export function toJsonId(kind: IdKind, id: string): JsonId {
  return kind === "integer" && isCanonicalInteger(id) ? Number(id) : id;
}

/** Total order of ids: integers by value when the kind says so, otherwise by UTF-8 bytes. */
export function compareIds(kind: IdKind, a: string, b: string): number {
  return kind === "integer" ? Number(a) - Number(b) : compareUtf8(a, b);
}

/** Compares as the UTF-8 encodings do, which is code point order and not UTF-16's. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the basic plane, where UTF-8 has them. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function utf8ByteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
