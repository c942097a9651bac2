import type { DriftFeature } from "../artifact/drift-profile.ts";
import { type ObservedInteractions, occurrences } from "./observed.ts";
import type { DriftReference, Scores } from "./profile.ts";
import { type FeatureCounts, FeatureTally, type InteractionFeature, tallyInteractions } from "./tally.ts";

/** What the current data holds of each feature that it tells of. */
export interface Current {
  readonly features: Partial<Readonly<Record<DriftFeature, FeatureCounts>>>;
  /** Whoever has most of each kind of it. */
  readonly topUsers: readonly TopUser[];
  /** How often each rating stands; null where there are none, or too many different ones to list. */
  readonly ratings: ReadonlyMap<number, number> | null;
}

export interface TopUser {
  readonly user: string;
  readonly count: number;
  readonly total: number;
  /** How many there are. */
  readonly users: number;
  /** What is counted. */
  readonly of: "interactions" | "answers";
}

/** One list that was shown to a user. */
export interface ShownList {
  readonly user: string;
  /** The scores of its first items, as many as the profile's lists have; null where it is not like those. */
  readonly scores: Scores | null;
}

const MAX_RATING_VALUES = 1_000;

/** Interactions in the bins of the reference: all features but scores. */
export function currentInteractions(
  { profile, userActivity, itemPopularity }: DriftReference,
  observed: ObservedInteractions,
): Current & { readonly features: Readonly<Record<InteractionFeature, FeatureCounts>> } {
  const { users, items, user, value } = observed;
  const { rating, user_activity, item_popularity, genre, unknown_users, unknown_items } = profile.features;
  const activity = users.map(userActivity);
  const popularity = items.map(({ movie_id }) => itemPopularity(movie_id));
  const features = tallyInteractions(observed, {
    bins: {
      rating: rating.bins,
      user_activity: user_activity.bins,
      item_popularity: item_popularity.bins,
      genre: genre.bins,
      unknown_users: unknown_users.bins,
      unknown_items: unknown_items.bins,
    },
    userActivity: (row) => activity[row],
    itemPopularity: (row) => popularity[row],
  });
  const counts = occurrences(user, users.length);
  let top = 0;
  for (let row = 1; row < counts.length; row++) if (counts[row] > counts[top]) top = row;
  return {
    features,
    topUsers:
      user.length === 0
        ? []
        : [{ user: users[top], count: counts[top], total: user.length, users: users.length, of: "interactions" }],
    ratings: ratingTally(value),
  };
}

/**
 * What lists tell that were shown: whether their users are known, how active these are in the reference, and the scores
 * of each user's newest list that has them; the profile too has one list a user.
 * @param lists newest first
 */
export function currentAnswers({ profile, userActivity }: DriftReference, lists: Iterable<ShownList>): Current {
  const { score, user_activity, unknown_users } = profile.features;
  const byUser = new Map<string, { answers: number; scores: Scores | null }>();
  let total = 0;
  for (const { user, scores } of lists) {
    const own = byUser.get(user) ?? { answers: 0, scores: null };
    byUser.set(user, own);
    own.answers++;
    own.scores ??= scores;
    total++;
  }
  const active = new FeatureTally(user_activity.bins);
  const users = new FeatureTally(unknown_users.bins);
  const scored = score && new FeatureTally(score.bins);
  let top: TopUser | null = null;
  for (const [user, { answers, scores }] of byUser) {
    const activity = userActivity(user);
    active.number(activity);
    active.close();
    for (let answer = 0; answer < answers; answer++) users.known(activity > 0);
    users.close();
    for (const each of scores ?? []) scored?.number(each);
    scored?.close();
    if (answers > (top?.count ?? 0)) top = { user, count: answers, total, users: byUser.size, of: "answers" };
  }
  return {
    features: {
      user_activity: active.result(),
      unknown_users: users.result(),
      ...(scored && { score: scored.result() }),
    },
    topUsers: top ? [top] : [],
    ratings: null,
  };
}

/** What several kinds of data tell together; of a feature that more than one tells, the first. */
export function together(first: Current, second: Current): Current {
  return {
    features: { ...second.features, ...first.features },
    topUsers: [...first.topUsers, ...second.topUsers],
    ratings: first.ratings ?? second.ratings,
  };
}

function ratingTally(values: Float32Array): Map<number, number> | null {
  const tally = new Map<number, number>();
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    tally.set(value, (tally.get(value) ?? 0) + 1);
    if (tally.size > MAX_RATING_VALUES) return null;
  }
  return tally.size === 0 ? null : tally;
}
