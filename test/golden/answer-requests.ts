import {
  type GivenHistoryOptions,
  popularRequest,
  sessionRequest,
  similarRequest,
  userRequest,
} from "../../src/http/canonical.ts";
import type { CanonicalRequest } from "../../src/provenance/request.ts";

const PLAIN: GivenHistoryOptions = { k: 20, exclude: [], genre: [], include_seen: false, explain: false };

type Options = Partial<GivenHistoryOptions>;

const user = (id: string, options: Options = {}) => userRequest(id, { ...PLAIN, ...options });
const similar = (id: string, options: Options = {}) => similarRequest(id, { ...PLAIN, ...options });
const popular = (options: Options = {}) => popularRequest({ ...PLAIN, ...options });
const session = (weights: readonly (readonly [id: string, weight: number])[], options: Options = {}) =>
  sessionRequest(
    weights.map(([movie_id, weight]) => ({ movie_id, weight: Math.fround(weight) })),
    { ...PLAIN, ...options },
  );

const idsTo = (last: number) => Array.from({ length: last }, (_, place) => String(place + 1));

/** Requests on the embedded data: 900 viewers, 1,285 films. Every rule that decides an answer has a part in one. */
export const ANSWER_REQUESTS: Readonly<Record<string, CanonicalRequest>> = {
  "user 1": user("1"),
  "user 900": user("900"),
  "user 17, k 1": user("17", { k: 1 }),
  "user 17, k 500": user("17", { k: 500 }),
  "user 17, k 500, seen": user("17", { k: 500, include_seen: true }),
  "user 250, seen": user("250", { include_seen: true }),
  "user 33, excluded": user("33", { exclude: ["1", "2", "10", "999999", "x"] }),
  "user 33, half the catalogue excluded": user("33", { k: 500, exclude: idsTo(640) }),
  "user 33, everything excluded": user("33", { exclude: idsTo(1_285) }),
  "user 8, a genre": user("8", { genre: ["Drama"] }),
  "user 8, a genre in other case": user("8", { genre: ["fILM-nOIR"] }),
  "user 8, any of genres": user("8", { k: 100, genre: ["Western", "SCI-FI", "war"] }),
  "user 8, a genre that no film has": user("8", { genre: ["Telenovela"] }),
  "user 8, a genre that no film has or one": user("8", { genre: ["Telenovela", "musical"] }),
  "user 91, from a year": user("91", { year_min: 2010 }),
  "user 91, to a year": user("91", { year_max: 1950 }),
  "user 91, one year": user("91", { year_min: 1994, year_max: 1994 }),
  "user 91, years without films": user("91", { year_min: 1700, year_max: 1800 }),
  "user 91, all filters": user("91", {
    k: 50,
    genre: ["comedy", "romance"],
    year_min: 1960,
    year_max: 2005,
    exclude: ["100", "400", "800", "801"],
    include_seen: true,
  }),
  "user 5, explained": user("5", { k: 5, explain: true }),
  "user 5, explained, k 500, seen": user("5", { k: 500, include_seen: true, explain: true }),
  "user 640, explained, filtered": user("640", { k: 30, genre: ["Crime"], year_max: 1999, explain: true }),
  "an unknown user": user("901"),
  "an unknown user, k 500": user("nobody", { k: 500 }),
  "an unknown user, filtered": user("0", { k: 10, genre: ["horror"], year_min: 1970, exclude: ["300"] }),
  "an unknown user, explained": user("nobody", { k: 3, explain: true }),

  "session of one": session([["1", 1]]),
  "session of one, k 1": session([["700", 1]], { k: 1 }),
  "session, k 500": session(
    [
      ["12", 1],
      ["340", 1],
      ["1285", 1],
    ],
    { k: 500 },
  ),
  "session, seen": session(
    [
      ["12", 1],
      ["340", 1],
      ["1285", 1],
    ],
    { include_seen: true },
  ),
  "session, weighted": session([
    ["12", 0.25],
    ["340", 3.5],
    ["1285", 1e-3],
  ]),
  "session, weighted to the limits": session([
    ["12", 1e-6],
    ["340", 1e6],
  ]),
  "session of many": session(
    idsTo(300).map((id) => [id, 1 + (Number(id) % 7) / 3]),
    { k: 100 },
  ),
  "session with unknown films": session([
    ["12", 1],
    ["5000", 9],
    ["x", 1],
  ]),
  "session of unknown films": session(
    [
      ["5000", 1],
      ["x", 1],
    ],
    { k: 40 },
  ),
  "session, filtered": session(
    [
      ["50", 1],
      ["60", 2],
    ],
    { genre: ["Animation"], year_min: 1990, exclude: ["51"] },
  ),
  "session, explained": session(
    [
      ["50", 1],
      ["60", 2],
      ["900", 0.5],
    ],
    { k: 40, explain: true },
  ),

  "similar to 1": similar("1"),
  "similar to 1285, k 1": similar("1285", { k: 1 }),
  "similar to 77, k 500": similar("77", { k: 500 }),
  "similar to 77, a genre": similar("77", { genre: ["THRILLER"] }),
  "similar to 430, years": similar("430", { year_min: 1940, year_max: 1969 }),
  "similar to 430, excluded": similar("430", { k: 10, exclude: ["429", "430", "431"] }),

  popular: popular(),
  "popular, k 1": popular({ k: 1 }),
  "popular, k 500": popular({ k: 500 }),
  "popular, the rare half": popular({ k: 500, year_max: 1975 }),
  "popular, a genre": popular({ k: 100, genre: ["documentary"] }),
  "popular, years": popular({ year_min: 2000, year_max: 2009 }),
  "popular, excluded": popular({ k: 50, exclude: idsTo(100) }),
  "popular, all filters": popular({ k: 30, genre: ["Fantasy", "action"], year_min: 1980, exclude: ["3", "4"] }),
};
