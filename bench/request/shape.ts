import type { Artifact } from "../../src/artifact/artifact.ts";
import type { CatalogueItem } from "../../src/base/catalogue.ts";
import { type Random, seededRandom } from "../../src/base/random.ts";
import type { HistoryTable } from "../../src/history/history.ts";
import { FactorSpace } from "../../src/kernel/factor-space.ts";
import { solverParametersOf } from "../../src/kernel/hyperparameters.ts";
import { type FitTools, fitFactors } from "../../src/training/fit.ts";
import { checkHyperparameters } from "../../src/training/hyperparameters.ts";

/** How much of everything an artifact holds; users have a tenth of the items at most, on average. */
export interface Shape {
  readonly users: number;
  readonly items: number;
  readonly factors: number;
  readonly interactions: number;
}

/** As MovieLens 20M: 138,493 users, 26,744 rated items, of which 20,000 have more than two ratings, 20,000,263 ratings. */
export const ML_20M: Shape = { users: 137_000, items: 20_000, factors: 64, interactions: 20_000_000 };

const GENRES = 20;
const LIKED = 3;
/** Of interactions, how many are with films of genres that the user likes. */
const LIKED_SHARE = 0.6;
/** No user of MovieLens has fewer. */
const MIN_INTERACTIONS = 20;
/** Users that the items' factors are trained on. */
const TRAINED_USERS = 10_000;
const ITERATIONS = 6;
const FIRST_TIME_MS = Date.UTC(1995, 0, 9);
const SECONDS = 630_000_000;
const SESSION_SECONDS = 20_000;

/**
 * An artifact as large as a data set, of simulated viewers who like three of twenty genres. The items' factors are
 * trained on some of the viewers, and every viewer's are solved from their own history, as in any artifact.
 */
export async function shapedArtifact(tools: FitTools, shape: Shape): Promise<Artifact> {
  const { factors } = shape;
  const users = Array.from({ length: shape.users }, (_, row) => String(row + 1));
  const items = Array.from({ length: shape.items }, (_, row) => film(row));
  const table = simulatedHistories(shape);
  const trained = Math.min(TRAINED_USERS, shape.users);
  const settings = checkHyperparameters({ factors, iterations: ITERATIONS });
  const set = {
    users: users.slice(0, trained),
    items,
    rowOfCatalogueItem: new Int32Array(),
    histories: upTo(table, trained),
  };
  const fitted = await fitFactors(set, settings, "fit", tools);
  const space = new FactorSpace(
    tools.newCore(),
    fitted.itemFactors,
    items.length,
    solverParametersOf(settings),
    fitted.itemGramian,
  );
  const popularity = new Float32Array(items.length);
  for (const row of table.item) popularity[row]++;
  return {
    userKind: "integer",
    itemKind: "integer",
    users,
    items,
    factors: {
      ...fitted,
      popularity,
      userFactors: space.solveRows(
        table.indptr,
        table.item,
        new Float32Array(table.item.length).fill(1),
        0,
        shape.users,
      ),
    },
    histories: {
      table,
      weightRule: settings.weight_rule,
      referenceTime: FIRST_TIME_MS + SECONDS * 1000,
      eventSequence: 0,
    },
  };
}

function film(row: number): CatalogueItem {
  const genres = [`Genre ${row % GENRES}`, `Kind ${row % 7}`];
  return {
    movie_id: String(row * 6 + 1),
    title: `A film of usual length, number ${row}`,
    year: 1920 + (row % 96),
    genres,
  };
}

/** A few users have most of the interactions, and a few items of all and of each genre. */
function simulatedHistories({ users, items, interactions }: Shape): HistoryTable {
  const random = seededRandom(20);
  const indptr = lengths(users, interactions, random);
  const item = new Int32Array(interactions);
  const time = new Float64Array(interactions);
  const seenBy = new Int32Array(items).fill(-1);
  for (let user = 0; user < users; user++) {
    const [from, to] = [indptr[user], indptr[user + 1]];
    const liked = Array.from({ length: LIKED }, () => random.below(GENRES));
    const began = random.below(SECONDS);
    for (let at = from; at < to; at++) {
      const genre = random.fraction() < LIKED_SHARE ? liked[random.below(LIKED)] : random.below(GENRES);
      let row = genre + GENRES * placeByPopularity(Math.floor(items / GENRES), random);
      // Of who saw nearly all of the popular ones, any other.
      while (seenBy[row] === user) row = random.below(items);
      seenBy[row] = user;
      item[at] = row;
      time[at] = FIRST_TIME_MS + (began + random.below(SESSION_SECONDS)) * 1000;
    }
    item.subarray(from, to).sort();
  }
  const value = Float32Array.from(item, () => (1 + random.below(10)) / 2);
  return { indptr, item, value, count: new Int32Array(interactions).fill(1), time, later: null };
}

/** Row pointers of users of whom one in a hundred has ten times as many interactions as others. */
function lengths(users: number, interactions: number, random: Random): Int32Array {
  const weights = Float64Array.from({ length: users }, () => 1 / Math.sqrt(0.01 + random.fraction()) - 0.9);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const indptr = new Int32Array(users + 1);
  for (let row = 0, share = 0; row < users; row++) {
    share += weights[row] / sum;
    indptr[row + 1] = (row + 1) * MIN_INTERACTIONS + Math.round(share * (interactions - users * MIN_INTERACTIONS));
  }
  return indptr;
}

/** Place p has about the weight 1 / (p + 2). */
function placeByPopularity(length: number, random: Random): number {
  return Math.min(length - 1, Math.floor(2 * ((length / 2 + 1) ** random.fraction() - 1)));
}

/** The histories of the first users alone. */
function upTo({ indptr, item, value, count, time, later }: HistoryTable, users: number): HistoryTable {
  const end = indptr[users];
  return {
    indptr: indptr.slice(0, users + 1),
    item: item.slice(0, end),
    value: value.slice(0, end),
    count: count.slice(0, end),
    time: time.slice(0, end),
    later,
  };
}
