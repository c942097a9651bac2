import type { IdKind } from "../base/ids.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where a snapshot came from and what became of its lines. Not part of its id. */
export interface SnapshotOrigin {
  /** Name of the file or folder. */
  readonly source: string;
  readonly format: string;
  /** ISO 8601 in UTC. */
  readonly imported_at: string;
  readonly lines: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly quarantined: number;
}

export interface SnapshotMeta extends SnapshotOrigin {
  readonly id: string;
  readonly interactions: number;
  readonly users: number;
  /** Items with at least one interaction. */
  readonly items: number;
  /** All items, rated or not. */
  readonly catalogue: number;
  readonly user_kind: IdKind;
  readonly item_kind: IdKind;
}

/** Keeps snapshots under their ids. An id may be given by a prefix that no other snapshot shares. */
export interface SnapshotStore {
  /** Keeps a snapshot in which every user has an interaction. One that is there already stays as it is. */
  save(snapshot: Snapshot, origin: SnapshotOrigin): Promise<{ readonly path: string }>;
  /** Throws NotFoundError, InputError for an ambiguous prefix, IntegrityError when the content is not that of the id. */
  load(idOrPrefix: string): Promise<Snapshot>;
  /** Throws NotFoundError, InputError for an ambiguous prefix, IntegrityError when the description is unreadable. */
  meta(idOrPrefix: string): Promise<SnapshotMeta>;
  /** Newest import first. */
  list(): Promise<SnapshotMeta[]>;
}

export function describeSnapshot(snapshot: Snapshot, origin: SnapshotOrigin): SnapshotMeta {
  return {
    id: snapshot.id,
    interactions: snapshot.interactions.length,
    users: snapshot.users.length,
    items: new Set(snapshot.interactions.item).size,
    catalogue: snapshot.items.length,
    user_kind: snapshot.userKind,
    item_kind: snapshot.itemKind,
    ...origin,
  };
}
