import type { Random } from "../base/random.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** 2024-12-31T00:00:00Z, where the simulation ends. */
export const END_MS = 1_735_603_200_000;
/** 2023-01-01T00:00:00Z, where it starts. */
export const START_MS = END_MS - 2 * YEAR_MS;
const START_YEAR = 2023;

const MIN_FILMS = 20;
const MAX_FILMS = 150;
const MAX_FILMS_A_VISIT = 5;

/**
 * Ascending times, in milliseconds since 1970, at which a viewer rates a film: visits of a few films each, spread
 * evenly over the viewer's stay. Viewers arrive during the first 85 % of the two years and stay for 15 % to all of the rest.
 */
export function drawVisits(random: Random): number[] {
  // The last visit may begin a day before the end, which leaves time for its films.
  const span = END_MS - START_MS - DAY_MS;
  const arrival = Math.floor(0.85 * span * random.fraction());
  const stay = Math.floor((span - arrival) * (0.15 + 0.85 * random.fraction()));
  const few = Math.min(random.fraction(), random.fraction());
  const count = MIN_FILMS + Math.floor(few * (MAX_FILMS - MIN_FILMS + 1));
  const times: number[] = [];
  while (times.length < count) {
    let time = START_MS + arrival + Math.floor(stay * random.fraction());
    for (let films = 1 + random.below(MAX_FILMS_A_VISIT); films > 0 && times.length < count; films--) {
      times.push(time);
      time += 1.5 * HOUR_MS + random.below(HOUR_MS);
    }
  }
  return times.sort((a, b) => a - b);
}

/** Start of a year, in milliseconds since 1970, or of the simulation where that is later; `year` is up to 2024. */
export function startOfYear(year: number): number {
  return START_MS + Math.max(0, year - START_YEAR) * YEAR_MS;
}
