import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SnapshotBuilder } from "./builder.ts";
import { snapshotId } from "./content-id.ts";

interface Line {
  readonly user: string;
  readonly item: string;
  readonly value: number;
  readonly time: number | null;
  readonly sequence: number | null;
}

function build(lines: readonly Line[]) {
  const builder = new SnapshotBuilder();
  for (const { user, item, value, time, sequence } of lines) builder.add(user, item, value, time, sequence);
  return builder.build();
}

/** Interactions as readable rows. */
function rows(lines: readonly Line[]) {
  const { users, items, interactions } = build(lines).snapshot;
  const { length, user, item, value, count, time } = interactions;
  return Array.from({ length }, (_, i) => [users[user[i]], items[item[i]].movie_id, value[i], count[i], time[i]]);
}

const line = (
  user: string,
  item: string,
  value: number,
  time: number | null,
  sequence: number | null = null,
): Line => ({
  user,
  item,
  value,
  time,
  sequence,
});

const small = fc.nat(3).map(String);
const anyLine = (time: fc.Arbitrary<number | null>, sequence: fc.Arbitrary<number | null>) =>
  fc.record({ user: small, item: small, value: fc.nat(5), time, sequence });
const shuffled = <T>(lines: fc.Arbitrary<T[]>) =>
  lines.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

describe("the order of lines", () => {
  test("does not matter where all times are known", () => {
    const lines = fc.array(anyLine(fc.nat(4), fc.option(fc.nat(4))));
    fc.assert(
      fc.property(shuffled(lines), ([a, b]) => {
        expect(build(b).snapshot.id).toBe(build(a).snapshot.id);
      }),
    );
  });

  test("does not matter where every line has a sequence, with or without time", () => {
    const lines = fc.array(anyLine(fc.option(fc.nat(4)), fc.nat(4)));
    fc.assert(
      fc.property(shuffled(lines), ([a, b]) => {
        expect(build(b).snapshot.id).toBe(build(a).snapshot.id);
      }),
    );
  });

  test("is the order of a user's interactions where nothing else is known", () => {
    expect(
      rows([line("1", "9", 1, null), line("1", "3", 1, null), line("1", "5", 1, null)]).map(([, item]) => item),
    ).toEqual(["9", "3", "5"]);
  });
});

describe("a user's interactions", () => {
  test("go by time, then item in id order; unknown times come last", () => {
    const lines = [line("1", "10", 1, 7), line("1", "4", 1, null), line("1", "9", 1, 7), line("1", "8", 1, 2)];
    expect(rows(lines).map(([, item]) => item)).toEqual(["8", "9", "10", "4"]);
  });

  test("go by sequence, against the times, when every line has one", () => {
    expect(rows([line("1", "8", 1, 5, 1), line("1", "9", 1, 9, 0)]).map(([, item]) => item)).toEqual(["9", "8"]);
  });

  test("go by time when one line of that user lacks a sequence", () => {
    const lines = [
      line("1", "7", 1, 5, 1),
      line("1", "9", 1, 9, 0),
      line("1", "8", 1, 7),
      line("2", "7", 1, 5, 1),
      line("2", "9", 1, 9, 0),
    ];
    expect(rows(lines).map(([user, item]) => `${user}/${item}`)).toEqual(["1/7", "1/8", "1/9", "2/9", "2/7"]);
  });
});

describe("lines of one user and item", () => {
  test("become one, with what the newest says and its place", () => {
    expect(rows([line("1", "9", 5, 10), line("1", "8", 2, 20), line("1", "9", 3, 30), line("1", "9", 4, 1)])).toEqual([
      ["1", "8", 2, 1, 20],
      ["1", "9", 3, 3, 30],
    ]);
  });

  test("at one time: the larger value stays", () => {
    expect(rows([line("1", "9", 5, 10), line("1", "9", 3, 10)])).toEqual([["1", "9", 5, 2, 10]]);
  });

  test("without time or sequence: the later line stays", () => {
    expect(rows([line("1", "9", 5, null), line("1", "9", 3, null)])).toEqual([["1", "9", 3, 2, Number.NaN]]);
  });

  test("are counted as duplicates beyond the first, whatever the lines", () => {
    const lines = fc.array(anyLine(fc.option(fc.nat(4)), fc.option(fc.nat(4))));
    fc.assert(
      fc.property(lines, (all) => {
        const { snapshot, duplicates } = build(all);
        const { length, user, item, count } = snapshot.interactions;
        const pairs = new Map<string, number>();
        for (const { user: u, item: i } of all) pairs.set(`${u}/${i}`, (pairs.get(`${u}/${i}`) ?? 0) + 1);
        const built = Array.from({ length }, (_, i) => [
          `${snapshot.users[user[i]]}/${snapshot.items[item[i]].movie_id}`,
          count[i],
        ]);
        expect(built.sort()).toEqual([...pairs].sort());
        expect(duplicates).toBe(all.length - pairs.size);
        expect([...user]).toEqual([...user].sort((a, b) => a - b));
      }),
    );
  });
});

