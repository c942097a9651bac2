import { describe, expect, test } from "vitest";
import type { CanonicalRequest, ListOptions } from "./request.ts";
import { requestAsJson } from "./request-json.ts";

const options: ListOptions = {
  k: 5,
  model: null,
  exclude: ["3", "7"],
  genre: ["Drama"],
  year_min: 1990,
  year_max: null,
};
const history = { include_seen: false, explain: true };
const asked: readonly CanonicalRequest[] = [
  { kind: "user", user_id: "42", ...options, ...history },
  { kind: "session", items: [{ movie_id: "9", weight: 0.5 }], ...options, ...history },
  { kind: "similar", movie_id: "9", ...options },
  { kind: "popular", ...options },
];

describe("a request in a receipt", () => {
  test("shows ids as integers where the model's are, and everything else as it was", () => {
    expect(asked.map((request) => requestAsJson(request, "integer", "integer"))).toEqual([
      { ...asked[0], exclude: [3, 7], user_id: 42 },
      { ...asked[1], exclude: [3, 7], items: [{ movie_id: 9, weight: 0.5 }] },
      { ...asked[2], exclude: [3, 7], movie_id: 9 },
      { ...asked[3], exclude: [3, 7] },
    ]);
  });

  test("shows ids as strings where the model's are", () => {
    expect(asked.map((request) => requestAsJson(request, "string", "string"))).toEqual(asked);
  });

  test("shows users and items each by their own kind", () => {
    expect(requestAsJson(asked[0], "string", "integer")).toMatchObject({ user_id: "42", exclude: [3, 7] });
    expect(requestAsJson(asked[0], "integer", "string")).toMatchObject({ user_id: 42, exclude: ["3", "7"] });
  });

  test("shows an id that is no integer as it was sent, also where the model's are", () => {
    const request: CanonicalRequest = { kind: "user", user_id: "../", ...options, ...history, exclude: ["007"] };
    expect(requestAsJson(request, "integer", "integer")).toMatchObject({ user_id: "../", exclude: ["007"] });
  });

  test("leaves the request itself as it is", () => {
    const before = JSON.stringify(asked);
    for (const request of asked) requestAsJson(request, "integer", "integer");
    expect(JSON.stringify(asked)).toBe(before);
  });
});
