import { describe, expect, it } from "vitest";
import { InputError } from "../base/errors.ts";
import { sha256Stream } from "../base/hash.ts";
import { films } from "./films.ts";
import { type SimulatedRating, simulateViewers } from "./viewers.ts";

const ratings = [...simulateViewers()];
const byUser = Map.groupBy(ratings, ({ user }) => user);
const viewersOfFilm = Map.groupBy(ratings, ({ item }) => item);

function filmOf({ item }: SimulatedRating) {
  return films[Number(item) - 1];
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function digestOf(stream: Iterable<SimulatedRating>): string {
  const hash = sha256Stream();
  const encoder = new TextEncoder();
  for (const { user, item, value, time } of stream) hash.update(encoder.encode(`${user},${item},${value},${time}\n`));
  return hash.hex();
}

/** How often two films share a viewer, over how often they would if viewers chose independently. */
function lift(a: string, b: string): number {
  const ofA = new Set(viewersOfFilm.get(a)?.map(({ user }) => user));
  const ofB = viewersOfFilm.get(b) ?? [];
  return (ofB.filter(({ user }) => ofA.has(user)).length * byUser.size) / (ofA.size * ofB.length);
}

describe("simulated viewers", () => {
  it("are the same on every runtime and in every run", () => {
    expect(digestOf(ratings)).toBe("d487eaf2e8c2af543432d8c04f32413894f18a3716d10616b82e36c5a4ada2c3");
  });

  it("can be gone through again", () => {
    const stream = simulateViewers({ viewers: 3 });
    expect([...stream]).toEqual([...stream]);
  });

  it("are the first ones of more viewers", () => {
    const few = [...simulateViewers({ viewers: 5 })];
    expect(few).toEqual(ratings.slice(0, few.length));
    expect(few.at(-1)?.user).toBe("5");
  });

  it("differ with the seed", () => {
    const digests = [1, 2, 2 ** 32 + 1].map((seed) => digestOf(simulateViewers({ seed, viewers: 5 })));
    expect(new Set(digests).size).toBe(3);
  });

  it.each([{ seed: -1 }, { seed: 0.5 }, { seed: Number.NaN }, { viewers: 0 }, { viewers: 1.5 }, { viewers: 100_001 }])(
    "refuse %o",
    (options) => {
      expect(() => simulateViewers(options)).toThrow(InputError);
    },
  );

  it("are 900, called 1 to 900, with 45,000 to 60,000 ratings", () => {
    expect([...byUser.keys()]).toEqual(Array.from({ length: 900 }, (_, place) => String(place + 1)));
    expect(ratings.length).toBeGreaterThan(45_000);
    expect(ratings.length).toBeLessThan(60_000);
  });

  it("rate 20 to 150 films each, none twice, from oldest to newest", () => {
    for (const [user, own] of byUser) {
      expect(own.length >= 20 && own.length <= 150, user).toBe(true);
      expect(new Set(own.map(({ item }) => item)).size, user).toBe(own.length);
      const times = own.map(({ time }) => time);
      expect(times, user).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it("rate only films that have been released", () => {
    expect(ratings.filter((rating) => new Date(rating.time).getUTCFullYear() < filmOf(rating).year)).toEqual([]);
    expect(ratings.some((rating) => filmOf(rating).year === 2024)).toBe(true);
  });

  it("rate in half stars, around 3.6, harsh and generous ones among them", () => {
    const values = ratings.map(({ value }) => value);
    expect([...new Set(values)].sort()).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]);
    expect(mean(values)).toBeGreaterThan(3.3);
    expect(mean(values)).toBeLessThan(3.9);
    const means = [...byUser.values()].map((own) => mean(own.map(({ value }) => value))).sort((a, b) => a - b);
    expect(means[810] - means[90]).toBeGreaterThan(0.4);
  });

  it("watch famous films far more often, and nearly every film at times", () => {
    const counts = films.map(({ id }) => viewersOfFilm.get(String(id))?.length ?? 0);
    const sorted = counts.toSorted((a, b) => b - a);
    const top = sorted.slice(0, Math.round(films.length / 10)).reduce((a, b) => a + b);
    expect(top / ratings.length).toBeGreaterThan(0.25);
    expect(top / ratings.length).toBeLessThan(0.5);
    expect(sorted[0]).toBeLessThan(450);
    expect(counts.filter((count) => count >= 5).length / films.length).toBeGreaterThan(0.95);
    const seenAt = (fame: number) => mean(counts.filter((_, place) => films[place].fame === fame));
    expect(seenAt(9)).toBeGreaterThan(4 * seenAt(5));
    expect(seenAt(5)).toBeGreaterThan(1.5 * seenAt(3));
  });

  it.each([0.8, 0.9])("are there before and after the time that parts %f of the ratings", (share) => {
    const times = ratings.map(({ time }) => time).sort((a, b) => a - b);
    const parting = times[Math.floor(share * times.length)];
    const both = [...byUser.values()].filter((own) => own[0].time < parting && parting <= (own.at(-1)?.time ?? 0));
    expect(both.length).toBeGreaterThan(250);
  });
});

describe("the tastes of simulated viewers", () => {
  it("bring the parts of a franchise together", () => {
    const lifts: number[] = [];
    for (const franchise of new Set(films.flatMap(({ traits }) => traits.filter((t) => t.startsWith("franchise:"))))) {
      const parts = films.filter(({ traits }) => traits.includes(franchise)).map(({ id }) => String(id));
      for (const [place, a] of parts.entries()) for (const b of parts.slice(place + 1)) lifts.push(lift(a, b));
    }
    expect(mean(lifts)).toBeGreaterThan(6);
  });

  it("leave films that have nothing in common to chance", () => {
    const lifts: number[] = [];
    const known = films.filter(({ fame }) => fame >= 7);
    for (const a of known) {
      for (const b of known) {
        const common = b.genres.some((genre) => a.genres.includes(genre)) || b.traits.some((t) => a.traits.includes(t));
        if (a.id < b.id && !common) lifts.push(lift(String(a.id), String(b.id)));
      }
    }
    expect(lifts.length).toBeGreaterThan(1000);
    expect(mean(lifts)).toBeLessThan(1.1);
  });

  it("differ from viewer to viewer: the favourite genre of each is watched beyond its share", () => {
    const shareOf = (own: readonly SimulatedRating[], genre: string) =>
      own.filter((rating) => filmOf(rating).genres.includes(genre)).length / own.length;
    const genres = [...new Set(films.flatMap((film) => film.genres))];
    const overall = new Map(genres.map((genre) => [genre, shareOf(ratings, genre)]));
    const best = [...byUser.values()].map((own) =>
      genres.reduce((most, genre) => Math.max(most, shareOf(own, genre) - (overall.get(genre) ?? 0)), 0),
    );
    expect(mean(best)).toBeGreaterThan(0.25);
  });

  it("show in the ratings: who watches many films of a kind rates them higher than who watches few", () => {
    for (const genre of ["Horror", "Western", "Animation", "Musical", "War", "Film-Noir"]) {
      const [many, few]: [number[], number[]] = [[], []];
      for (const own of byUser.values()) {
        const values = own.filter((rating) => filmOf(rating).genres.includes(genre)).map(({ value }) => value);
        (values.length / own.length > 0.2 ? many : few).push(...values);
      }
      expect(mean(many), genre).toBeGreaterThan(mean(few) + 0.2);
    }
  });
});
