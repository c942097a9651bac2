import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../src/base/random.ts";
import type { Missing } from "./requirement.ts";

export const RATINGS = fileURLToPath(new URL("../../../shared/data/ml-latest-small/ratings.csv.gz", import.meta.url));
export const missingRatings: Missing = existsSync(RATINGS)
  ? null
  : "MovieLens ml-latest-small: not in ../shared/data; get it from https://grouplens.org/datasets/movielens/";

/** Of another time and audience: nothing was chosen by it. */
export const OTHER_RATINGS = fileURLToPath(new URL("../../../shared/data/ml-100k/u.data.gz", import.meta.url));
export const missingOtherRatings: Missing = existsSync(OTHER_RATINGS)
  ? null
  : "MovieLens 100K: not in ../shared/data; get it from https://grouplens.org/datasets/movielens/";

export interface Rating {
  readonly user: string;
  readonly film: string;
  readonly rating: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The ratings of lines of user, film, rating and seconds since 1970, oldest first; a head is left out. */
export function inOrderOfTime(text: string): Rating[] {
  return text
    .trim()
    .split(/\r?\n/)
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [user = "", film = "", rating, time] = line.split(/[,\t]/);
      return { user, film, rating: Number(rating), time: 1_000 * Number(time) };
    })
    .sort((a, b) => a.time - b.time);
}

/** The same ratings at the same times, with their films shuffled among them: as popular as they were, and chosen by nobody. */
export function shuffled(ratings: readonly Rating[], seed: number): Rating[] {
  const random = seededRandom(seed);
  const films = ratings.map(({ film }) => film);
  for (let at = films.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [films[at], films[other]] = [films[other] as string, films[at] as string];
  }
  return ratings.map((rating, at) => ({ ...rating, film: films[at] as string }));
}
