import { describe, expect, it } from "vitest";
import { films } from "./films.ts";

/** The genres of MovieLens' data sets (README of ml-latest-small). */
const GENRES =
  "Action Adventure Animation Children Comedy Crime Documentary Drama Fantasy Film-Noir Horror Musical Mystery Romance Sci-Fi Thriller War Western".split(
    " ",
  );

function find(title: string, year: number) {
  return films.find((film) => film.title === title && film.year === year);
}

describe("the embedded catalogue", () => {
  it("numbers its films from 1 without gaps", () => {
    expect(films.length).toBeGreaterThanOrEqual(520);
    expect(films.map(({ id }) => id)).toEqual(films.map((_, place) => place + 1));
  });

  it("keeps ids that clients may have stored", () => {
    const pinned = Object.fromEntries([1, 116, 200, 400, 600, 800, 1000, 1200].map((id) => [id, films[id - 1].title]));
    expect(pinned).toEqual({
      1: "Toy Story",
      116: "The Wizard of Oz",
      200: "Star Trek II: The Wrath of Khan",
      400: "Beverly Hills Cop",
      600: "The Lady from Shanghai",
      800: "Napoleon Dynamite",
      1000: "Trainspotting",
      1200: "L'Avventura",
    });
  });

  it("names no film twice, whatever the case and accents", () => {
    const names = films.map(({ title, year }) => `${title.normalize("NFKD").replace(/\W/g, "").toLowerCase()} ${year}`);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });

  it("has well-formed titles", () => {
    const odd = films.filter(
      ({ title }) => title !== title.trim().normalize("NFC") || title === "" || /\s\s/.test(title),
    );
    expect(odd).toEqual([]);
  });

  it("spans a century of cinema", () => {
    const decades = new Map<number, number>();
    for (const { title, year } of films) {
      expect(Number.isInteger(year) && year >= 1915 && year <= 2025, title).toBe(true);
      const decade = Math.floor(year / 10) * 10;
      decades.set(decade, (decades.get(decade) ?? 0) + 1);
    }
    for (let decade = 1920; decade <= 2020; decade += 10) {
      expect(decades.get(decade), `${decade}s`).toBeGreaterThanOrEqual(10);
    }
  });

  it("uses MovieLens' genres only, each once and in alphabetical order, and all of them", () => {
    for (const { title, genres } of films) {
      expect(genres, title).toEqual(GENRES.filter((genre) => genres.includes(genre)));
      expect(genres.length, title).toBeGreaterThan(0);
    }
    const used = new Set(films.flatMap(({ genres }) => genres));
    expect([...used].sort()).toEqual([...GENRES].sort());
  });

  it("gives every film fame from 1 to 9, and traits that tie it to another film", () => {
    const carriers = new Map<string, number>();
    for (const { title, traits, fame } of films) {
      expect(Number.isInteger(fame) && fame >= 1 && fame <= 9, title).toBe(true);
      expect(new Set(traits).size, title).toBe(traits.length);
      for (const trait of traits) carriers.set(trait, (carriers.get(trait) ?? 0) + 1);
    }
    expect([...carriers].filter(([trait, count]) => count < 2 || !/^[a-z0-9:-]+$/.test(trait))).toEqual([]);
  });

  // From the top of the American Film Institute's "100 Years … 100 Movies" (2007), with its years.
  it.each([
    ["Citizen Kane", 1941],
    ["The Godfather", 1972],
    ["Casablanca", 1942],
    ["Raging Bull", 1980],
    ["Singin' in the Rain", 1952],
    ["Gone with the Wind", 1939],
    ["Lawrence of Arabia", 1962],
    ["Schindler's List", 1993],
    ["Vertigo", 1958],
    ["The Wizard of Oz", 1939],
    ["City Lights", 1931],
    ["The Searchers", 1956],
    ["Psycho", 1960],
    ["2001: A Space Odyssey", 1968],
    ["Sunset Boulevard", 1950],
    ["The Graduate", 1967],
    ["On the Waterfront", 1954],
    ["It's a Wonderful Life", 1946],
    ["Chinatown", 1974],
  ])("dates %s to %i", (title, year) => {
    expect(find(title, year)).toBeDefined();
  });

  it("tells films of one title apart by year", () => {
    expect(find("Dune", 1984)?.traits).toContain("lynch");
    expect(find("Dune", 2021)?.traits).toContain("villeneuve");
    expect(find("Beauty and the Beast", 1946)?.genres).not.toContain("Animation");
    expect(find("Beauty and the Beast", 1991)?.genres).toContain("Animation");
  });
});
