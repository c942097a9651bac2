import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engine, FILMS, type Line, manifestOf, SMALL, snapshotOf, train, twoTastes } from "../../test/builders.ts";
import type { Artifact } from "../artifact/artifact.ts";
import { encodeArtifact } from "../artifact/codec.ts";
import { IntegrityError, NotFoundError } from "../base/errors.ts";
import { historyOfRow } from "../history/history.ts";
import { holdCompactly, Model, type RankedList, type ViewerQuery } from "./model.ts";

const modelOf = (artifact: Artifact) =>
  new Model({ artifact, manifest: manifestOf(artifact, encodeArtifact(artifact)) }, engine.newCore());

const artifact = await train();
const model = modelOf(artifact);

const ALL: ViewerQuery = {
  k: 100,
  exclude: [],
  genre: [],
  year_min: null,
  year_max: null,
  include_seen: true,
  explain: false,
};
const viewer = fc.integer({ min: 1, max: 24 }).map(String);
const anyQuery: fc.Arbitrary<ViewerQuery> = fc.record({
  k: fc.integer({ min: 1, max: 20 }),
  exclude: fc.array(fc.integer({ min: 1, max: 20 }).map(String), { maxLength: 5 }),
  genre: fc.subarray(["comedy", "CRIME", "Western"]),
  year_min: fc.option(fc.integer({ min: 1989, max: 2008 })),
  year_max: fc.option(fc.integer({ min: 1989, max: 2008 })),
  include_seen: fc.boolean(),
  explain: fc.constant(false),
});

/** Ids and scores of a list. */
const listed = ({ ranking }: RankedList) =>
  Array.from(ranking.rows, (row, place) => [model.items[row].movie_id, ranking.scores[place]] as const);

const seenBy = (id: string) => {
  const { item } = historyOfRow(artifact.histories.table, artifact.users.indexOf(id));
  return Array.from(item, (row) => artifact.items[row].movie_id);
};

/** Whether a film may stand in the list of a query, in the query's own words. */
function fits(id: string, query: ViewerQuery, seen: readonly string[]): boolean {
  const { year, genres } = FILMS[Number(id) - 1];
  const wanted = query.genre.map((name) => name.toLowerCase());
  return (
    !query.exclude.includes(id) &&
    (query.include_seen || !seen.includes(id)) &&
    (wanted.length === 0 || genres.some((name) => wanted.includes(name.toLowerCase()))) &&
    (query.year_min === null || (year ?? 0) >= query.year_min) &&
    (query.year_max === null || (year ?? 0) <= query.year_max)
  );
}

