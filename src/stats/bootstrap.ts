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
  const size = values.length;
  if (size === 0) return null;
  const random = seededRandom(seed);
  const means = new Float64Array(RESAMPLES);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0;
    for (let draw = 0; draw < size; draw++) sum += values[random.below(size)] as number;
    means[sample] = sum / size;
  }
  means.sort();
  const at = (share: number) => means[Math.floor(share * (RESAMPLES - 1))] as number;
  return { value: values.reduce((sum, value) => sum + value, 0) / size, low: at(0.025), high: at(0.975) };
}