describe("ids", () => {
  test("are integers in order of value only if all of their side are", () => {
    const { snapshot } = build([line("10", "b", 1, 1), line("9", "10", 1, 1), line("2", "9", 1, 1)]);
    expect([snapshot.userKind, snapshot.users]).toEqual(["integer", ["2", "9", "10"]]);
    expect([snapshot.itemKind, snapshot.items.map(({ movie_id }) => movie_id)]).toEqual(["string", ["10", "9", "b"]]);
  });

  test("of the catalogue count too, and rated items that it lacks come into it", () => {
    const builder = new SnapshotBuilder();
    builder.addItem({ movie_id: "x", title: "X", year: 1999, genres: ["War"] });
    builder.addItem({ movie_id: "5", title: "old", year: null, genres: [] });
    builder.addItem({ movie_id: "5", title: "new", year: null, genres: [] });
    builder.add("1", "7", 1, null, null);
    const { snapshot } = builder.build();
    expect(snapshot.itemKind).toBe("string");
    expect(snapshot.items).toEqual([
      { movie_id: "5", title: "new", year: null, genres: [] },
      { movie_id: "7", title: null, year: null, genres: [] },
      { movie_id: "x", title: "X", year: 1999, genres: ["War"] },
    ]);
  });
});

describe("a snapshot", () => {
  test("has the id of its content, with values as float32 and one zero", () => {
    const { snapshot } = build([line("1", "2", 0.1, 1), line("1", "3", -0, 2)]);
    const { id, ...content } = snapshot;
    expect(id).toBe(snapshotId(content));
    expect([...snapshot.interactions.value].map((value) => [value, Object.is(value, -0)])).toEqual([
      [Math.fround(0.1), false],
      [0, false],
    ]);
  });

  test("holds more lines than the columns start with", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => line(String(i % 100), String(i), i, i, i % 3 ? i : null));
    const { interactions, users, items } = build(lines).snapshot;
    const { length, user, item, value } = interactions;
    expect(length).toBe(10_000);
    for (let i = 0; i < length; i++) {
      expect([items[item[i]].movie_id, users[user[i]]]).toEqual([String(value[i]), String(value[i] % 100)]);
    }
  });

  test("of nothing is empty", () => {
    const { snapshot, duplicates } = build([]);
    expect([snapshot.users, snapshot.items, snapshot.interactions.length, duplicates]).toEqual([[], [], 0, 0]);
  });

  test("takes no value, time or genre that it could not keep", () => {
    const builder = new SnapshotBuilder();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e39])
      expect(() => builder.add("1", "1", value, 1, null)).toThrow();
    for (const time of [Number.NaN, 1.5]) expect(() => builder.add("1", "1", 1, time, null)).toThrow();
    for (const genres of [["A|B"], [""]]) {
      expect(() => builder.addItem({ movie_id: "1", title: null, year: null, genres })).toThrow();
    }
  });
});

describe("lines that state no value, or count more than once", () => {
  const builds = (lines: readonly (readonly [value: number | null, time: number | null, count: number])[]) => {
    const builder = new SnapshotBuilder();
    for (const [value, time, count] of lines) builder.add("1", "9", value, time, null, count);
    const { snapshot, duplicates } = builder.build();
    const { value, count, time } = snapshot.interactions;
    return { value: [...value], count: [...count], time: [...time], duplicates };
  };

  test("leave the newest value that is stated, with the newest time", () => {
    const rated = builds([
      [4, 10, 1],
      [2, 5, 1],
      [null, 20, 1],
      [null, 30, 1],
    ]);
    expect(rated).toEqual({ value: [4], count: [4], time: [30], duplicates: 3 });
  });

  test("are worth 1 where nothing is stated", () => {
    expect(builds([[null, 5, 1]])).toMatchObject({ value: [1], count: [1] });
  });

  test("add up, as far as 32 bits go", () => {
    expect(
      builds([
        [1, 5, 40],
        [1, 6, 2],
      ]).count,
    ).toEqual([42]);
    expect(
      builds([
        [1, 5, 2 ** 31 - 1],
        [1, 6, 2],
      ]).count,
    ).toEqual([2 ** 31 - 1]);
  });

  test("give one snapshot in any order, where all times are known", () => {
    const lines = fc.array(
      fc.record({
        user: small,
        item: small,
        value: fc.option(fc.nat(3)),
        time: fc.nat(3),
        count: fc.integer({ min: 1, max: 3 }),
      }),
    );
    fc.assert(
      fc.property(shuffled(lines), ([a, b]) => {
        const [first, second] = [a, b].map((all) => {
          const builder = new SnapshotBuilder();
          for (const { user, item, value, time, count } of all) builder.add(user, item, value, time, null, count);
          return builder.build().snapshot;
        });
        expect(second.id).toBe(first.id);
        const total = a.reduce((sum, { count }) => sum + count, 0);
        expect(first.interactions.count.reduce((sum, count) => sum + count, 0)).toBe(total);
      }),
    );
  });
});
