import { describe, expect, test } from "vitest";
import { FILMS } from "../../test/builders.ts";
import { type JudgedCases, segmentationsOf } from "./segments.ts";
import type { TestCase } from "./test-cases.ts";

/** A user of whom `known` interactions are known, and who then took the film in row `took`. */
function caseOf(user: number, known: number, took: number[], newcomer = false): TestCase {
  const item = Int32Array.from({ length: known }, (_, row) => row);
  const columns = { value: new Float32Array(known), count: new Int32Array(known), time: new Float64Array(known) };
  const history = { item, ...columns, later: null };
  return { user: `${user}`, known: { history, row: null }, newcomer, taken: new Set(took) };
}

/** 60 users who know 1 to 60 films: the first half took a comedy, the other a thriller; comedies were foreseen. */
const cases = Array.from({ length: 60 }, (_, user) => caseOf(user, user + 1, [user < 30 ? 0 : 8], user >= 50));
const judged: JudgedCases = {
  cases,
  items: FILMS,
  model: cases.map(() => Int32Array.of(0, 1, 2)),
  popularity: cases.map(() => Int32Array.of(1, 0, 2)),
};
const by = (name: string, attributes: Parameters<typeof segmentationsOf>[1] = []) => {
  const found = segmentationsOf(judged, attributes, 2, 1).find((segmentation) => segmentation.by === name);
  return found ?? expect.unreachable(`no segments by ${name}`);
};

describe("segments", () => {
  test("by activity are thirds of the users, named by what is known of them", () => {
    const { segments, gap } = by("known interactions");
    expect(segments.map(({ segment, users }) => [segment, users])).toEqual([
      ["1 to 20", 20],
      ["21 to 40", 20],
      ["41 to 60", 20],
    ]);
    expect(segments.map(({ metrics }) => metrics["ndcg@2"].value)).toEqual([1, 0.5, 0]);
    expect(gap).toEqual({ best: "1 to 20", worst: "41 to 60", metric: "ndcg@2", value: 1 });
  });

  test("say what the model gains over popularity in each", () => {
    const [first] = by("known interactions").segments;
    expect(first.ndcg_over_popularity.value).toBeCloseTo(1 - 1 / Math.log2(3), 12);
  });

  test("by genre count only what was taken of the genre, and who took some", () => {
    const { segments } = by("genre of the tested items");
    expect(segments.map(({ segment, users, metrics }) => [segment, users, metrics["hr@2"].value])).toEqual([
      ["Comedy", 30, 1],
      ["Crime", 30, 0],
      ["Thriller", 30, 0],
    ]);
  });

  test("by arrival tell newcomers from others, and too few of them make no gap", () => {
    const { segments, gap } = by("arrival");
    expect(segments.map(({ segment, users }) => [segment, users])).toEqual([
      ["in the training", 50],
      ["newcomer", 10],
    ]);
    expect(gap).toBeNull();
  });

  test("by an attribute leave out whom nothing is told of", () => {
    const values = new Map(cases.slice(0, 40).map(({ user }) => [user, Number(user) % 2 === 0 ? "even" : "odd"]));
    const { segments } = by("parity", [{ name: "parity", values }]);
    expect(segments.map(({ segment, users }) => [segment, users])).toEqual([
      ["even", 20],
      ["odd", 20],
    ]);
  });

  test("are not made of one value", () => {
    const values = new Map(cases.map(({ user }) => [user, "same"]));
    const found = segmentationsOf(judged, [{ name: "one", values }], 2, 1);
    expect(found.map((segmentation) => segmentation.by)).not.toContain("one");
  });

  test("of users of equal activity stay together", () => {
    const equal = { ...judged, cases: cases.map((_, user) => caseOf(user, user < 30 ? 3 : 9, [0])) };
    const [activity] = segmentationsOf(equal, [], 2, 1);
    expect(activity.segments.map(({ segment, users }) => [segment, users])).toEqual([
      ["3", 30],
      ["9", 30],
    ]);
  });
});
