import { assign, type Variant } from "../../src/rollout/assignment.ts";
import type { Rating } from "./ratings.ts";

/** What a visitor rates before the list, and after it. */
const GIVEN = 5;
const NEXT = 5;
/** Every so manieth place of a viewer's ratings begins a visitor's. */
const STRIDE = 3;

export interface Audience {
  readonly visitors: readonly string[];
  readonly given: readonly Rating[];
  readonly next: readonly Rating[];
}

/**
 * Visitors whom no model knows, each with ten ratings in a row of a real viewer. Two visitors share them, one in each
 * arm of a canary at 50 %, so that the arms differ by nothing but the version.
 * @param name begins their ids, which no snapshot of numbered users takes in
 */
export function twinsOf(ratings: readonly Rating[], name: string): Audience {
  const visitors: string[] = [];
  const given: Rating[] = [];
  const next: Rating[] = [];
  let drawn = 0;
  const drawIn = (arm: Variant): string => {
    for (;;) {
      const id = `${name}-${drawn++}`;
      if (armOf(id) === arm) return id;
    }
  };
  for (const own of Map.groupBy(ratings, ({ user }) => user).values()) {
    for (let from = 0; from + GIVEN + NEXT <= own.length; from += STRIDE) {
      const [before, after] = [own.slice(from, from + GIVEN), own.slice(from + GIVEN, from + GIVEN + NEXT)];
      for (const arm of ["variant_A", "variant_B"] as const) {
        const user = drawIn(arm);
        visitors.push(user);
        given.push(...before.map((rating) => ({ ...rating, user })));
        next.push(...after.map((rating) => ({ ...rating, user })));
      }
    }
  }
  return { visitors, given, next };
}

function armOf(id: string): Variant | null {
  const versions = { primary_version: "v0.1", canary_version: "v0.2" };
  return assign({ strategy: "canary", ...versions, canary_percentage: 50, environment: "test" }, id).variant;
}
