import type { Artifact } from "../src/artifact/artifact.ts";
import { seededRandom } from "../src/base/random.ts";
import { historyOfRow } from "../src/history/history.ts";
import { FactorSpace, type Ranking } from "../src/kernel/factor-space.ts";
import { normalRows } from "../src/kernel/generate.ts";
import { trainArtifact } from "../src/pipeline.ts";
import { SnapshotBuilder } from "../src/snapshot/builder.ts";
import type { Snapshot } from "../src/snapshot/snapshot.ts";
import type { Lab } from "./lab.ts";
import { secondsOf } from "./measure.ts";

/** Items in every list. */
export const K = 10;

/** Top-10 lists to be made from factors, whoever makes them. */
export interface Questions {
  /** What the factors are, in a few words. */
  readonly about: string;
  readonly factors: number;
  /** Item rows, one after the other. */
  readonly items: Float32Array;
  /** Query factors, and the item rows that stay out of that list. */
  readonly asked: readonly { readonly query: Float32Array; readonly seen: Int32Array }[];
  /** Whether a peer that can make all lists in one call does so. */
  readonly isBatch: boolean;
}

/** Users that a run answers, one after the other. */
const USERS = 200;
/**
 * A run lasts at least this long on either side, or what follows waking up, caches and clock, would weigh more on the
 * side that needs less time for the same lists.
 */
export const RUN_SECONDS = 0.02;
const FACTORS = 64;

/** Users of the data, evenly spread over the rows, with the factors that they were trained to. */
export async function userQuestions(lab: Lab): Promise<Questions> {
  return questionsOf(await lab.artifact(), lab.data.name);
}

/** Every user of the data, no item left out, as for the lists of a whole snapshot. */
export async function allUsersQuestions(lab: Lab): Promise<Questions> {
  return everyoneOf(await lab.artifact(), lab.data.name);
}

const LARGE = { items: 20_000, users: 14_000, interactions: 1_400_000, genres: 20, iterations: 8 };
const LARGE_NAME =
  `factors trained on simulated data of ${LARGE.users} users, ${LARGE.items} items and ` +
  `${LARGE.interactions} interactions`;
let largeArtifact: Promise<Artifact> | null = null;

/**
 * As many items as MovieLens 20M has and a tenth of its users and a bit less of its interactions, simulated, and trained by the
 * pipeline.
 */
export async function largeQuestions(lab: Lab): Promise<Questions> {
  return questionsOf(await largeModel(lab), LARGE_NAME);
}

/** Every user of the same, no item left out. */
export async function allLargeUsersQuestions(lab: Lab): Promise<Questions> {
  return everyoneOf(await largeModel(lab), LARGE_NAME);
}

function largeModel({ hyperparameters, fitTools }: Lab): Promise<Artifact> {
  const settings = { ...hyperparameters, iterations: LARGE.iterations };
  largeArtifact ??= trainArtifact(simulatedSnapshot(), settings, fitTools);
  return largeArtifact;
}

/** Rows of equal length in directions drawn evenly, so that no row can be passed over for being short; users saw 100. */
export function unitQuestions({ engine }: Lab, rows: number, count: number): Questions {
  const core = engine.newCore();
  const items = normalRows(core, 1, "item", rows, FACTORS, 1);
  for (let at = 0; at < items.length; at += FACTORS) {
    const row = items.subarray(at, at + FACTORS);
    const scale = 1 / Math.hypot(...row);
    for (let d = 0; d < FACTORS; d++) row[d] *= scale;
  }
  const random = seededRandom(3);
  const queries = normalRows(core, 2, "user", count, FACTORS, 1);
  return {
    about: `${rows} unit rows of random directions`,
    factors: FACTORS,
    items,
    asked: Array.from({ length: count }, (_, at) => ({
      query: queries.subarray(at * FACTORS, (at + 1) * FACTORS),
      seen: Int32Array.from({ length: 100 }, () => random.below(rows)).sort(),
    })),
    isBatch: false,
  };
}

