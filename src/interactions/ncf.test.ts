import { describe, expect, test } from "vitest";
import { noProgress } from "../base/progress.ts";
import { memoryLocation } from "./memory-files.ts";
import { ncfSource } from "./ncf.ts";
import type { RejectedLine, SourceInteraction } from "./source.ts";

async function read(files: Readonly<Record<string, string>>, file: string | null = null) {
  const interactions: SourceInteraction[] = [];
  const rejected: RejectedLine[] = [];
  const { interactions: counts } = await ncfSource(memoryLocation(files, file)).read(
    { item() {}, interaction: (line) => interactions.push(line), reject: (line) => rejected.push(line) },
    noProgress,
  );
  return { interactions, rejected, counts };
}

const line = (user: string, item: string, value: number, time: number | null = null) => ({
  user,
  item,
  value,
  time,
  sequence: null,
  count: 1,
});

describe("an NCF split", () => {
  test("is the training file of its folder, in the order of its lines where they have no time", async () => {
    const { interactions } = await read({
      "ml-1m.train.rating": "0\t31\t4\n0\t22\t5\n1\t9\t1\n",
      "ml-1m.test.rating": "0\t25\t5\t978824351\n",
      "item-map.csv": "ncfItem,movieId\n0,1193\n",
    });
    expect(interactions).toEqual([line("0", "31", 4), line("0", "22", 5), line("1", "9", 1)]);
  });

  test("has times where it has a fourth column", async () => {
    const { interactions } = await read({ "a.train.rating": "\n0\t31\t4\t978824351\n" });
    expect(interactions).toEqual([line("0", "31", 4, 978_824_351_000)]);
  });

  test("may be named by its file, whatever that is called", async () => {
    expect((await read({ train: "0\t1\t1\n" }, "train")).interactions).toHaveLength(1);
  });

  test("has bad lines, of another width than the first too", async () => {
    const { counts, rejected } = await read({ "a.train.rating": "0\t1\t1\nx\t1\t1\n0\t1\t1\t5\n0\t1\n" });
    expect(rejected.map(({ line: number }) => number)).toEqual([2, 3, 4]);
    expect(counts).toEqual([{ file: "set/a.train.rating", lines: 4, accepted: 1, ignored: 0, rejected: 3 }]);
  });

  test.each([
    ["of another width", { "a.train.rating": "0,1,1\n" }, "has 1 columns, expected user, item, rating and maybe time"],
    ["without lines", { "a.train.rating": "\n\n" }, "holds no rows"],
    ["that is missing", { "a.test.rating": "" }, "has no file named *.train.rating"],
    ["of two", { "a.train.rating": "", "b.train.rating": "" }, "has 2 files named *.train.rating"],
  ])("refuses a file %s", async (_, files, message) => {
    await expect(read(files)).rejects.toThrow(message);
  });
});
