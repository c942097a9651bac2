import type { DriftProfile } from "../artifact/drift-profile.ts";
import { outsideBins } from "./bins.ts";
import type { Current, TopUser } from "./current.ts";
import { shares } from "./distances.ts";

/** A cause that can be named. */
export type Finding =
  | {
      readonly kind: "flood";
      readonly message: string;
      readonly user_id: string;
      /** Of everything that came. */
      readonly share: number;
      readonly reference_share: number;
    }
  | {
      readonly kind: "rating_scale";
      readonly message: string;
      /** What makes the reference's ratings those of now: rating × factor + shift; null where nothing so simple does. */
      readonly map: RatingMap | null;
      /** Of the ratings, outside of the reference's range. */
      readonly outside_share: number;
    };

export interface RatingMap {
  readonly factor: number;
  readonly shift: number;
}

/** Less than this of one user is no flood. */
const FLOOD_COUNT = 50;
const FLOOD_SHARE = 0.05;
/** How many times the share of the reference's most active user, and that of an average user of now. */
const FLOOD_TIMES_USUAL = 2;
const FLOOD_TIMES_AVERAGE = 5;
/** Different ratings among which a map is looked for. */
const MAX_MAPPED_VALUES = 64;
const MAPPED_DIGITS = 6;
/** A map explains a change where it leaves at most this part of it, and this share of the ratings elsewhere. */
const LEFT_BY_MAP = 1 / 3;
const LEFT_SHARE = 0.1;
const OUTSIDE_SHARE = 0.01;

export function floodIn(profile: DriftProfile, topUser: TopUser): Finding | null {
  const { user, count, total, users, of } = topUser;
  const usual = profile.top_user_share;
  const share = count / total;
  const unusual = FLOOD_TIMES_USUAL * usual + 3 * Math.sqrt((usual * (1 - usual)) / total);
  if (count < FLOOD_COUNT || share <= Math.max(FLOOD_SHARE, unusual, FLOOD_TIMES_AVERAGE / users)) return null;
  const message = `user ${user} made ${percent(share)} of ${total} ${of}; in the reference nobody made more than ${percent(usual)}`;
  return { kind: "flood", message, user_id: user, share, reference_share: usual };
}

/** Another scale of ratings. To be asked where the ratings drift: it looks for the cause and does not test. */
export function ratingScaleIn(profile: DriftProfile, { features, ratings }: Current): Finding | null {
  const { bins, counts } = profile.features.rating;
  const now = features.rating && shares(features.rating.counts);
  if (!now || !ratings) return null;
  const outside = outsideBins(bins).reduce((sum, bin) => sum + now[bin], 0);
  const map = "values" in bins ? ratingMap(bins.values, counts.slice(1, -1), ratings) : null;
  if (!map && outside <= OUTSIDE_SHARE) return null;
  const range = (values: readonly number[]) => `${smallest(values)} to ${greatest(values)}`;
  const usual = range("values" in bins ? bins.values : "edges" in bins ? bins.edges : []);
  const message = [
    `ratings run from ${range([...ratings.keys()])}, the reference's from ${usual}`,
    ...(outside > 0 ? [`${percent(outside)} lie outside`] : []),
    ...(map ? [`they are the reference's ${described(map)}`] : []),
  ].join("; ");
  return { kind: "rating_scale", message, map, outside_share: outside };
}

/**
 * The shift or the factor that makes one distribution of ratings nearly the other, cut off at the ends of the new scale:
 * that which leaves least of their total variation, where that is at most a third and a tenth of the ratings.
 */
function ratingMap(
  values: readonly number[],
  counts: readonly number[],
  now: ReadonlyMap<number, number>,
): RatingMap | null {
  const usual = shares(counts);
  const total = [...now.values()].reduce((sum, count) => sum + count, 0);
  if (!usual || now.size > MAX_MAPPED_VALUES) return null;
  const [lowest, highest] = [smallest([...now.keys()]), greatest([...now.keys()])];
  const left = ({ factor, shift }: RatingMap): number => {
    const difference = new Map([...now].map(([value, count]) => [rounded(value), count / total]));
    values.forEach((value, place) => {
      const mapped = rounded(Math.min(highest, Math.max(lowest, value * factor + shift)));
      difference.set(mapped, (difference.get(mapped) ?? 0) - usual[place]);
    });
    return [...difference.values()].reduce((sum, each) => sum + Math.abs(each), 0) / 2;
  };
  const maps = new Map<string, RatingMap>();
  for (const value of now.keys()) {
    for (const old of values) {
      const shift = rounded(value - old);
      if (shift !== 0) maps.set(`+${shift}`, { factor: 1, shift });
      const factor = rounded(value / old);
      if (Number.isFinite(factor) && factor !== 1 && factor !== 0) maps.set(`*${factor}`, { factor, shift: 0 });
    }
  }
  let best: RatingMap | null = null;
  let least = Math.min(LEFT_SHARE, LEFT_BY_MAP * left({ factor: 1, shift: 0 }));
  for (const map of maps.values()) {
    const remaining = left(map);
    if (remaining >= least) continue;
    best = map;
    least = remaining;
  }
  return best;
}

function described({ factor, shift }: RatingMap): string {
  if (factor !== 1) return `times ${factor}`;
  return shift > 0 ? `plus ${shift}` : `minus ${-shift}`;
}

function rounded(value: number): number {
  return Number(value.toFixed(MAPPED_DIGITS));
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
