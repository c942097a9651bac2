import type { CatalogueItem } from "../src/base/catalogue.ts";
import { seededRandom } from "../src/base/random.ts";
import type { Snapshot } from "../src/snapshot/snapshot.ts";
import { type Line, snapshotOf } from "./builders.ts";

const TASTES = 4;
const FILMS_EACH = 20;
const SEEN = 12;

const GENRES = ["Comedy", "Thriller", "Drama", "Western"];

/** 20 films of each of four genres. */
export const MANY_FILMS: readonly CatalogueItem[] = Array.from({ length: TASTES * FILMS_EACH }, (_, place) => ({
  movie_id: String(place + 1),
  title: `Film ${place + 1}`,
  year: 2000,
  genres: [GENRES[Math.floor(place / FILMS_EACH)]],
}));

/** What viewers saw, one film a day, 12 films each: mostly of the one genre that is theirs, the others of any. */
export function manyTastes(viewers = 120, seed = 1): Line[] {
  const random = seededRandom(seed);
  const lines: Line[] = [];
  for (let viewer = 0; viewer < viewers; viewer++) {
    const films = new Set<number>();
    while (films.size < SEEN) {
      const isOwn = random.fraction() < 0.85;
      const taste = isOwn ? viewer % TASTES : random.below(TASTES);
      films.add(taste * FILMS_EACH + random.below(FILMS_EACH));
    }
    [...films].forEach((film, day) => {
      lines.push([`${viewer}`, `${film + 1}`, 1, Date.UTC(2024, 0, 1 + day, 0, viewer)]);
    });
  }
  return lines;
}

/** Of `manyTastes`: what happened up to so many days, and what came after, by user. */
export function upToDay(lines: readonly Line[], days: number): { earlier: Snapshot; later: Line[] } {
  const end = Date.UTC(2024, 0, 1 + days);
  const isEarlier = ([, , , time]: Line) => (time as number) < end;
  return {
    earlier: snapshotOf(lines.filter(isEarlier), MANY_FILMS),
    later: lines.filter((line) => !isEarlier(line)),
  };
}

/** The lines with the films dealt anew: who saw how many, and how popular films are, stays, and no taste is left. */
export function shuffledFilms(lines: readonly Line[], seed: number): Line[] {
  const random = seededRandom(seed);
  const films = lines.map(([, film]) => film);
  for (let place = films.length - 1; place > 0; place--) {
    const other = random.below(place + 1);
    [films[place], films[other]] = [films[other], films[place]];
  }
  return lines.map(([user, , value = 1, time = null], place) => [user, films[place], value, time]);
}

/** Tested users of lines. */
export function testedOf(lines: readonly Line[]) {
  const byUser = Map.groupBy(lines, ([user]) => user);
  return Array.from(byUser, ([user, own]) => ({ user, given: [], tested: own.map(([, film]) => film) }));
}
