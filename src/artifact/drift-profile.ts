import { z } from "zod";

/** Places of a list whose scores a profile holds. */
export const SCORED_PLACES = 10;

const count = z.int().nonnegative();

/**
 * How a feature is cut into bins, by what stands there:
 *
 * - `values`: one bin a value, ascending; what lies between two belongs to the nearer, to the upper one at the middle;
 *   a bin below the least and one above the greatest come first and last;
 * - `edges`: bins [e₀, e₁), …, the last one closed; a bin below and one above likewise;
 * - `from`: bins [f₀, f₁), …, the last one open; a bin below comes first;
 * - `names`: one bin a name; a bin for all others comes last.
 */
const bins = z.union([
  z.strictObject({ values: z.array(z.number()).min(1) }),
  z.strictObject({ edges: z.array(z.number()).min(2) }),
  z.strictObject({ from: z.array(z.number()).min(1) }),
  z.strictObject({ names: z.array(z.string()) }),
]);

const feature = z.object({
  bins,
  counts: z.array(count),
  /** What has no value: an item without genres, a rating that is no number. */
  missing: count,
  /** How many independent draws tell as much as these counts, which come from few users with many each. */
  effective_n: z.number().nonnegative(),
});

/** What an artifact was trained on, as counts in bins: what later data is compared with. */
export const driftProfileSchema = z.object({
  features: z.object({
    rating: feature,
    user_activity: feature,
    item_popularity: feature,
    genre: feature,
    score: feature.nullable(),
    unknown_users: feature,
    unknown_items: feature,
  }),
  /** Share of the interactions that the most active user has. */
  top_user_share: z.number(),
});

export type DriftProfile = z.infer<typeof driftProfileSchema>;
export type ProfiledFeature = z.infer<typeof feature>;
export type Bins = z.infer<typeof bins>;
export type DriftFeature = keyof DriftProfile["features"];

export const DRIFT_FEATURES = Object.keys(driftProfileSchema.shape.features.shape) as readonly DriftFeature[];
