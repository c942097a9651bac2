import type { Bins, DriftFeature } from "../artifact/drift-profile.ts";
import { binCount, binOfNumber } from "./bins.ts";
import { ClusteredCounts, type Counted } from "./clustered-counts.ts";
import { type ObservedInteractions, occurrences } from "./observed.ts";

/** One feature of some data, in bins. */
export interface FeatureCounts extends Counted {
  /** What was looked at, and what of it has no value. */
  readonly units: number;
  readonly missing: number;
}

/** What interactions tell. */
export type InteractionFeature = Exclude<DriftFeature, "score">;

/** How interactions are looked at. */
export interface Lens {
  readonly bins: Readonly<Record<InteractionFeature, Bins>>;
  /** How many interactions the reference holds of the user at a place, beside the one that is looked at. */
  readonly userActivity: (user: number) => number;
  /** The same of the item at a place. */
  readonly itemPopularity: (item: number) => number;
}

/** What each feature of interactions holds, bin by bin. Users are the clusters. */
export function tallyInteractions(
  observed: ObservedInteractions,
  { bins, userActivity, itemPopularity }: Lens,
): Record<InteractionFeature, FeatureCounts> {
  const { users, items, user, item, value } = observed;
  const of = (feature: InteractionFeature) => new FeatureTally(bins[feature]);
  const tallies = {
    rating: of("rating"),
    user_activity: of("user_activity"),
    item_popularity: of("item_popularity"),
    genre: of("genre"),
    unknown_users: of("unknown_users"),
    unknown_items: of("unknown_items"),
  };
  const activity = occurrences(user, users.length);
  // Looked up once an item and not once an interaction, of which there are many more.
  const popularity = items.map((_, row) => itemPopularity(row));
  const genres = items.map((each) => tallies.genre.binsOf(each.genres));
  for (let at = 0; at < user.length; at++) {
    const row = item[at];
    tallies.rating.number(value[at]);
    tallies.item_popularity.number(popularity[row]);
    tallies.unknown_items.known(popularity[row] > 0);
    tallies.unknown_users.known(userActivity(user[at]) > 0);
    tallies.genre.bins(genres[row]);
    if (at + 1 === user.length || user[at + 1] !== user[at]) {
      tallies.user_activity.number(activity[user[at]]);
      for (const tally of Object.values(tallies)) tally.close();
    }
  }
  return {
    rating: tallies.rating.result(),
    user_activity: tallies.user_activity.result(),
    item_popularity: tallies.item_popularity.result(),
    genre: tallies.genre.result(),
    unknown_users: tallies.unknown_users.result(),
    unknown_items: tallies.unknown_items.result(),
  };
}

/** Counts one feature by its bins. */
export class FeatureTally {
  readonly #bins: Bins;
  readonly #counts: ClusteredCounts;
  readonly #placeOfName: ReadonlyMap<string, number>;
  readonly #others: number;
  #units = 0;
  #missing = 0;

  constructor(bins: Bins) {
    this.#bins = bins;
    this.#counts = new ClusteredCounts(binCount(bins));
    this.#others = binCount(bins) - 1;
    this.#placeOfName = new Map("names" in bins ? bins.names.map((name, place) => [name, place]) : []);
  }

  /** Counts a number, or what has none. Only where bins are of numbers. */
  number(value: number): void {
    this.#units++;
    if ("names" in this.#bins || !Number.isFinite(value)) this.#missing++;
    else this.#counts.add(binOfNumber(this.#bins, value));
  }

  /** The bins of names. */
  binsOf(names: readonly string[]): readonly number[] {
    return names.map((name) => this.#placeOfName.get(name) ?? this.#others);
  }

  /** Counts something that stands in several bins, or in none. */
  bins(bins: readonly number[]): void {
    this.#units++;
    if (bins.length === 0) this.#missing++;
    for (const bin of bins) this.#counts.add(bin);
  }

  /** Only for KNOWN_BINS. */
  known(isKnown: boolean): void {
    this.#units++;
    this.#counts.add(isKnown ? 0 : this.#others);
  }

  close(): void {
    this.#counts.close();
  }

  result(): FeatureCounts {
    return { ...this.#counts.result(), units: this.#units, missing: this.#missing };
  }
}
