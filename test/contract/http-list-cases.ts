import { check, checkSame, getJson, type HttpCase } from "./http-client.ts";
import { checkExplained, checkList, ListAnswer, type Recommendation, ranking, SimilarAnswer } from "./http-shapes.ts";

const USER = 7;
const MAX_K = 500;

async function list(url: string): Promise<ListAnswer> {
  const { response, body } = await getJson(ListAnswer, url);
  await checkList(body, response);
  return body;
}

const recommend = (base: string, query = "", user: string | number = USER) =>
  list(`${base}/recommend/${user}${query === "" ? "" : `?${query}`}`);

/** What every item of a full list must satisfy for a filter, and that the filtered list is just those. */
async function checkFilter(base: string, query: string, fits: (item: Recommendation) => boolean): Promise<void> {
  const all = await recommend(base, `k=${MAX_K}`);
  const expected = all.recommendations.filter(fits);
  check(expected.length > 0 && expected.length < all.items.length, `${query} takes some items and not others`);
  const filtered = await recommend(base, `k=${expected.length}&${query}`);
  checkSame(ranking(filtered), ranking({ recommendations: expected }), query);
  const full = await recommend(base, `k=${MAX_K}&${query}`);
  check(full.recommendations.every(fits), `${query} holds for every item`);
}

const hasGenre =
  (...genres: string[]) =>
  (item: Recommendation) =>
    genres.some((genre) => item.genres.includes(genre));

