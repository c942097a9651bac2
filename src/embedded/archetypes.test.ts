import { describe, expect, it } from "vitest";
import { archetypes } from "./archetypes.ts";
import { films } from "./films.ts";

function fullyLiked(name: string) {
  const archetype = archetypes.find((candidate) => candidate.name === name);
  return films.filter((_, place) => archetype?.liking[place] === 1);
}

describe("archetypes", () => {
  it("have names of their own and a positive share", () => {
    expect(new Set(archetypes.map(({ name }) => name)).size).toBe(archetypes.length);
    expect(archetypes.filter(({ share }) => !(share > 0))).toEqual([]);
  });

  it("like at least ten films fully and most of the catalogue little", () => {
    for (const { name, liking } of archetypes) {
      expect(liking.length).toBe(films.length);
      expect(liking.filter((value) => !(value >= 0 && value <= 1)).length, name).toBe(0);
      expect(liking.filter((value) => value === 1).length, name).toBeGreaterThanOrEqual(10);
      expect(liking.filter((value) => value > 0.5).length, name).toBeLessThan(films.length / 8);
    }
  });

  it.each([
    ["westerns", "Western"],
    ["anime", "Animation"],
    ["war", "War"],
    ["documentaries", "Documentary"],
    ["slashers and hauntings", "Horror"],
    ["period romance", "Romance"],
  ])("%s favour films of the genre %s", (name, genre) => {
    const others = fullyLiked(name).filter(({ genres }) => !genres.includes(genre));
    expect(others).toEqual([]);
  });
});
