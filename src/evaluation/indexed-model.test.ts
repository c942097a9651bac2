import { describe, expect, test } from "vitest";
import { FILMS, SMALL, train, twoTastes } from "../../test/builders.ts";
import { IndexedModel } from "./indexed-model.ts";

const model = new IndexedModel(await train());
const observation = (item: string, value = 1) => ({ item, value, count: 1, time: Number.NaN });
const idsOf = (rows: Int32Array) => [...rows].map((row) => model.artifact.items[row].movie_id);

describe("what a model knows of a user", () => {
  test("is the history that it was trained on, whose row needs no solving", () => {
    const { history, row } = model.known("1", []);
    expect(model.artifact.users[row as number]).toBe("1");
    expect(idsOf(history.item).sort()).toEqual(
      model
        .trainedOn("1")
        .map(({ item }) => item)
        .sort(),
    );
    expect(history.item).toHaveLength(6);
  });

  test("grows by what is given: rows stay ascending, and have to be solved", () => {
    const seen = model.trainedOn("1").map(({ item }) => item);
    const more = FILMS.map(({ movie_id }) => movie_id).filter((id) => !seen.includes(id));
    const { history, row } = model.known("1", [observation(more[1], 4), observation(more[0], 2)]);
    expect(row).toBeNull();
    expect(history.item).toHaveLength(8);
    expect([...history.item]).toEqual([...history.item].sort((a, b) => a - b));
    expect(history.value[idsOf(history.item).indexOf(more[1])]).toBe(4);
  });

  test("does not change by what it knows already, nor by what it does not hold", () => {
    const [first] = model.trainedOn("1");
    const known = model.known("1", [observation(first.item, 99), observation("no such film")]);
    expect(known).toEqual(model.known("1", []));
    expect(known.row).not.toBeNull();
  });

  test("keeps its order, and what is given comes after it, oldest first", async () => {
    const ordered = new IndexedModel(await train(twoTastes(), { ...SMALL, weight_rule: "recency:2items" }));
    const seen = ordered.trainedOn("1").map(({ item }) => item);
    expect(seen).toEqual(["2", "5", "8", "3", "6", "1"]); // one a day, as twoTastes says
    const { history } = ordered.known("1", [observation("7"), observation("2"), observation("4")]);
    const newestFirst = [...history.item.keys()].sort((a, b) => (history.later?.[a] ?? 0) - (history.later?.[b] ?? 0));
    expect(newestFirst.map((at) => idsOf(history.item)[at])).toEqual(["4", "7", ...seen.toReversed()]);
    expect(ordered.known("stranger", [observation("9"), observation("3")]).history.later).toEqual(Int32Array.of(0, 1));
  });

  test("is nothing for a stranger, but what is given", () => {
    expect(model.known("stranger", [])).toMatchObject({ history: { item: new Int32Array(0) }, row: null });
    expect(model.known("stranger", [observation("3")]).history.item).toHaveLength(1);
    expect(model.trainedOn("stranger")).toEqual([]);
  });
});
