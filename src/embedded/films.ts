import { action } from "./catalogue/action.ts";
import { animation } from "./catalogue/animation.ts";
import { comedy } from "./catalogue/comedy.ts";
import { crime } from "./catalogue/crime.ts";
import { documentaries } from "./catalogue/documentaries.ts";
import { drama } from "./catalogue/drama.ts";
import { family } from "./catalogue/family.ts";
import { horror } from "./catalogue/horror.ts";
import { noir } from "./catalogue/noir.ts";
import { romance } from "./catalogue/romance.ts";
import { type Film, filmsOfRows } from "./catalogue/rows.ts";
import { scienceFiction } from "./catalogue/science-fiction.ts";
import { superheroes } from "./catalogue/superheroes.ts";
import { war } from "./catalogue/war.ts";
import { westerns } from "./catalogue/westerns.ts";
import { world } from "./catalogue/world.ts";

export type { Film } from "./catalogue/rows.ts";

/** The order is the order of ids: a later film goes to the end of the last block. */
const blocks = [
  animation,
  family,
  scienceFiction,
  superheroes,
  action,
  crime,
  noir,
  horror,
  comedy,
  romance,
  drama,
  war,
  westerns,
  world,
  documentaries,
];

/** The embedded catalogue; the film with id `n` stands at place `n - 1`. */
export const films: readonly Film[] = blocks.reduce<Film[]>(
  (before, rows) => before.concat(filmsOfRows(rows, before.length + 1)),
  [],
);
