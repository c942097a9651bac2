import { describe, expect, test } from "vitest";
import { DataError } from "../base/errors.ts";
import { noProgress } from "../base/progress.ts";
import { memoryLocation } from "./memory-files.ts";
import { movielensSource } from "./movielens.ts";
import type { RejectedLine, SourceCounts, SourceInteraction, SourceItem } from "./source.ts";

async function read(files: Readonly<Record<string, string | Uint8Array>>, file: string | null = null) {
  const items: SourceItem[] = [];
  const interactions: SourceInteraction[] = [];
  const rejected: RejectedLine[] = [];
  const counts: SourceCounts = await movielensSource(memoryLocation(files, file)).read(
    {
      item: (item) => items.push(item),
      interaction: (interaction) => interactions.push(interaction),
      reject: (line) => rejected.push(line),
    },
    noProgress,
  );
  return { items, interactions, rejected, counts };
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("a MovieLens set", () => {
  test("of ratings.csv and movies.csv, with byte order mark and CRLF", async () => {
    const { items, interactions, rejected } = await read({
      "movies.csv":
        '\ufeffmovieId,title,genres\r\n11,"American President, The (1995)",Comedy|Drama\r\n7,Babylon 5 ,(no genres listed)\r\n',
      "ratings.csv": "\ufeffuserId,movieId,rating,timestamp\r\n1,11,4.5,964982703\r\n",
    });
    expect(items).toEqual([
      { movie_id: "11", title: "American President, The (1995)", year: 1995, genres: ["Comedy", "Drama"] },
      { movie_id: "7", title: "Babylon 5", year: null, genres: [] },
    ]);
    expect(interactions).toEqual([
      { user: "1", item: "11", value: 4.5, time: 964_982_703_000, sequence: null, count: 1 },
    ]);
    expect(rejected).toEqual([]);
  });

  test("of ratings.dat and movies.dat in Latin-1, as the 1M set has it", async () => {
    const { items, interactions } = await read({
      "movies.dat": latin1("73::Mis\u00e9rables, Les (1995)::Drama|Musical\n"),
      "ratings.dat": "1::73::5::978300760\n",
    });
    expect(items[0].title).toBe("Mis\u00e9rables, Les (1995)");
    expect(interactions).toEqual([
      { user: "1", item: "73", value: 5, time: 978_300_760_000, sequence: null, count: 1 },
    ]);
  });

  test("of ratings.dat and movies.dat in UTF-8, as the 10M set has it", async () => {
    const { items } = await read({
      "movies.dat": "73::Mis\u00e9rables, Les (1995)::Drama\n",
      "ratings.dat": "1::73::0.5::978300760\n",
    });
    expect(items[0].title).toBe("Mis\u00e9rables, Les (1995)");
  });

  test("of u.data and u.item, genres from flags", async () => {
    const flags = (...on: number[]) => Array.from({ length: 19 }, (_, i) => (on.includes(i) ? 1 : 0)).join("|");
    const { items, interactions } = await read({
      "u.item": latin1(`1|Caf\u00e9 (1995)|01-Jan-1995||http://x|${flags(3, 18)}\n267|unknown||||${flags(0)}\n`),
      "u.data": "196\t1\t3\t881250949\n",
    });
    expect(items).toEqual([
      { movie_id: "1", title: "Caf\u00e9 (1995)", year: 1995, genres: ["Animation", "Western"] },
      { movie_id: "267", title: "unknown", year: null, genres: [] },
    ]);
    expect(interactions).toEqual([
      { user: "196", item: "1", value: 3, time: 881_250_949_000, sequence: null, count: 1 },
    ]);
  });

  test("of ratings.csv with places in the history, where a time may be empty", async () => {
    const { interactions, rejected } = await read({
      "movies.dat": "1::Heat (1995)::Crime\n",
      "ratings.csv": "userId,movieId,rating,seq,timestamp\n1,1,5,9,978300760\n1,2,3,0,\n1,3,3,x,1\n",
    });
    expect(interactions.map(({ sequence, time }) => [sequence, time])).toEqual([
      [9, 978_300_760_000],
      [0, null],
    ]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'sequence "x" must be a whole number from 0'],
    ]);
  });

  test("named by one of its files, with the movies beside it", async () => {
    const files = {
      "movies.csv": "movieId,title,genres\n1,Heat (1995),Crime\n",
      "part.csv": "userId,movieId,rating\n1,1,5\n",
    };
    const { items, interactions } = await read(files, "part.csv");
    expect([items.length, interactions.length]).toEqual([1, 1]);
  });

  test("without a file of movies has interactions only", async () => {
    const { counts, items } = await read({ "u.data": "1\t1\t3\t881250949\n" });
    expect([counts.items, items]).toEqual([null, []]);
  });
});

