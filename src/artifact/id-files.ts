import type { CatalogueItem } from "../base/catalogue.ts";
import { IntegrityError } from "../base/errors.ts";
import { compareIds, type IdKind, idFault, type JsonId, toJsonId } from "../base/ids.ts";

export interface IdList {
  readonly kind: IdKind;
  readonly ids: readonly string[];
}

/** Encodes `users.json`: the ids in row order, one a line. */
export function encodeUsersFile(kind: IdKind, ids: readonly string[]): Uint8Array {
  return encodeLines(ids.map((id) => toJsonId(kind, id)));
}

/** @throws IntegrityError when the file is not an ascending list of ids. */
export function decodeUsersFile(bytes: Uint8Array, subject: string): IdList {
  return checkIds(parseArray(bytes, subject), subject);
}

/** Encodes `items.json`: the items in row order, one a line. */
export function encodeItemsFile(kind: IdKind, items: readonly CatalogueItem[]): Uint8Array {
  return encodeLines(
    items.map(({ movie_id, title, year, genres }) => ({ movie_id: toJsonId(kind, movie_id), title, year, genres })),
  );
}

/** @throws IntegrityError when the file is not a list of items with ascending ids. */
export function decodeItemsFile(bytes: Uint8Array, subject: string): { kind: IdKind; items: readonly CatalogueItem[] } {
  const entries = parseArray(bytes, subject);
  const bad = entries.findIndex((entry) => !isItem(entry));
  if (bad >= 0) throw new IntegrityError(subject, `entry ${bad} is not an item with movie_id, title, year and genres`);
  const items = entries as readonly (Omit<CatalogueItem, "movie_id"> & { movie_id: JsonId })[];
  const { kind, ids } = checkIds(
    items.map(({ movie_id }) => movie_id),
    subject,
  );
  return { kind, items: items.map((item, row) => ({ ...item, movie_id: ids[row] as string })) };
}

function encodeLines(entries: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(`[\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`);
}

function parseArray(bytes: Uint8Array, subject: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new IntegrityError(subject, "is not JSON in UTF-8", { cause });
  }
  if (!Array.isArray(parsed)) throw new IntegrityError(subject, "is not a JSON array");
  return parsed;
}

function checkIds(entries: readonly unknown[], subject: string): IdList {
  const kind: IdKind = typeof entries[0] === "string" ? "string" : "integer";
  const ids = entries.map((entry, row) => {
    const fits = kind === "string" ? typeof entry === "string" : Number.isSafeInteger(entry) && (entry as number) >= 0;
    const id = String(entry);
    if (!fits || idFault(id)) throw new IntegrityError(subject, `entry ${row} is not an id of the ${kind} kind`);
    return id;
  });
  const unordered = ids.findIndex((id, row) => row > 0 && compareIds(kind, ids[row - 1] as string, id) >= 0);
  if (unordered >= 0) throw new IntegrityError(subject, `the ids do not ascend at entry ${unordered}`);
  return { kind, ids };
}

function isItem(entry: unknown): boolean {
  if (typeof entry !== "object" || entry === null) return false;
  const { movie_id, title, year, genres, ...rest } = entry as Record<string, unknown>;
  return (
    movie_id !== undefined &&
    (title === null || typeof title === "string") &&
    (year === null || Number.isSafeInteger(year)) &&
    Array.isArray(genres) &&
    genres.every((genre) => typeof genre === "string") &&
    Object.keys(rest).length === 0
  );
}
