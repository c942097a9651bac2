import type { Artifact } from "../artifact/artifact.ts";
import type { Bins, DriftProfile, ProfiledFeature } from "../artifact/drift-profile.ts";
import { ACTIVITY_BINS, countBins, KNOWN_BINS, nameBins, numberBins, quantileBins, tallyOf } from "./bins.ts";
import { type ObservedInteractions, occurrences, trainedInteractions } from "./observed.ts";
import { type FeatureCounts, FeatureTally, tallyInteractions } from "./tally.ts";

/** What later data is compared with: the profile, and what it takes to say what of that data is known. */
export interface DriftReference {
  readonly profile: DriftProfile;
  /** How many interactions the reference holds of a user, 0 for one that it does not know. */
  readonly userActivity: (userId: string) => number;
  /** The same of an item. */
  readonly itemPopularity: (movieId: string) => number;
}

/** The scores of one user's list. */
export type Scores = readonly number[];

/**
 * The profile of interactions. Where a later interaction is looked up in the reference (how popular its item is there,
 * whether its user and item are known), the reference's own are looked up among all the others: an interaction whose
 * item stands once counts as one with an unknown item. So the profile shows what new data of the same kind would
 * (the estimate of unseen mass of Good 1953), not what is trivially true of the data that it was made from.
 *
 * @param lists the scores of the first items of some users' lists, a list a user; null where there is no model
 * @returns null for no interactions: there is nothing to compare with
 */
export function profileOf(observed: ObservedInteractions, lists: readonly Scores[] | null): DriftProfile | null {
  const { users, items, user, item, value } = observed;
  if (user.length === 0) return null;
  const activity = occurrences(user, users.length);
  const popularity = occurrences(item, items.length);
  const bins = {
    rating: numberBins(ratingTally(value)),
    user_activity: ACTIVITY_BINS,
    item_popularity: countBins(othersTally(popularity)),
    genre: nameBins(genreTally(observed, popularity)),
    unknown_users: KNOWN_BINS,
    unknown_items: KNOWN_BINS,
  };
  const tallied = tallyInteractions(observed, {
    bins,
    userActivity: (row) => activity[row] - 1,
    itemPopularity: (row) => popularity[row] - 1,
  });
  const feature = (name: keyof typeof bins) => profiled(bins[name], tallied[name]);
  return {
    features: {
      rating: feature("rating"),
      user_activity: feature("user_activity"),
      item_popularity: feature("item_popularity"),
      genre: feature("genre"),
      score: lists && scoreFeature(lists),
      unknown_users: feature("unknown_users"),
      unknown_items: feature("unknown_items"),
    },
    top_user_share: activity.reduce((most, own) => Math.max(most, own), 0) / user.length,
  };
}

/** The profile of what an artifact was trained on. */
export function artifactProfile(artifact: Artifact, lists: readonly Scores[]): DriftProfile | null {
  return profileOf(trainedInteractions(artifact), lists);
}

/** A reference made of interactions and their profile. */
export function referenceOf(observed: ObservedInteractions, profile: DriftProfile): DriftReference {
  const { users, items, user, item } = observed;
  const activity = occurrences(user, users.length);
  const popularity = occurrences(item, items.length);
  const userRows = new Map(users.map((id, row) => [id, row]));
  const itemRows = new Map(items.map(({ movie_id }, row) => [movie_id, row]));
  const countOf = (counts: Int32Array, row: number | undefined) => (row === undefined ? 0 : counts[row]);
  return {
    profile,
    userActivity: (id) => countOf(activity, userRows.get(id)),
    itemPopularity: (id) => countOf(popularity, itemRows.get(id)),
  };
}

function scoreFeature(lists: readonly Scores[]) {
  const all = lists.flat();
  if (all.length === 0) return null;
  const bins = quantileBins(all);
  const tally = new FeatureTally(bins);
  for (const list of lists) {
    for (const score of list) tally.number(score);
    tally.close();
  }
  return profiled(bins, tally.result());
}

function profiled(bins: Bins, { counts, missing, effectiveN }: FeatureCounts): ProfiledFeature {
  return { bins, counts: [...counts], missing, effective_n: effectiveN };
}

/** How often each rating stands. */
function ratingTally(values: Float32Array): Map<number, number> {
  const tally = tallyOf(values);
  tally.delete(Number.NaN);
  return tally;
}

/** How many interactions have so many others with their item. */
function othersTally(popularity: Int32Array): Map<number, number> {
  const tally = new Map<number, number>();
  for (const own of popularity) if (own > 0) tally.set(own - 1, (tally.get(own - 1) ?? 0) + own);
  return tally;
}

function genreTally({ items }: ObservedInteractions, popularity: Int32Array): Map<string, number> {
  const tally = new Map<string, number>();
  items.forEach(({ genres }, row) => {
    if (popularity[row] === 0) return;
    for (const genre of genres) tally.set(genre, (tally.get(genre) ?? 0) + popularity[row]);
  });
  return tally;
}
