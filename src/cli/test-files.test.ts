import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../base/errors.ts";
import { noProgress } from "../base/progress.ts";
import { memoryLocation } from "../interactions/memory-files.ts";
import { readSampledUsers, readTestUsers, readUserAttributes, type TestFiles } from "./test-files.ts";

const filesOf = (contents: Readonly<Record<string, string>>): TestFiles => ({
  files: {
    locate: async (path) => memoryLocation(contents, path in contents ? path : null),
    quarantine: () => expect.unreachable(),
  },
  progress: noProgress,
});

const tested = (text: string) => readTestUsers("test", filesOf({ test: text }));
const sampled = (test: string, negatives: string) =>
  readSampledUsers("test", "negatives", filesOf({ test, negatives }));
const attributes = (text: string) => readUserAttributes("users", filesOf({ users: text }));

describe("tested interactions", () => {
  test("are CSV by the names of its columns, gathered by user", async () => {
    expect(await tested('why,item,user\na,1,u\n"b,b",2,v\n\nc,3,u\n')).toEqual([
      { user: "u", given: [], tested: ["1", "3"] },
      { user: "v", given: [], tested: ["2"] },
    ]);
  });

  test("or user and item, separated by tabs", async () => {
    expect(await tested("0\t25\t5\t978824351\n1\t133\t3\t978300174\n")).toEqual([
      { user: "0", given: [], tested: ["25"] },
      { user: "1", given: [], tested: ["133"] },
    ]);
  });

  test.each([
    ["a header without them", "4,1\n", 'test: its header has no column "user", only 4, 1'],
    ["a bad id", "user,item\nu,\n", 'test: line 2: item id "" must not be empty'],
    ["a bad id between tabs", "1\t2\n\t3\n", 'test: line 2: user id "" must not be empty'],
    ["stray quotes", 'user,item\n"u,1\n', "test: line 2: quotes are misplaced"],
    ["no rows", "user,item\n", "test: holds no interactions"],
  ])("are refused for %s", async (_, text, message) => {
    await expect(tested(text)).rejects.toThrow(DataError);
    await expect(tested(text)).rejects.toThrow(message);
  });

  test("are not a folder", async () => {
    await expect(readTestUsers("folder", filesOf({}))).rejects.toThrow(InputError);
  });
});

describe("sampled negatives", () => {
  test("belong to the user and the tested item", async () => {
    expect(await sampled("0\t25\n1\t133\n", "(1,133)\t1\t2\n(0,25)\t1064\t174\t25\n(9,9)\t1\n")).toEqual([
      { user: "0", tested: "25", negatives: ["1064", "174", "25"] },
      { user: "1", tested: "133", negatives: ["1", "2"] },
    ]);
  });

  test.each([
    ["do not name a user", "(1,4)\t9\n", "negatives: does not name the user 2"],
    ["name another item", "(1,5)\t9\n(2,8)\t9\n", "negatives: names the item 5 of the user 1, and test 4"],
    ["name a user twice", "(1,4)\t9\n(1,4)\t9\n", "negatives: line 2: names the user 1 again"],
    ["are of another form", "1\t4\n", "negatives: line 1: must be (user,item) and negatives, separated by tabs"],
    ["are none", "(1,4)\n", "negatives: line 1: must be (user,item) and negatives"],
    ["hold a bad id", "(1,4)\t9\t\t8\n", 'negatives: line 1: the id "" must not be empty'],
    ["name a bad user", "(,4)\t9\n", 'negatives: line 1: user id "" must not be empty'],
  ])("are refused where they %s", async (_, negatives, message) => {
    await expect(sampled("1\t4\n2\t8\n", negatives)).rejects.toThrow(message);
  });

  test("go with one tested item a user", async () => {
    await expect(sampled("1\t4\n1\t8\n", "(1,4)\t9\n")).rejects.toThrow("test: names 2 items of the user 1, not one");
  });
});

describe("attributes of users", () => {
  test("are the columns beside the user, where they have a value", async () => {
    const found = await attributes("kind,user,age\na,1,young\n,2,old\n");
    expect(found.attributes).toEqual([
      {
        name: "kind",
        values: new Map([["1", "a"]]),
      },
      {
        name: "age",
        values: new Map([
          ["1", "young"],
          ["2", "old"],
        ]),
      },
    ]);
    expect(found.leftOut).toEqual([]);
  });

  test("are left out, and named, where there are too many values", async () => {
    const rows = Array.from({ length: 31 }, (_, user) => `${user},zip${user},${user % 30}`);
    const found = await attributes(`user,zip,few\n${rows.join("\n")}\n`);
    expect(found.attributes.map(({ name }) => name)).toEqual(["few"]);
    expect(found.leftOut).toEqual(["zip"]);
  });

  test("are refused without a column of users, without others, and for a short row", async () => {
    await expect(attributes("id,age\n1,2\n")).rejects.toThrow('users: its header has no column "user", only id, age');
    await expect(attributes("user\n1\n")).rejects.toThrow("users has no column beside user");
    await expect(attributes("user,age\n1\n")).rejects.toThrow("users: line 2: has 1 columns instead of 2");
  });
});
