import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noProgress } from "../base/progress.ts";
import type { ColumnNames } from "./columns.ts";
import { csvSource } from "./csv.ts";
import { memoryLocation } from "./memory-files.ts";
import type { RejectedLine, SourceInteraction, SourceItem } from "./source.ts";

async function read(text: string, names: ColumnNames = {}) {
  const interactions: SourceInteraction[] = [];
  const rejected: RejectedLine[] = [];
  const {
    interactions: [counts],
  } = await csvSource(memoryLocation({ "a.csv": text }, "a.csv"), names).read(
    { item() {}, interaction: (line) => interactions.push(line), reject: (line) => rejected.push(line) },
    noProgress,
  );
  return { interactions, rejected, counts };
}

describe("a CSV file", () => {
  test("needs a user and an item only", async () => {
    const { interactions } = await read("item,user\nm-1,ann\n");
    expect(interactions).toEqual([{ user: "ann", item: "m-1", value: 1, time: null, sequence: null, count: 1 }]);
  });

  test("takes times in seconds, milliseconds and ISO 8601, and any finite rating from 0", async () => {
    const { interactions, rejected } = await read(
      "user,item,rating,timestamp\na,x,0,1763596800\na,y,1e3,1763596800000\na,z,.5,2025-11-20\na,w,-1,1\na,v,1e39,1\na,u,inf,1\na,t,1,\n",
    );
    expect(interactions.map(({ value, time }) => [value, time])).toEqual([
      [0, 1_763_596_800_000],
      [1000, 1_763_596_800_000],
      [0.5, 1_763_596_800_000],
    ]);
    expect(rejected.map(({ line }) => line)).toEqual([5, 6, 7, 8]);
  });

  test("may name its columns as it likes", async () => {
    const { interactions } = await read("who,what,user,n\n7,9,ignored,3\n", { user: "who", item: "what", seq: "n" });
    expect(interactions).toEqual([{ user: "7", item: "9", value: 1, time: null, sequence: 3, count: 1 }]);
  });

  test("lacks no column that was named", async () => {
    await expect(read("user,item\na,b\n", { rating: "stars" })).rejects.toThrow('the header has no column "stars"');
  });

  test("counts how often it happened where a column is named for that", async () => {
    const { interactions, rejected } = await read("user,item,plays\na,x,12\na,y,0\na,z,1.5\na,w,2147483648\n", {
      count: "plays",
    });
    expect(interactions.map(({ item, count }) => [item, count])).toEqual([["x", 12]]);
    expect(rejected.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect((await read("user,item,count\na,x,12\n")).interactions[0].count).toBe(1);
  });

  test("has ids of 1 to 128 bytes without control characters", async () => {
    const { interactions, rejected } = await read(
      `user,item\n${"é".repeat(64)},x\n${"é".repeat(65)},x\n"a\tb",x\n../,x\n`,
    );
    expect(interactions.map(({ user }) => user)).toEqual(["é".repeat(64), "../"]);
    expect(rejected.map(({ line }) => line)).toEqual([3, 4]);
  });

  test("accounts for each line, and the faulty ones are those that were made so", async () => {
    const good = fc.record({ user: fc.nat(9), item: fc.nat(9), rating: fc.nat(5) });
    const line = fc.oneof(
      good.map(({ user, item, rating }) => ({ kind: "good", text: `${user},${item},${rating},100` })),
      fc.constantFrom("", "  ").map((text) => ({ kind: "blank", text })),
      fc.constantFrom("1,2,3", "1,,3,4", "1,2,x,4", "1,2,3,x", '1,2,3,"', ",,,").map((text) => ({ kind: "bad", text })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), async (lines) => {
        const of = (kind: string) => lines.filter((candidate) => candidate.kind === kind).length;
        fc.pre(of("blank") < lines.length);
        const { counts, rejected } = await read(
          `user,item,rating,timestamp\n${lines.map(({ text }) => text).join("\n")}\n`,
        );
        expect(counts).toMatchObject({
          lines: lines.length,
          accepted: of("good"),
          ignored: of("blank"),
          rejected: of("bad"),
        });
        expect(rejected.map(({ line: number }) => number)).toEqual(
          lines.flatMap(({ kind }, i) => (kind === "bad" ? [i + 2] : [])),
        );
      }),
    );
  });
});

describe("a catalogue beside a CSV file", () => {
  async function readItems(catalogue: string) {
    const items: SourceItem[] = [];
    const rejected: RejectedLine[] = [];
    const { items: counts } = await csvSource(
      memoryLocation({ "ratings.csv": "user,item\na,x\n", "items.csv": catalogue }),
      {},
    ).read({ item: (item) => items.push(item), interaction() {}, reject: (line) => rejected.push(line) }, noProgress);
    return { items, rejected, counts };
  }

  test("names films by their ids, and what else is known of them", async () => {
    const { items, rejected, counts } = await readItems(
      'movie_id,title,year,genres\nx,"Heat, again",1995,Crime| Drama\ny,,,\nx,twice,,\nz,,soon,\n',
    );
    expect(items).toEqual([
      { movie_id: "x", title: "Heat, again", year: 1995, genres: ["Crime", "Drama"] },
      { movie_id: "y", title: null, year: null, genres: [] },
    ]);
    expect(rejected.map(({ reason }) => reason)).toEqual([
      "movie id x stands on an earlier line",
      'year "soon" must be a whole number',
    ]);
    expect(counts).toMatchObject({ lines: 4, accepted: 2, rejected: 2 });
  });

  test("needs the ids only", async () => {
    expect((await readItems("name,movie_id\nA,x\n")).items).toEqual([
      { movie_id: "x", title: null, year: null, genres: [] },
    ]);
    await expect(readItems("id\nx\n")).rejects.toThrow('items.csv: the header has no column "movie_id"');
  });
});
