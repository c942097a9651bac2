import type { Estimate, Metrics } from "../artifact/manifest.ts";
import type { CatalogueItem } from "../base/catalogue.ts";
import { accuracyMetrics, differencesOf, metricNames } from "./summary.ts";
import type { TestCase } from "./test-cases.ts";
import { accuracyOf } from "./user-metrics.ts";

/** Segments of fewer users are shown, but do not count as the best or the worst. */
export const MIN_SEGMENT_USERS = 20;
/** An attribute with more values than this does not make segments. */
export const MAX_SEGMENTS = 30;

/** How good the lists are for some of the users. */
export interface Segment {
  readonly segment: string;
  readonly users: number;
  readonly metrics: Metrics;
  /** Mean difference of NDCG@k to popularity over the segment's users. */
  readonly ndcg_over_popularity: Estimate;
}

export interface Segmentation {
  readonly by: string;
  readonly segments: readonly Segment[];
  /** Between the segments with the highest and the lowest NDCG@k; null where there are not two of enough users. */
  readonly gap: {
    readonly best: string;
    readonly worst: string;
    readonly metric: string;
    readonly value: number;
  } | null;
}

/** Rankings of the model and of popularity for the same cases. */
export interface JudgedCases {
  readonly cases: readonly TestCase[];
  readonly items: readonly CatalogueItem[];
  readonly model: readonly Int32Array[];
  readonly popularity: readonly Int32Array[];
}

/** A user attribute: the value of each user who has one, by id. */
export interface Attribute {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** A part of the cases, or of what they took: its label, and for each case what counts, or null. */
interface Part {
  readonly label: string;
  readonly taken: (test: TestCase) => ReadonlySet<number> | null;
}

/**
 * The results by segments of users: by how much is known of them, by whether they came after the training, by the genre of what they took (where only
 * items of that genre count as taken), and by each attribute.
 */
export function segmentationsOf(
  judged: JudgedCases,
  attributes: readonly Attribute[],
  k: number,
  seed: number,
): Segmentation[] {
  const parts: [string, readonly Part[]][] = [
    ["known interactions", activityParts(judged.cases)],
    ["arrival", arrivalParts(judged.cases)],
    ["genre of the tested items", genreParts(judged.items)],
    ...attributes.map(({ name, values }): [string, readonly Part[]] => [name, attributeParts(values)]),
  ];
  return parts
    .map(([by, each]) => segmentation(by, each, judged, k, seed))
    .filter(({ segments }) => segments.length > 1);
}

function segmentation(by: string, parts: readonly Part[], judged: JudgedCases, k: number, seed: number): Segmentation {
  const segments = parts.flatMap((part) => segmentOf(part, judged, k, seed) ?? []);
  const metric = metricNames(k).ndcg;
  const ranked = segments
    .filter(({ users }) => users >= MIN_SEGMENT_USERS)
    .sort((a, b) => b.metrics[metric].value - a.metrics[metric].value);
  const [best, worst] = [ranked[0], ranked.at(-1)];
  const gap =
    best && worst && best !== worst
      ? {
          best: best.segment,
          worst: worst.segment,
          metric,
          value: best.metrics[metric].value - worst.metrics[metric].value,
        }
      : null;
  return { by, segments, gap };
}

function segmentOf({ label, taken }: Part, judged: JudgedCases, k: number, seed: number): Segment | null {
  const members = judged.cases
    .map((test, place) => ({ place, taken: taken(test) }))
    .filter((member): member is { place: number; taken: ReadonlySet<number> } => (member.taken?.size ?? 0) > 0);
  if (members.length === 0) return null;
  const accuracy = (rankings: readonly Int32Array[]) =>
    accuracyOf(
      members.map(({ place }) => rankings[place]),
      members.map((member) => member.taken),
      k,
    );
  const model = accuracy(judged.model);
  const differences = differencesOf(model, accuracy(judged.popularity), k, seed);
  return {
    segment: label,
    users: members.length,
    metrics: accuracyMetrics(model, k, seed),
    ndcg_over_popularity: differences[metricNames(k).ndcg],
  };
}

/** Thirds of the users by how many interactions are known of them; who has equally many stays together. */
function activityParts(cases: readonly TestCase[]): Part[] {
  const known = ({ known: { history } }: TestCase) => history.item.length;
  const sorted = cases.map(known).sort((a, b) => a - b);
  const bound = (third: number) => sorted[Math.floor((third * sorted.length) / 3)];
  const bounds = [...new Set([sorted[0], bound(1), bound(2)])];
  return bounds.map((from, place): Part => {
    const below = bounds[place + 1] ?? Number.POSITIVE_INFINITY;
    const to = sorted.findLast((count) => count < below);
    return {
      label: from === to ? `${from}` : `${from} to ${to}`,
      taken: (test) => (known(test) >= from && known(test) < below ? test.taken : null),
    };
  });
}

function arrivalParts(cases: readonly TestCase[]): Part[] {
  if (!cases.some(({ newcomer }) => newcomer)) return [];
  return [
    { label: "in the training", taken: (test) => (test.newcomer ? null : test.taken) },
    { label: "newcomer", taken: (test) => (test.newcomer ? test.taken : null) },
  ];
}

function genreParts(items: readonly CatalogueItem[]): Part[] {
  const genres = [...new Set(items.flatMap((item) => item.genres))].sort();
  return genres.map((genre) => ({
    label: genre,
    taken: ({ taken }) => new Set([...taken].filter((row) => items[row]?.genres.includes(genre))),
  }));
}

function attributeParts(values: ReadonlyMap<string, string>): Part[] {
  const labels = [...new Set(values.values())].sort();
  return labels.map((label) => ({ label, taken: ({ user, taken }) => (values.get(user) === label ? taken : null) }));
}
