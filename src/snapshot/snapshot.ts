import type { CatalogueItem } from "../base/catalogue.ts";
import type { IdKind } from "../base/ids.ts";

export type { CatalogueItem };

/**
 * An immutable, deduplicated, ordered set of interactions and the catalogue.
 *
 * Interactions are columns of equal length, ordered by user row and, within a user, from oldest to newest.
 * A (user, item) pair stands once.
 */
export interface Snapshot {
  /** SHA-256 of the logical encoding, lower-case hex. */
  readonly id: string;
  readonly userKind: IdKind;
  readonly itemKind: IdKind;
  /** User ids in id order; the place is the user row. */
  readonly users: readonly string[];
  /** The catalogue in id order; the place is the catalogue row. */
  readonly items: readonly CatalogueItem[];
  readonly interactions: Interactions;
}

export interface Interactions {
  readonly length: number;
  /** User row of each interaction, ascending. */
  readonly user: Int32Array;
  /** Catalogue row of each interaction. */
  readonly item: Int32Array;
  /** Value as float32: the rating, or 1 where the source has none. */
  readonly value: Float32Array;
  /** How many lines of the source were merged into this interaction, at least 1. */
  readonly count: Int32Array;
  /** Milliseconds since 1970 of the newest merged line, whole; NaN where unknown. */
  readonly time: Float64Array;
}

/** A byte for each item of the catalogue: 1 where it has an interaction. */
export function ratedItems({ items, interactions }: Snapshot): Uint8Array {
  const rated = new Uint8Array(items.length);
  for (const row of interactions.item) rated[row] = 1;
  return rated;
}
