import { DataError } from "../base/errors.ts";
import type { InteractionColumns } from "./interaction-rows.ts";

/** What a column of interactions can mean. */
export const COLUMN_ROLES = ["user", "item", "rating", "timestamp", "seq", "count"] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Names of the columns that are not named as their role. */
export type ColumnNames = Readonly<Partial<Record<ColumnRole, string>>>;

/**
 * Finds the columns of interactions in a table's header. `user` and `item` are needed; `rating` and `timestamp` count
 * where they are; `seq`, each line's place in its user's history, and `count`, how many times it happened, only where
 * `names` has them. Throws DataError for a column that is missing or stands there twice.
 */
export function columnsByRole(path: string, header: readonly string[], names: ColumnNames): InteractionColumns {
  const needed = (role: ColumnRole) => columnIndex(path, header, names[role] ?? role);
  const named = (role: ColumnRole) => (names[role] === undefined ? null : needed(role));
  const present = (role: ColumnRole) => (names[role] !== undefined || header.includes(role) ? needed(role) : null);
  return {
    width: header.length,
    user: needed("user"),
    item: needed("item"),
    rating: present("rating"),
    timestamp: present("timestamp"),
    sequence: named("seq"),
    count: named("count"),
  };
}

/** Place of a column in the header. Throws DataError when it is missing or stands there twice. */
export function columnIndex(path: string, header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  const quoted = JSON.stringify(name);
  if (index < 0) {
    const found = header.map((column) => JSON.stringify(column)).join(", ");
    throw new DataError(path, `the header has no column ${quoted}, only ${abbreviated(found)}`);
  }
  if (header.lastIndexOf(name) !== index) throw new DataError(path, `the header has the column ${quoted} twice`);
  return index;
}

function abbreviated(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
