import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { noProgress } from "../base/progress.ts";
import { cmuLogSource } from "./cmu-log.ts";
import type { InputLocation } from "./files.ts";
import { memoryLocation } from "./memory-files.ts";
import type { RejectedLine, SourceInteraction, SourceItem } from "./source.ts";

async function read(location: InputLocation) {
  const items: SourceItem[] = [];
  const interactions: SourceInteraction[] = [];
  const rejected: RejectedLine[] = [];
  const counts = await cmuLogSource(location).read(
    {
      item: (item) => items.push(item),
      interaction: (interaction) => interactions.push(interaction),
      reject: (line) => rejected.push(line),
    },
    noProgress,
  );
  return { items, interactions, rejected, counts };
}

const readLog = (log: string) => read(memoryLocation({ "a.log": log }, "a.log"));

describe("a log of the movie service", () => {
  test("tells of ratings and of watched minutes, which state no value", async () => {
    const { interactions, rejected } = await readLog(
      "2024-10-14T15:20:53,69835,GET /rate/the+dark+knight+2008=4\n2024-10-14T15:20:53.123456,7,GET /data/m/m+1931/57.mpg\n",
    );
    const time = Date.UTC(2024, 9, 14, 15, 20, 53);
    expect(interactions).toEqual([
      { user: "69835", item: "the+dark+knight+2008", value: 4, time, sequence: null, count: 1 },
      { user: "7", item: "m+1931", value: null, time: time + 123, sequence: null, count: 1 },
    ]);
    expect(rejected).toEqual([]);
  });

  test("also tells of recommendation requests, which are ignored as blank lines are", async () => {
    const { counts, interactions } = await readLog(
      "2023-03-20T21:05:05.522889,751093,recommendation request x.cmu.edu:8082, status 200, result: a+1, b+2, 457 ms\n\n" +
        "2025-10-17T01:33:45.122692921,2, recommendation request y, status 0, result: , 1 ms\n2024-01-01T00:00:00,1,GET /rate/a=1\n",
    );
    expect(counts.interactions[0]).toMatchObject({ lines: 4, accepted: 1, ignored: 3, rejected: 0 });
    expect(interactions).toHaveLength(1);
  });

  test.each([
    ["2024-10-14T15:22,70999,GET /rate/a=4", 'time "2024-10-14T15:22" must be a date and time with seconds'],
    ["2024-170-14T15:34:12,1,GET /rate/a=2", 'time "2024-170-14T15:34:12" must be a date and time with seconds'],
    ["2024-02-30T15:34:12,1,GET /rate/a=2", 'time "2024-02-30T15:34:12" must be a date and time with seconds'],
    ["2024-12-07T15:26:04,1,GET /rate/the +lives=5", 'movie id "the +lives" must not hold spaces or slashes'],
    ["2024-12-07T15:26:04,1,GET /rate/=5", 'movie id "" must not be empty'],
    ["2024-12-07T15:37:42,1,GET /rate/das+boot+1981=15", 'rating "15" must be a whole number from 1 to 5'],
    ["2024-12-07T15:37:42,1,GET /rate/das+boot+1981=0", 'rating "0" must be a whole number from 1 to 5'],
    ["2024-12-07T15:37:42,one,GET /rate/a=1", 'user id "one" must be a whole number'],
    ["2024-12-07T15:37:42,1,GET /data/m/a/x.mpg", 'minute "x" must be a whole number'],
    ["2024-12-07T15:37:42,1,GET /data/m/a.mpg", "is neither a rating nor a watched minute"],
    ["2024-12-07T15:37:42,1,POST /rate/a=1", "is neither a rating nor a watched minute"],
  ])("has bad lines: %s", async (line, reason) => {
    const { rejected, counts } = await readLog(`${line}\n`);
    expect(rejected).toEqual([{ file: "set/a.log", line: 1, reason, raw: line }]);
    expect(counts.interactions[0]).toMatchObject({ lines: 1, rejected: 1 });
  });

  test("is one of several in a folder, beside the catalogue", async () => {
    const details =
      "movie_id,title,genres,release_date,x\n" +
      'georgia+rule+2007,Georgia Rule,"Comedy, Drama",2007-05-11,1\nm+1931,M,,null,1\nbad,B,,1931,1\n';
    const { items, counts, rejected } = await read(
      memoryLocation({
        "b.log": "2024-01-01T00:00:00,1,GET /rate/a=1\n",
        "a.log": "2024-01-01T00:00:00,1,GET /rate/b=1\n",
        "movie_details.csv": details,
        "notes.txt": "x",
      }),
    );
    expect(items).toEqual([
      { movie_id: "georgia+rule+2007", title: "Georgia Rule", year: 2007, genres: ["Comedy", "Drama"] },
      { movie_id: "m+1931", title: "M", year: null, genres: [] },
    ]);
    expect(counts.interactions.map(({ file }) => file)).toEqual(["set/a.log", "set/b.log"]);
    expect(rejected.map(({ line }) => line)).toEqual([4]);
  });

  test("is read once where it is there packed and unpacked", async () => {
    const location = memoryLocation({ "a.log": "2024-01-01T00:00:00,1,GET /rate/a=1\n", "a.log.gz": "unread" });
    expect((await read(location)).interactions).toHaveLength(1);
  });

  test("must be there", () => {
    expect(() => cmuLogSource(memoryLocation({ "a.csv": "" }))).toThrow("set: has no *.log (also with .gz)");
  });
});

describe("the recorded logs", () => {
  const folder = fileURLToPath(new URL("../../../shared/data/cmu-movie-log/", import.meta.url));

  // How many lines there are and how many of them are malformed is from the description of the set.
  test.for([
    ["rate-2024-10-14.log.gz", 10_214, 174],
    ["rate-2024-12-07.log.gz", 21_912, 5],
    ["watch-2024-09-10.log.gz", 3_000, 43],
    ["recommendation-request-samples.log", 6, 0],
  ] as const)("%s have the bad lines that their description counts", async ([name, lines, bad], { skip }) => {
    skip(!existsSync(folder), "cmu-movie-log is not beside this checkout");
    const { interactionFiles } = await import("../drivers/interaction-files.ts");
    const { counts, interactions } = await read(await interactionFiles.locate(`${folder}${name}`));
    const ignored = name.startsWith("recommendation") ? lines : 0;
    expect(counts.interactions[0]).toMatchObject({ lines, accepted: lines - bad - ignored, ignored, rejected: bad });
    expect(interactions).toHaveLength(lines - bad - ignored);
    expect(counts.items).toMatchObject({ lines: 4_985, rejected: 0 });
  });
});
