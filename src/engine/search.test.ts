import { describe, expect, test } from "vitest";
import { titleIndex } from "./search.ts";

const TITLES = [
  ["Amélie", 2001],
  ["WALL·E", 2008],
  ["Schindler's List", 1993],
  ["Spider-Man: Into the Spider-Verse", 2018],
  ["Léon: The Professional", 1994],
  ["Crouching Tiger, Hidden Dragon (Wò hǔ cáng lóng)", 2000],
  ["千と千尋の神隠し", 2001],
  ["Straße nach Westen", null],
  ["Æon Flux", 2005],
  [null, 1950],
  ["Se7en", 1995],
  ["M", 1931],
  ["Game of Lies", 1999],
] as const;

const items = TITLES.map(([title, year], row) => ({ movie_id: String(row), title, year, genres: [] }));
const index = titleIndex(
  items,
  Float32Array.from(items, () => 1),
);
const find = (query: string) => index.find(query, 10).map((row) => items[row].title);

describe("a title is found", () => {
  test.each([
    ["amelie", "Amélie"],
    ["AMÉLIE", "Amélie"],
    ["ame\u0301lie", "Amélie"],
    ["wall-e", "WALL·E"],
    ["walle", "WALL·E"],
    ["schindler's list", "Schindler's List"],
    ["schindlers list", "Schindler's List"],
    ["Schindler’s", "Schindler's List"],
    ["spiderman", "Spider-Man: Into the Spider-Verse"],
    ["spider man", "Spider-Man: Into the Spider-Verse"],
    ["verse into", "Spider-Man: Into the Spider-Verse"],
    ["leon professional", "Léon: The Professional"],
    ["wo hu cang long", "Crouching Tiger, Hidden Dragon (Wò hǔ cáng lóng)"],
    ["千尋", "千と千尋の神隠し"],
    ["straße", "Straße nach Westen"],
    ["ＳＥ７ＥＮ", "Se7en"],
    ["  dragon ,  TIGER!", "Crouching Tiger, Hidden Dragon (Wò hǔ cáng lóng)"],
    ["m 1931", "M"],
  ])("by %j", (query, title) => {
    expect(find(query)).toContain(title);
  });

  test("only if it holds every word", () => {
    expect(find("amelie list")).toEqual([]);
    expect(find("amelie 2002")).toEqual([]);
    expect(find("amélie")).toEqual(["Amélie"]);
    expect(find("xyz")).toEqual([]);
  });

  test("by its words, not across them", () => {
    expect(find("tigerhidden")).toEqual([]);
    expect(find("lonthe")).toEqual([]);
  });
});

describe("finds", () => {
  const numbered = Array.from({ length: 6 }, (_, row) => ({
    movie_id: `${row}`,
    title: `Film ${row}`,
    year: null,
    genres: [],
  }));
  const known = titleIndex(numbered, Float32Array.of(1, 5, 3, 5, 0, 9));

  test("stand by popularity, then in row order, and are no more than asked for", () => {
    expect(known.find("film", 10)).toEqual([5, 1, 3, 2, 0, 4]);
    expect(known.find("film", 2)).toEqual([5, 1]);
    expect(known.find("film", 0)).toEqual([]);
  });

  test("are all films for a query without words", () => {
    for (const query of ["", "  ", "!?"]) expect(known.find(query, 3)).toEqual([5, 1, 3]);
  });
});
