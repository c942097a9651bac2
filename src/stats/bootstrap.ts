import { assert } from "../base/errors.ts";
import { seededRandom } from "../base/random.ts";

/** A value and its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1_000;

/**
 * The mean of independent values with its percentile bootstrap interval (Efron 1979): the 2.5 % and 97.5 % quantiles
 * of the means of resamples drawn with replacement. The same seed draws the same resamples.
 * @returns null for no values: there is nothing to tell.
 */
export function bootstrapMean(values: Float64Array, seed: number): Interval | null {
  return bootstrapMeans([values], seed)?.[0] ?? null;
}

/**
 * `bootstrapMean` for several columns about the same subjects, row by row, over the same resamples: a column of
 * differences gets a paired interval.
 */
export function bootstrapMeans(columns: readonly Float64Array[], seed: number): Interval[] | null {
  const size = columns[0]?.length ?? 0;
  assert(
    columns.every((column) => column.length === size),
    "columns of one length",
  );
  if (size === 0) return null;
  const random = seededRandom(seed);
  const means = columns.map(() => new Float64Array(RESAMPLES));
  const drawn = new Int32Array(size);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    for (let draw = 0; draw < size; draw++) drawn[draw] = random.below(size);
    columns.forEach((column, place) => {
      let sum = 0;
      for (let draw = 0; draw < size; draw++) sum += column[drawn[draw]];
      means[place][sample] = sum / size;
    });
  }
  return columns.map((column, place) => {
    const sorted = means[place].sort();
    const at = (share: number) => sorted[Math.floor(share * (RESAMPLES - 1))];
    return { value: column.reduce((sum, value) => sum + value, 0) / size, low: at(0.025), high: at(0.975) };
  });
}
