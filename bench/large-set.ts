import { seededRandom } from "../src/base/random.ts";
import type { TrainingSet } from "../src/training/training-set.ts";

/** The users, items and interactions of MovieLens 20M, about. */
const SHAPE = { users: 138_493, items: 20_000, each: 144, genres: 20 };

/**
 * Users who like three of twenty genres, as in the simulated lists (questions.ts): items of a genre, and items of all, are
 * chosen by a power law.
 */
export function largeSet(): TrainingSet {
  const { users, items, each, genres } = SHAPE;
  const random = seededRandom(20);
  const inGenre = items / genres;
  const indptr = Int32Array.from({ length: users + 1 }, (_, user) => user * each);
  const item = new Int32Array(users * each);
  for (let user = 0; user < users; user++) {
    const liked = [random.below(genres), random.below(genres), random.below(genres)];
    // So that each item has an interaction.
    const chosen = new Set<number>([user % items]);
    while (chosen.size < each) {
      const isLiked = random.fraction() < 0.6;
      chosen.add(
        isLiked
          ? liked[random.below(3)] + genres * placeByPowerLaw(random.fraction(), inGenre)
          : placeByPowerLaw(random.fraction(), items),
      );
    }
    item.set(Int32Array.from(chosen).sort(), user * each);
  }
  return {
    users: Array.from({ length: users }, (_, user) => String(user)),
    items: Array.from({ length: items }, (_, place) => ({
      movie_id: String(place),
      title: null,
      year: null,
      genres: [],
    })),
    rowOfCatalogueItem: Int32Array.from({ length: items }, (_, place) => place),
    histories: {
      indptr,
      item,
      value: new Float32Array(item.length).fill(1),
      count: new Int32Array(item.length).fill(1),
      time: new Float64Array(item.length).fill(Number.NaN),
      later: null,
    },
  };
}

/** Turns a number from 0 to 1 into a place below `length`, place p having about the weight 1 / (p + 20). */
function placeByPowerLaw(fraction: number, length: number): number {
  return Math.floor(20 * ((length + 20) / 20) ** fraction) - 20;
}
