import { describe, expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import { decodeItemsFile, decodeUsersFile, encodeUsersFile } from "./id-files.ts";

const json = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const item = (movie_id: unknown, more: object = {}) => ({ movie_id, title: null, year: null, genres: [], ...more });

describe("users", () => {
  test("are integers or strings, all alike", () => {
    expect(decodeUsersFile(json([2, 10]), "users")).toEqual({ kind: "integer", ids: ["2", "10"] });
    expect(decodeUsersFile(json(["10", "2", "a"]), "users")).toEqual({ kind: "string", ids: ["10", "2", "a"] });
  });

  test("that look like integers stay strings where the kind says so", () => {
    expect(JSON.parse(Buffer.from(encodeUsersFile("string", ["1", "a"])).toString())).toEqual(["1", "a"]);
  });

  test.each([
    ["fall", [2, 1], "the ids do not ascend at entry 1"],
    ["repeat", ["a", "b", "b"], "the ids do not ascend at entry 2"],
    ["ascend by UTF-16 only", ["\u{10000}", "\uffff"], "the ids do not ascend at entry 1"],
    ["mix kinds", [1, "2"], "entry 1 is not an id of the integer kind"],
    ["are not whole", [0.5], "entry 0 is not an id of the integer kind"],
    ["are negative", [-1], "entry 0 is not an id of the integer kind"],
    ["exceed what doubles count", [2 ** 53], "entry 0 is not an id of the integer kind"],
    ["are empty", [""], "entry 0 is not an id of the string kind"],
    ["hold control characters", ["a\n"], "entry 0 is not an id of the string kind"],
    ["are too long", ["a".repeat(129)], "entry 0 is not an id of the string kind"],
    ["are something else", [null], "entry 0 is not an id of the integer kind"],
    ["are no list", { ids: [] }, "is not a JSON array"],
    ["are cut off", "[1,2", "is not JSON in UTF-8"],
    ["are nothing", "", "is not JSON in UTF-8"],
  ])("are refused where they %s", (_, content, message) => {
    expect(refusal(() => decodeUsersFile(json(content), "users"), "users")).toBe(message);
  });

  test("are refused in another encoding", () => {
    const latin1 = Buffer.from('["é"]', "latin1");
    expect(refusal(() => decodeUsersFile(latin1, "users"), "users")).toBe("is not JSON in UTF-8");
  });
});

describe("items", () => {
  const decode = (entries: unknown) => decodeItemsFile(json(entries), "items");

  test("have their ids as strings inside", () => {
    const known = item(7, { title: "Heat", year: 1995, genres: ["Crime"] });
    expect(decode([item(3), known])).toEqual({
      kind: "integer",
      items: [item("3"), { ...known, movie_id: "7" }],
    });
  });

  test.each([
    ["without an id", item(undefined)],
    ["with a title that is none", item(1, { title: 1 })],
    ["without a title", { movie_id: 1, year: null, genres: [] }],
    ["with a year that is none", item(1, { year: "1995" })],
    ["with a year that is not whole", item(1, { year: 1995.5 })],
    ["with genres that are none", item(1, { genres: "Crime" })],
    ["with a genre that is none", item(1, { genres: [1] })],
    ["with an unknown member", item(1, { score: 1 })],
    ["that is none", null],
  ])("are refused where there is one %s", (_, bad) => {
    expect(refusal(() => decode([item(0), bad]), "items")).toBe(
      "entry 1 is not an item with movie_id, title, year and genres",
    );
  });

  test("are refused where their ids do not ascend", () => {
    expect(refusal(() => decode([item(2), item(1)]), "items")).toBe("the ids do not ascend at entry 1");
  });
});