/** Unit rows for many users at once, no item left out: the worst case of lists for everyone. */
export function allUnitUsersQuestions(lab: Lab, rows: number, count: number): Questions {
  const { asked, ...others } = unitQuestions(lab, rows, count);
  return { ...others, asked: asked.map(({ query }) => ({ query, seen: new Int32Array(0) })), isBatch: true };
}

function questionsOf({ factors, histories, users }: Artifact, about: string): Questions {
  const width = factors.settings.factors;
  const count = Math.min(USERS, users.length);
  return {
    about,
    factors: width,
    items: factors.itemFactors,
    asked: Array.from({ length: count }, (_, at) => {
      const row = Math.floor((at * users.length) / count);
      const query = factors.userFactors.subarray(row * width, (row + 1) * width);
      return { query, seen: historyOfRow(histories.table, row).item };
    }),
    isBatch: false,
  };
}

function everyoneOf({ factors, users }: Artifact, about: string): Questions {
  const width = factors.settings.factors;
  const seen = new Int32Array(0);
  return {
    about: `${about}, for each of ${users.length} users, none left out`,
    factors: width,
    items: factors.itemFactors,
    asked: users.map((_, row) => ({ query: factors.userFactors.subarray(row * width, (row + 1) * width), seen })),
    isBatch: true,
  };
}

/** Lists and microseconds for each of them of Reprise. */
export function ourAnswers({ engine, hyperparameters }: Lab, { items, factors, asked }: Questions) {
  const space = new FactorSpace(engine.newCore(), items, items.length / factors, {
    factors,
    unobservedWeight: hyperparameters.unobserved_weight,
    regularization: hyperparameters.regularization,
    regularizationExponent: hyperparameters.regularization_exponent,
  });
  space.buildIndex();
  return answersOf(asked, ({ query, seen }) => space.top(query, K, null, seen));
}

/**
 * All lists, and a function that makes them again, as often as a run has to last, and returns the microseconds that one
 * takes.
 */
export function answersOf<Question>(asked: readonly Question[], answer: (question: Question) => Ranking) {
  return {
    lists: asked.map(answer),
    microseconds: () => {
      let [seconds, made] = [0, 0];
      for (; seconds < RUN_SECONDS; made += asked.length) {
        seconds += secondsOf(() => {
          for (const question of asked) answer(question);
        });
      }
      return (seconds * 1e6) / made;
    },
  };
}

/** Users who like three of twenty genres; films of a genre, and films of all, are chosen by a power law. */
function simulatedSnapshot(): Snapshot {
  const random = seededRandom(20);
  const builder = new SnapshotBuilder();
  const places = Array.from({ length: LARGE.items }, (_, place) => place);
  const drawAny = powerLaw(places.length);
  const ofGenre = Array.from({ length: LARGE.genres }, (_, genre) => places.filter((p) => p % LARGE.genres === genre));
  const drawInGenre = powerLaw(ofGenre[0].length);
  // So that each item has an interaction.
  for (const place of places) builder.add(String(place % LARGE.users), String(place), 1, null, null);
  const each = Math.round((LARGE.interactions - LARGE.items) / LARGE.users);
  for (let user = 0; user < LARGE.users; user++) {
    const liked = Array.from({ length: 3 }, () => ofGenre[random.below(LARGE.genres)]);
    const chosen = new Set<number>();
    while (chosen.size < each) {
      const isLiked = random.fraction() < 0.6;
      chosen.add(isLiked ? liked[random.below(3)][drawInGenre(random.fraction())] : drawAny(random.fraction()));
    }
    for (const place of chosen) builder.add(String(user), String(place), 1, null, null);
  }
  return builder.build().snapshot;
}

/** Turns a number from 0 to 1 into a place, place p having the weight 1 / (p + 20). */
function powerLaw(length: number): (fraction: number) => number {
  const sums = new Float64Array(length);
  for (let place = 0, sum = 0; place < length; place++) {
    sum += 1 / (place + 20);
    sums[place] = sum;
  }
  return (fraction) => {
    const wanted = fraction * sums[length - 1];
    let [low, high] = [0, length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
