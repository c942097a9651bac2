import { type ConversionStore, type FollowUpStretch, MAX_OUTCOMES } from "../provenance/conversion.ts";
import { CONVERSION_WINDOW_HOURS } from "./rules.ts";

const WINDOW_MS = CONVERSION_WINDOW_HOURS * 3_600_000;

/** Where it is noted what users did with their lists. */
export interface OutcomeCount {
  /** Of so many exposures of a user nothing can be known. */
  unknown(variant: string, userId: string, exposures: number): void;
  converted(variant: string, userId: string): void;
}

/**
 * Notes what came of the exposures of a slice, a page of lists at a time.
 * @param breathe lets others have their turn
 * @returns whether events of any of the slice's users are held
 */
export async function readOutcomes(
  store: ConversionStore,
  slice: Omit<FollowUpStretch, "windowMs">,
  count: OutcomeCount,
  breathe: () => Promise<void>,
): Promise<boolean> {
  const users = await store.followedUsers({ ...slice, windowMs: WINDOW_MS });
  await breathe();
  for (const { variant, user_id, unknown } of users) count.unknown(variant, user_id, unknown);
  const followed = users.flatMap((user) => user.followed.map((id) => ({ id, user })));
  // Lists of one batch were kept one after the other, and are read together.
  followed.sort((a, b) => a.id - b.id);
  for (let from = 0; from < followed.length; from += MAX_OUTCOMES) {
    const page = new Map(followed.slice(from, from + MAX_OUTCOMES).map(({ id, user }) => [id, user]));
    for (const { id, known, converted } of await store.outcomes([...page.keys()], WINDOW_MS)) {
      const user = page.get(id);
      if (user && !known) count.unknown(user.variant, user.user_id, 1);
      if (user && converted) count.converted(user.variant, user.user_id);
    }
    await breathe();
  }
  return users.some(({ has_events }) => has_events);
}
