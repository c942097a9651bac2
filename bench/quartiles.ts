/** Median and quartiles, by linear interpolation between the order statistics (type 7 of Hyndman and Fan 1996). */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** @param values at least one */
export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
