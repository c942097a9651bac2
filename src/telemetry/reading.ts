import { BUCKETS_SECONDS, FAMILIES, type Family, type FamilyName } from "./families.ts";

export type Labels = Readonly<Record<string, string>>;

/** A request that fell into a bucket, for finding its trace. */
export interface Exemplar {
  readonly requestId: string;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface HistogramValue {
  /** How many fell into each bucket, the last one above all bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
  /** The newest of each bucket. */
  readonly exemplars: readonly (Exemplar | null)[];
}

/** A counter or gauge has a number. */
export interface Series {
  readonly labels: Labels;
  readonly value: number | HistogramValue;
}

/** What the metrics stand at, or what was added since the last time. */
export type Reading = ReadonlyMap<FamilyName, readonly Series[]>;

/** The same for the same labels in any order. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The bucket that a value falls into, the last one being above all bounds. */
export function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < BUCKETS_SECONDS.length && seconds > BUCKETS_SECONDS[bucket]) bucket++;
  return bucket;
}

/** Attributes as Prometheus shows them. */
export function labelsOf(attributes: Readonly<Record<string, unknown>>): Labels {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [labelName(name), String(value)]));
}

function labelName(attribute: string): string {
  return attribute.replaceAll(/[^A-Za-z0-9_]/g, "_");
}

/** Every family with its series, those that stand at 0 included. */
export function completed(reading: Reading): readonly (readonly [Family, readonly Series[]])[] {
  return FAMILIES.map((family) => {
    const series = reading.get(family.name) ?? [];
    const present = new Set(series.map(({ labels }) => keyOf(labels)));
    const missing = listed(family).filter((labels) => !present.has(keyOf(labels)));
    return [family, [...series, ...missing.map((labels) => ({ labels, value: zeroOf(family) }))]];
  });
}

/** All series of a family whose label values can be listed, else none. */
function listed({ name, labels }: Family): Labels[] {
  // Without a comparison there is no overlap, and 0 would say that nothing was in common.
  if (name === "shadow_overlap_ratio") return [];
  let combinations: Labels[] = [{}];
  for (const [attribute, values] of Object.entries(labels)) {
    combinations = combinations.flatMap((given) =>
      (values ?? []).map((value) => ({ ...given, [labelName(attribute)]: value })),
    );
  }
  return combinations;
}

function zeroOf({ kind }: Family): Series["value"] {
  if (kind !== "histogram") return 0;
  const counts = new Array<number>(BUCKETS_SECONDS.length + 1).fill(0);
  return { counts, sum: 0, exemplars: counts.map(() => null) };
}