describe("bad lines of a MovieLens set", () => {
  test("are told apart by line and reason, and every line is accounted for", async () => {
    const { rejected, interactions, counts } = await read({
      "ratings.csv": [
        "userId,movieId,rating,timestamp",
        "1,1,4,100",
        "",
        "1,1,4",
        "1,1,4,100,5",
        "x,1,4,100",
        "1,,4,100",
        "1,1,,100",
        "1,1,6,100",
        "1,1,NaN,100",
        "1,1,0.4,100",
        "1,1,4,",
        "1,1,4,soon",
        '1,1,"4,100',
        "2,1,5,100",
      ].join("\n"),
    });
    expect(rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      "4: has 3 columns instead of 4",
      "5: has 5 columns instead of 4",
      '6: user id "x" must be a whole number',
      '7: item id "" must not be empty',
      '8: rating "" must be a number from 0.5 to 5',
      '9: rating "6" must be a number from 0.5 to 5',
      '10: rating "NaN" must be a number from 0.5 to 5',
      '11: rating "0.4" must be a number from 0.5 to 5',
      '12: timestamp "" must be whole seconds since 1970',
      '13: timestamp "soon" must be whole seconds since 1970',
      "14: a quote is not closed",
    ]);
    expect(rejected[0]).toMatchObject({ file: "set/ratings.csv", raw: "1,1,4" });
    expect(interactions.map(({ user }) => user)).toEqual(["1", "2"]);
    expect(counts.interactions[0]).toEqual({
      file: "set/ratings.csv",
      lines: 14,
      accepted: 2,
      ignored: 1,
      rejected: 11,
    });
  });

  test("of the file of movies are counted apart", async () => {
    const { rejected, counts } = await read({
      "movies.csv": "movieId,title,genres\n1,Heat (1995),Crime\n1,Heat again,Crime\nx,y,z\n",
      "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4,100\n",
    });
    expect(rejected.map(({ file, line }) => [file, line])).toEqual([
      ["set/movies.csv", 3],
      ["set/movies.csv", 4],
    ]);
    expect(counts.items).toMatchObject({ lines: 3, accepted: 1, rejected: 2 });
    expect(counts.interactions[0]).toMatchObject({ lines: 1, rejected: 0 });
  });
});

describe("what is no MovieLens set", () => {
  test.each([
    ["a folder without its files", { "notes.txt": "x" }, "set: has none of ratings.csv, ratings.dat, u.data"],
    ["a header without the columns", { "ratings.csv": "user,item\n1,2\n" }, 'the header has no column "userId"'],
    ["a header with a column twice", { "ratings.csv": "userId,userId,movieId,rating\n" }, '"userId" twice'],
    ["a header and nothing else", { "ratings.csv": "userId,movieId,rating,timestamp\n" }, "holds no rows"],
    ["blank lines", { "u.data": "\n\n" }, "holds no rows"],
    ["binary data", { "u.data": new Uint8Array([80, 75, 3, 4, 0, 0]) }, "is not text"],
  ])("%s is refused in one line", async (_, files: Record<string, string | Uint8Array>, message) => {
    const failure = await read(files).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as Error).message).toContain(message);
    expect((failure as Error).message).not.toContain("\n");
  });
});
