import type { Artifact } from "../artifact/artifact.ts";
import type { CatalogueItem } from "../base/catalogue.ts";

/**
 * Interactions as columns of equal length, a user's next to one another. A snapshot is one; so are an artifact's
 * histories, and what came since.
 */
export interface ObservedInteractions {
  readonly users: readonly string[];
  readonly items: readonly CatalogueItem[];
  /** Place among `users`. */
  readonly user: Int32Array;
  /** Place among `items`. */
  readonly item: Int32Array;
  /** The rating; NaN where there is none. */
  readonly value: Float32Array;
}

/** What an artifact was trained on. */
export function trainedInteractions({ users, items, histories }: Artifact): ObservedInteractions {
  const { indptr, item, value } = histories.table;
  const user = new Int32Array(item.length);
  for (let row = 0; row < users.length; row++) user.fill(row, indptr[row], indptr[row + 1]);
  return { users, items, user, item, value };
}

/** How often each of `size` places stands in a column. */
export function occurrences(column: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size);
  for (const place of column) counts[place]++;
  return counts;
}