export const listCases: readonly HttpCase[] = [
  {
    name: "GET /recommend/{user_id} answers 20 items and a whole receipt by default",
    async run(base) {
      const answer = await recommend(base);
      checkSame(answer.user_id, USER, "user_id");
      checkSame([answer.model, answer.variant, answer.source], ["v0.1", null, "factors"], "model, variant, source");
      checkSame(answer.items.length, 20, "number of items");
      checkSame(
        answer.provenance.request,
        {
          kind: "user",
          user_id: USER,
          k: 20,
          model: null,
          exclude: [],
          genre: [],
          year_min: null,
          year_max: null,
          include_seen: false,
          explain: false,
        },
        "canonical request",
      );
      check(
        answer.recommendations.every(({ because }) => because === undefined),
        "nothing is explained unasked",
      );
    },
  },
  {
    name: "k takes 1 to 500, and a shorter list is the start of a longer one",
    async run(base) {
      const longest = await recommend(base, `k=${MAX_K}&include_seen=true`);
      checkSame(longest.items.length, MAX_K, "number of items");
      const shortest = await recommend(base, "k=1&include_seen=true");
      checkSame(ranking(shortest), ranking(longest).slice(0, 1), "k=1");
    },
  },
  {
    name: "the same request is answered the same, under another request id",
    async run(base) {
      const [one, other] = [await recommend(base, "k=50"), await recommend(base, "k=50")];
      checkSame(one.provenance.result_digest, other.provenance.result_digest, "result_digest");
      check(one.provenance.request_id !== other.provenance.request_id, "request ids differ");
      const another = await recommend(base, "k=50", USER + 1);
      check(another.provenance.result_digest !== one.provenance.result_digest, "another user has another list");
    },
  },
  {
    name: "options that mean the same have one canonical form",
    async run(base) {
      const messy = await recommend(base, "genre=Drama&exclude=10,9,10&genre=Comedy&genre=Drama&k=05");
      const tidy = await recommend(base, "exclude=9,10&genre=Comedy&genre=Drama&k=5");
      checkSame(messy.provenance.request, tidy.provenance.request, "canonical request");
      checkSame(messy.provenance.request.exclude, [9, 10], "excluded ids");
      checkSame(messy.provenance.result_digest, tidy.provenance.result_digest, "result_digest");
    },
  },
  {
    name: "explain shows what carried each score, largest first, summing to it",
    async run(base) {
      const plain = await recommend(base, "k=30");
      const explained = await recommend(base, "k=30&explain=true");
      checkSame(ranking(explained), ranking(plain), "explaining changes no score");
      const histories = explained.recommendations.map((item) => checkExplained(item).map(String).sort());
      for (const history of histories) {
        checkSame(history, histories[0], "every item is explained by the whole history");
        checkSame(new Set(history).size, history.length, "every interaction is named once");
      }
    },
  },
  {
    name: "items of the history are left out unless include_seen asks for them",
    async run(base) {
      const fresh = await recommend(base, `k=${MAX_K}&explain=true`);
      const history = new Set(checkExplained(fresh.recommendations[0]));
      check(
        fresh.items.every((id) => !history.has(id)),
        "no item of the history is recommended",
      );
      const all = await recommend(base, `k=${MAX_K}&include_seen=true`);
      check(
        all.items.some((id) => history.has(id)),
        "with include_seen, some are",
      );
      const unseen = all.recommendations.filter(({ movie_id }) => !history.has(movie_id));
      checkSame(
        ranking({ recommendations: unseen }),
        ranking(fresh).slice(0, unseen.length),
        "the others are the same",
      );
    },
  },
  {
    name: "genre takes any of those given",
    async run(base) {
      await checkFilter(base, "genre=Comedy", hasGenre("Comedy"));
      await checkFilter(base, "genre=War&genre=Horror", hasGenre("War", "Horror"));
    },
  },
  {
    name: "year_min and year_max take whole ranges, ends included",
    async run(base) {
      const { recommendations } = await recommend(base, `k=${MAX_K}`);
      const years = recommendations.flatMap(({ year }) => (year === null ? [] : [year])).sort((a, b) => a - b);
      const [low, high] = [years[Math.floor(years.length / 4)], years[Math.floor((3 * years.length) / 4)]];
      const within = (min: number, max: number) => (item: Recommendation) =>
        item.year !== null && item.year >= min && item.year <= max;
      await checkFilter(base, `year_min=${low}`, within(low, 9999));
      await checkFilter(base, `year_max=${high}`, within(0, high));
      await checkFilter(base, `year_min=${low}&year_max=${high}`, within(low, high));
      await checkFilter(base, `year_min=${low}&year_max=${low}`, within(low, low));
    },
  },
  {
    name: "filters join: all of them hold",
    async run(base) {
      const fits = (item: Recommendation) => hasGenre("Drama")(item) && item.year !== null && item.year >= 1990;
      await checkFilter(base, "genre=Drama&year_min=1990", fits);
    },
  },
  {
    name: "a genre that no item has, or years without items, give an empty list and not an error",
    async run(base) {
      for (const query of ["genre=No+such+genre", "year_min=9999"]) {
        const answer = await recommend(base, query);
        checkSame(answer.items, [], query);
      }
    },
  },
  {
    name: "exclude leaves out just the items named, known or not",
    async run(base) {
      const { items } = await recommend(base, "k=3");
      const gone = [items[0], items[2]];
      const all = await recommend(base, `k=${MAX_K}`);
      const rest = all.recommendations.filter(({ movie_id }) => !gone.includes(movie_id));
      const excluded = await recommend(base, `k=50&exclude=${gone.join(",")},9007199254740991,nothing`);
      checkSame(ranking(excluded), ranking({ recommendations: rest }).slice(0, 50), "what is left");
      checkSame(await recommend(base, "exclude=").then(ranking), ranking(all).slice(0, 20), "an empty list");
    },
  },
  {
    name: "model pins a version for one request and changes nothing for others",
    async run(base) {
      const before = await recommend(base, "k=50");
      const pinned = await recommend(base, "k=50&model=v0.2");
      checkSame(
        [pinned.model, pinned.provenance.model_version, pinned.variant],
        ["v0.2", "v0.2", null],
        "pinned model",
      );
      checkSame(pinned.provenance.request.model, "v0.2", "canonical request");
      check(pinned.provenance.artifact_digest !== before.provenance.artifact_digest, "another artifact answered");
      check(pinned.provenance.result_digest !== before.provenance.result_digest, "the list differs");
      const after = await recommend(base, "k=50");
      checkSame(after.provenance.result_digest, before.provenance.result_digest, "what is live");
      const live = await recommend(base, "k=50&model=v0.1");
      checkSame(ranking(live), ranking(before), "the live version by its name");
      const named = await recommend(base, "k=50&model=als");
      checkSame([named.model, ranking(named)], ["v0.1", ranking(before)], "the algorithm's name");
    },
  },
  {
    name: "an unknown user gets what is popular",
    async run(base) {
      const { recommendations } = await list(`${base}/popular?k=30`);
      for (const [segment, user_id] of [
        ["9007199254740991", 9007199254740991],
        ["nobody", "nobody"],
        ["..%2F..%2Fetc%2Fpasswd", "../../etc/passwd"],
        ["042", "042"],
        ["%F0%9F%8E%AC%20%26%3F", "🎬 &?"],
        ["x".repeat(128), "x".repeat(128)],
        ["__proto__", "__proto__"],
      ]) {
        const answer = await recommend(base, "k=30", segment);
        checkSame([answer.user_id, answer.source], [user_id, "popular"], `user ${segment}`);
        checkSame(ranking(answer), ranking({ recommendations }), `list of user ${segment}`);
      }
    },
  },
  {
    name: "GET /popular has a list's shape and filters, and belongs to nobody",
    async run(base) {
      const answer = await list(`${base}/popular?k=200`);
      checkSame([answer.user_id, answer.source, answer.variant], [null, "popular", null], "user_id, source, variant");
      checkSame(answer.provenance.request.kind, "popular", "canonical request");
      const comedies = await list(`${base}/popular?k=5&genre=Comedy`);
      const expected = answer.recommendations.filter(hasGenre("Comedy")).slice(0, 5);
      checkSame(ranking(comedies), ranking({ recommendations: expected }), "comedies");
    },
  },
  {
    name: "GET /similar/{movie_id} gives neighbours by cosine, never the item itself",
    async run(base) {
      const { response, body } = await getJson(SimilarAnswer, `${base}/similar/1?k=100`);
      await checkList(body, response);
      checkSame([body.movie_id, body.model, body.items.length], [1, "v0.1", 100], "movie_id, model, number of items");
      check(!body.items.includes(1), "an item is not its own neighbour");
      check(
        body.recommendations.every(({ score }) => score <= 1.000001 && score >= -1.000001),
        "cosines lie between -1 and 1",
      );
      const [nearest] = body.recommendations;
      const back = await getJson(SimilarAnswer, `${base}/similar/${nearest.movie_id}?k=${MAX_K}`);
      const mirrored = back.body.recommendations.find(({ movie_id }) => movie_id === 1);
      check(
        mirrored !== undefined && Math.abs(mirrored.score - nearest.score) < 1e-6,
        "nearness is the same both ways",
      );
      const filtered = await getJson(SimilarAnswer, `${base}/similar/1?k=5&genre=Drama&exclude=${nearest.movie_id}`);
      const expected = body.recommendations.filter((item) => hasGenre("Drama")(item) && item !== nearest);
      checkSame(ranking(filtered.body), ranking({ recommendations: expected }).slice(0, 5), "filtered neighbours");
      const pinned = await getJson(SimilarAnswer, `${base}/similar/1?model=v0.2`);
      checkSame(pinned.body.model, "v0.2", "pinned model");
    },
  },
];
