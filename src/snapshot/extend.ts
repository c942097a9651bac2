import { InputError } from "../base/errors.ts";
import type { NewerLine } from "../history/newer.ts";
import { SnapshotBuilder } from "./builder.ts";
import type { CatalogueItem, Snapshot } from "./snapshot.ts";
import type { SnapshotMeta } from "./store.ts";

/** The format of a snapshot that holds events, and so can be made of them again. */
export const EVENTS_FORMAT = "events";

/** @throws InputError naming the option, for a snapshot that holds events already: they would count twice. */
export function checkBase({ id, format }: SnapshotMeta, option: string): void {
  if (format === EVENTS_FORMAT) {
    throw InputError.of(option, id, "was made of events already; name the one that it was made from");
  }
}

/** A line of one user. */
export interface UserLine extends NewerLine {
  readonly user_id: string;
}

/**
 * A snapshot and what came after it, as one snapshot. Every newer line counts as later than everything in `base`, in
 * the order given, whatever its time; that is how an answer joins a history with newer events.
 *
 * @param base null: nothing
 * @param catalogue items to add, or to say more of
 * @param withoutUsers whose interactions are left out of both
 */
export function extendSnapshot(
  base: Snapshot | null,
  newer: Iterable<UserLine>,
  catalogue: readonly CatalogueItem[],
  withoutUsers: ReadonlySet<string>,
): Snapshot {
  const builder = new SnapshotBuilder();
  let place = 0;
  if (base !== null) {
    for (const item of base.items) builder.addItem(item);
    const { length, user, item, value, count, time } = base.interactions;
    for (; place < length; place++) {
      const userId = base.users[user[place]];
      if (withoutUsers.has(userId)) continue;
      const at = time[place];
      builder.add(
        userId,
        base.items[item[place]].movie_id,
        value[place],
        Number.isNaN(at) ? null : at,
        place,
        count[place],
      );
    }
  }
  for (const item of catalogue) builder.addItem(item);
  for (const { user_id, movie_id, value, time } of newer) {
    if (!withoutUsers.has(user_id)) builder.add(user_id, movie_id, value, time, place++);
  }
  return builder.build().snapshot;
}
