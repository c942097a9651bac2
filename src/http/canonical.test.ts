import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { popularRequest, sessionRequest, similarRequest, userRequest } from "./canonical.ts";

const given = { k: 20, exclude: [], genre: [], include_seen: false, explain: false };

describe("canonical requests", () => {
  test("hold every option, and null for those not given", () => {
    expect(userRequest("7", given)).toEqual({
      kind: "user",
      user_id: "7",
      k: 20,
      model: null,
      exclude: [],
      genre: [],
      year_min: null,
      year_max: null,
      include_seen: false,
      explain: false,
    });
  });

  test("of lists without a history have no options of histories", () => {
    const options = ["exclude", "genre", "k", "kind", "model", "year_max", "year_min"];
    expect(Object.keys(popularRequest(given)).sort()).toEqual(options);
    expect(Object.keys(similarRequest("1", given)).sort()).toEqual([...options, "movie_id"].sort());
  });

  test("order decimal ids by value and mixed ones by their bytes, each once", () => {
    expect(popularRequest({ ...given, exclude: ["10", "9", "10"] }).exclude).toEqual(["9", "10"]);
    expect(popularRequest({ ...given, exclude: ["10", "9", "x", "10"] }).exclude).toEqual(["10", "9", "x"]);
    expect(popularRequest({ ...given, exclude: ["10", "9", "09"] }).exclude).toEqual(["09", "10", "9"]);
  });

  test("order by code points and not by UTF-16 units", () => {
    const [astral, privateUse] = ["\u{1f3ac}", "\uf8ff"];
    expect(popularRequest({ ...given, genre: [astral, privateUse] }).genre).toEqual([privateUse, astral]);
  });

  test("of a session keep an item's last weight", () => {
    const items = [
      { movie_id: "10", weight: 1 },
      { movie_id: "2", weight: 3 },
      { movie_id: "10", weight: 0.5 },
    ];
    expect(sessionRequest(items, given).items).toEqual([
      { movie_id: "2", weight: 3 },
      { movie_id: "10", weight: 0.5 },
    ]);
  });

  test("are the same however the lists were ordered and repeated", () => {
    const ids = fc.array(fc.oneof(fc.nat(30).map(String), fc.string({ minLength: 1, maxLength: 3, unit: "binary" })));
    const shuffled = ids.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const repeated = [...other, ...one];
        expect(popularRequest({ ...given, exclude: one, genre: one })).toEqual(
          popularRequest({ ...given, exclude: repeated, genre: repeated }),
        );
      }),
    );
  });
});
