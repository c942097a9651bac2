import { snapshotId } from "./content-id.ts";
import type { Interactions, Snapshot } from "./snapshot.ts";

/**
 * Those interactions of a snapshot that `keep` holds for, as a snapshot of its own: nothing of the others is in it.
 * Users without any are left out; the catalogue stays whole.
 * @param keep one byte an interaction, non-zero to keep it
 */
export function partOf(snapshot: Snapshot, keep: Uint8Array): Snapshot {
  const { user, item, value, count, time } = snapshot.interactions;
  const places = Int32Array.from(user.keys()).filter((at) => keep[at] !== 0);
  const rows = new Map<number, number>();
  for (const at of places) if (!rows.has(user[at])) rows.set(user[at], rows.size);
  const interactions: Interactions = {
    length: places.length,
    user: places.map((at) => rows.get(user[at]) as number),
    item: places.map((at) => item[at]),
    value: Float32Array.from(places, (at) => value[at]),
    count: places.map((at) => count[at]),
    time: Float64Array.from(places, (at) => time[at]),
  };
  const { userKind, itemKind, items } = snapshot;
  const content = {
    userKind,
    itemKind,
    users: Array.from(rows.keys(), (row) => snapshot.users[row]),
    items,
    interactions,
  };
  return { id: snapshotId(content), ...content };
}