describe("a known viewer's list", () => {
  test("ranks every film by the dot product of the factors", () => {
    const { factors: width } = artifact.factors.settings;
    const { userFactors, itemFactors } = artifact.factors;
    artifact.users.forEach((id, user) => {
      const list = listed(model.recommend(id, ALL));
      expect(list.map(([film]) => film).sort()).toEqual(FILMS.map(({ movie_id }) => movie_id).sort());
      for (const [film, score] of list) {
        const row = artifact.items.findIndex(({ movie_id }) => movie_id === film);
        let sum = 0;
        for (let d = 0; d < width; d++) sum += userFactors[user * width + d] * itemFactors[row * width + d];
        expect(score).toBeCloseTo(sum, 5);
      }
      const scores = list.map(([, score]) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    });
  });

  test("holds the best of what fits the query, seen or not as asked", () => {
    fc.assert(
      fc.property(viewer, anyQuery, (id, query) => {
        const expected = listed(model.recommend(id, ALL)).filter(([film]) => fits(film, query, seenBy(id)));
        expect(listed(model.recommend(id, query))).toEqual(expected.slice(0, query.k));
      }),
    );
  });

  test("comes from the factors as trained", () => {
    expect(model.recommend("7", ALL)).toMatchObject({ step: "factors", because: null });
  });
});

describe("a film whose year or genre is not known", () => {
  const lines = ["a", "b", "c"].flatMap((user): Line[] => [
    [user, "known"],
    [user, "unknown"],
  ]);
  const known = { movie_id: "known", title: "Known", year: 2000, genres: ["Drama"] };

  test.each([
    [{}, ["known", "unknown"]],
    [{ year_min: 1900 }, ["known"]],
    [{ year_max: 2100 }, ["known"]],
    [{ genre: ["drama"] }, ["known"]],
  ])("is left out by a bound on it: %o", async (bounds, expected) => {
    const small = modelOf(await train(snapshotOf(lines, [known])));
    const { rows } = small.popular({ ...ALL, ...bounds }).ranking;
    expect(Array.from(rows, (row) => small.items[row].movie_id)).toEqual(expected);
  });
});

describe("a visitor's list", () => {
  const historyOf = (id: string) => seenBy(id).map((movie_id) => ({ movie_id, weight: 1 }));

  test("is that of a viewer with the same history, score for score", () => {
    fc.assert(
      fc.property(viewer, anyQuery, fc.nat(), (id, query, turn) => {
        const items = historyOf(id);
        const rotated = [...items.slice(turn % items.length), ...items.slice(0, turn % items.length)];
        const session = model.session(rotated, query);
        expect(session.step).toBe("session");
        expect(session.ranking).toEqual(model.recommend(id, query).ranking);
      }),
    );
  });

  test("weighs items by what they are given", () => {
    const list = (comedy: number, thriller: number) =>
      listed(
        model.session(
          [
            { movie_id: "1", weight: comedy },
            { movie_id: "9", weight: thriller },
          ],
          { ...ALL, k: 1, include_seen: false },
        ),
      )[0][0];
    expect(Number(list(10, 1))).toBeLessThanOrEqual(8);
    expect(Number(list(1, 10))).toBeGreaterThan(8);
  });

  test("counts only items that the model knows, and is of what is popular without any", () => {
    const unknown = { movie_id: "999", weight: 1 };
    expect(model.session([...historyOf("3"), unknown], ALL).ranking).toEqual(
      model.session(historyOf("3"), ALL).ranking,
    );
    expect(model.session([unknown], ALL)).toEqual(model.popular(ALL));
    expect(model.session([], { ...ALL, explain: true })).toEqual(model.popular(ALL));
  });

  test("is of what is popular where nothing has weight", () => {
    const weightless = model.session([{ movie_id: "1", weight: 0 }], { ...ALL, include_seen: false });
    expect(weightless.step).toBe("popular");
    expect(listed(weightless)).toEqual(listed(model.popular({ ...ALL, exclude: ["1"] })));
  });
});

describe("the reasons of a list", () => {
  test("sum to each score, the largest first, over what has weight", async () => {
    const rated = await train(twoTastes(), { ...SMALL, weight_rule: "rating>=4" });
    const explaining = modelOf(rated);
    for (const [row, id] of rated.users.entries()) {
      const { item, value } = historyOfRow(rated.histories.table, row);
      const weighted = [...item].filter((_, place) => value[place] >= 4);
      const { ranking, because } = explaining.recommend(id, { ...ALL, explain: true });
      expect(because).toHaveLength(16);
      because?.forEach((parts, place) => {
        const score = ranking.scores[place];
        const sum = parts.reduce((total, { contribution }) => total + contribution, 0);
        expect(Math.abs(sum - score)).toBeLessThanOrEqual(1e-4 * Math.abs(score) + 1e-9);
        expect(parts.map((part) => part.row).sort((a, b) => a - b)).toEqual(weighted);
        const sizes = parts.map(({ contribution }) => contribution);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      });
    }
  });

  test("are those of a visitor with the same history", () => {
    const query = { ...ALL, explain: true };
    const items = seenBy("5").map((movie_id) => ({ movie_id, weight: 1 }));
    expect(model.session(items, query).because).toEqual(model.recommend("5", query).because);
  });
});

/** Film 2 has three viewers, 10 and 9 two, 1 one. */
const counted = await train(
  snapshotOf([
    ["a", "2", 5],
    ["a", "10", 5],
    ["a", "1", 1],
    ["b", "2", 5],
    ["b", "9", 5],
    ["c", "2", 1],
    ["c", "9", 1],
    ["c", "10", 1],
  ]),
  { ...SMALL, weight_rule: "rating>=4" },
);

describe("what is popular", () => {
  const small = modelOf(counted);
  const idsOf = ({ ranking }: RankedList) => Array.from(ranking.rows, (row) => small.items[row].movie_id);

  test("stands by the number of viewers, then by id", () => {
    const popular = small.popular(ALL);
    expect(popular).toMatchObject({ step: "popular", because: null });
    expect(idsOf(popular)).toEqual(["2", "9", "10", "1"]);
    expect([...popular.ranking.scores]).toEqual([3, 2, 2, 1]);
  });

  test("is what an unknown viewer gets, filters applied", () => {
    expect(small.recommend("nobody", ALL)).toEqual(small.popular(ALL));
    expect(idsOf(small.recommend("nobody", { ...ALL, k: 2, exclude: ["9", "unknown"] }))).toEqual(["2", "10"]);
    expect(model.recommend("__proto__", ALL)).toEqual(model.popular(ALL));
  });

  test("is what a viewer without anything of weight gets, less what they saw", () => {
    const list = small.recommend("c", { ...ALL, include_seen: false, explain: true });
    expect(list).toMatchObject({ step: "popular", because: null });
    expect(idsOf(list)).toEqual(["1"]);
    expect(idsOf(small.recommend("c", ALL))).toEqual(["2", "9", "10", "1"]);
    expect(small.recommend("a", ALL).step).toBe("factors");
  });
});

describe("similar films", () => {
  test("stand by the cosine of their factors, the film itself left out", () => {
    const { factors: width } = artifact.factors.settings;
    const row = (index: number) => artifact.factors.itemFactors.subarray(index * width, (index + 1) * width);
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, d) => sum + value * b[d], 0);
    for (const [index, { movie_id }] of model.items.entries()) {
      const list = listed(model.similar(movie_id, ALL));
      expect(list.map(([film]) => film)).not.toContain(movie_id);
      expect(list).toHaveLength(15);
      for (const [film, score] of list) {
        const other = row(model.rowOf(film));
        const cosine = dot(row(index), other) / Math.sqrt(dot(row(index), row(index)) * dot(other, other));
        expect(score).toBeCloseTo(cosine, 5);
      }
      const scores = list.map(([, score]) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  test("are of the same taste, and fit the query", () => {
    expect(listed(model.similar("2", { ...ALL, k: 3 })).every(([film]) => Number(film) <= 8)).toBe(true);
    const filtered = listed(model.similar("2", { ...ALL, genre: ["Crime"], year_min: 2003, exclude: ["14"] }));
    expect(filtered.map(([film]) => film).sort()).toEqual(["13", "15", "16"]);
  });

  test("cannot be told for a film that the model does not hold", () => {
    for (const id of ["17", "", "01", "__proto__"]) expect(() => model.similar(id, ALL)).toThrow(NotFoundError);
  });
});

test("searching finds films by title, best known first", () => {
  expect(model.search("film 16", 5).map((row) => model.items[row].movie_id)).toEqual(["16"]);
  expect(model.search("film", 3)).toHaveLength(3);
});

test("an artifact whose weight rule is none is not taken into memory", () => {
  const histories = { ...artifact.histories, weightRule: "rating>=x" };
  const manifest = manifestOf(artifact, encodeArtifact(artifact));
  const load = () => new Model({ artifact: { ...artifact, histories }, manifest }, engine.newCore());
  expect(load).toThrow(IntegrityError);
  expect(load).toThrow(/^v0\.1: history\.safetensors: weight_rule: must be binary/);
});

test.each(["binary", "rating", "rating>=4", "log-count", "binary*recency:2d", "rating*recency:3items"])(
  "holding histories compactly changes no answer, with the rule %s",
  async (weight_rule) => {
    const trained = await train(twoTastes(), { ...SMALL, weight_rule });
    const manifest = manifestOf(trained, encodeArtifact(trained));
    const whole = new Model({ artifact: structuredClone(trained), manifest }, engine.newCore());
    const compact = new Model({ artifact: trained, manifest }, engine.newCore(), holdCompactly);
    expect(trained.histories.table.item).toHaveLength(0);
    const query = { ...ALL, include_seen: false, explain: true };
    const newer = [
      { movie_id: "16", value: 5, time: Date.UTC(2024, 1, 1) },
      { movie_id: "1", value: null, time: Date.UTC(2024, 1, 2) },
    ];
    for (const user of ["1", "2", "24", "nobody"]) {
      expect(compact.recommend(user, query)).toEqual(whole.recommend(user, query));
      const [fold, expected] = [compact, whole].map((each) => each.foldIn(user, 7, newer));
      expect(fold?.factors).toEqual(expected?.factors);
      expect(compact.recommend(user, query, fold)).toEqual(whole.recommend(user, query, expected));
      expect(compact.activityOf(user)).toBe(user === "nobody" ? 0 : 6);
    }
  },
);
