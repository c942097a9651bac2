import { assert, InputError, NotFoundError } from "../base/errors.ts";
import type { IdKind } from "../base/ids.ts";
import type { Progress } from "../base/progress.ts";
import { ratedItems, type Snapshot } from "./snapshot.ts";

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

/** A snapshot as a list shows it: what is there under its id, or what is wrong with that. */
export type SnapshotEntry = SnapshotMeta | { readonly id: string; readonly broken: string };

/** Keeps snapshots under their ids. An id may be given by a prefix that no other snapshot shares. */
export interface SnapshotStore {
  /**
   * Keeps a snapshot in which every user has an interaction. One that is there already stays as it is, with its
   * origin; one that is there and damaged is replaced.
   */
  save(snapshot: Snapshot, origin: SnapshotOrigin, progress?: Progress): Promise<{ readonly path: string }>;
  /** Throws NotFoundError, InputError for an ambiguous prefix, IntegrityError when the content is not that of the id. */
  load(idOrPrefix: string, progress?: Progress): Promise<Snapshot>;
  /** Throws NotFoundError, InputError for an ambiguous prefix, IntegrityError when the description is unreadable. */
  meta(idOrPrefix: string): Promise<SnapshotMeta>;
  /**
   * Removes snapshots by their whole ids, each at once, and whatever an interrupted writer left. What is not there is
   * removed already.
   */
  remove(ids: readonly string[]): Promise<void>;
  /** Newest import first. Contents are not read: what is altered inside shows when it is loaded. */
  list(): Promise<SnapshotEntry[]>;
}

export function describeSnapshot(snapshot: Snapshot, origin: SnapshotOrigin): SnapshotMeta {
  return {
    id: snapshot.id,
    interactions: snapshot.interactions.length,
    users: snapshot.users.length,
    items: ratedItems(snapshot).reduce((items, isRated) => items + isRated, 0),
    catalogue: snapshot.items.length,
    user_kind: snapshot.userKind,
    item_kind: snapshot.itemKind,
    ...origin,
  };
}

export const SNAPSHOT_ID = /^[0-9a-f]{64}$/;

/**
 * The one of these ids that is named by itself or by a prefix that no other shares.
 * @throws NotFoundError, or InputError for an ambiguous prefix
 */
export function idNamed(idOrPrefix: string, ids: readonly string[]): string {
  const matches = ids.filter((id) => id.startsWith(idOrPrefix));
  if (matches.length > 1) {
    throw InputError.of("snapshot", idOrPrefix, `${JSON.stringify(idOrPrefix)} matches ${matches.length} snapshots`);
  }
  if (matches.length === 0) throw new NotFoundError("snapshot", idOrPrefix);
  return matches[0];
}

/** The order of a list; broken ones come last. */
export function newestFirst(a: SnapshotEntry, b: SnapshotEntry): number {
  const [timeA, timeB] = [a, b].map((one) => ("broken" in one ? "" : one.imported_at));
  return timeA < timeB ? 1 : timeA > timeB ? -1 : 0;
}

/** Users stand in the table of interactions only, by which they are read back. */
export function checkStorable({ users, interactions: { user } }: Snapshot): void {
  const withInteractions = user.reduce((count, row, at) => count + Number(at === 0 || row !== user[at - 1]), 0);
  assert(withInteractions === users.length, "every user of a stored snapshot has an interaction");
}
