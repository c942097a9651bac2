import { check, checkSame, getJson, type HttpCase, jsonPost, postJson } from "./http-client.ts";
import { BatchAnswer, checkExplained, checkList, ListAnswer, ranking } from "./http-shapes.ts";

async function session(base: string, body: unknown): Promise<ListAnswer> {
  const { response, body: answer } = await postJson(ListAnswer, `${base}/recommend`, body);
  await checkList(answer, response);
  return answer;
}

const likes = (...ids: (number | string)[]) => ids.map((movie_id) => ({ movie_id }));

export const bodyCases: readonly HttpCase[] = [
  {
    name: "POST /recommend folds in a visitor's items on the spot",
    async run(base) {
      const answer = await session(base, { items: [...likes(3, 1), { movie_id: 2, weight: 0.1 }], k: 10 });
      checkSame(
        [answer.user_id, answer.source, answer.model, answer.variant, answer.items.length],
        [null, "session", "v0.1", null, 10],
        "user_id, source, model, variant, number of items",
      );
      checkSame(
        answer.provenance.request,
        {
          kind: "session",
          items: [
            { movie_id: 1, weight: 1 },
            { movie_id: 2, weight: Math.fround(0.1) },
            { movie_id: 3, weight: 1 },
          ],
          k: 10,
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
    },
  },
  {
    name: "a visitor's items count by weight, in any order, the last mention of each",
    async run(base) {
      const one = await session(base, { items: [...likes(1), { movie_id: "50", weight: 4 }] });
      const other = await session(base, {
        items: [{ movie_id: 50, weight: 9 }, ...likes("1"), { movie_id: 50, weight: 4 }],
      });
      checkSame(other.provenance.request, one.provenance.request, "canonical request");
      checkSame(other.provenance.result_digest, one.provenance.result_digest, "result_digest");
      const lighter = await session(base, { items: likes(1, 50) });
      check(lighter.provenance.result_digest !== one.provenance.result_digest, "weights change the list");
    },
  },
  {
    name: "a visitor's own items are left out unless include_seen asks for them",
    async run(base) {
      const items = likes(1, 2, 3);
      const fresh = await session(base, { items, k: 500 });
      check(!fresh.items.some((id) => [1, 2, 3].includes(Number(id))), "no item of theirs is recommended");
      const all = await session(base, { items, k: 500, include_seen: true });
      const others = all.recommendations.filter(({ movie_id }) => ![1, 2, 3].includes(Number(movie_id)));
      check(others.length < all.items.length, "with include_seen, some are");
      checkSame(
        ranking({ recommendations: others }),
        ranking(fresh).slice(0, others.length),
        "the others are the same",
      );
    },
  },
  {
    name: "a visitor's list can be explained, filtered and pinned",
    async run(base) {
      const all = await session(base, { items: likes(1, 2, 3), k: 500, explain: true });
      for (const item of all.recommendations) checkSame(checkExplained(item).sort(), [1, 2, 3], "what carried it");
      const expected = all.recommendations.filter(
        ({ genres, year, movie_id }) =>
          (genres.includes("Drama") || genres.includes("War")) && year !== null && year >= 1980 && movie_id !== 4,
      );
      const filtered = await session(base, {
        items: likes(1, 2, 3),
        k: 20,
        genre: ["War", "Drama"],
        year_min: 1980,
        exclude: [4],
      });
      checkSame(ranking(filtered), ranking({ recommendations: expected }).slice(0, 20), "filtered list");
      const pinned = await session(base, { items: likes(1, 2, 3), model: "v0.2" });
      checkSame([pinned.model, pinned.source], ["v0.2", "session"], "pinned model");
    },
  },
  {
    name: "one genre in a body need not be an array, and null is no option at all",
    async run(base) {
      const plain = await session(base, { items: likes(1), genre: ["Drama"] });
      const short = await session(base, {
        items: likes(1),
        genre: "Drama",
        model: null,
        year_min: null,
        year_max: null,
      });
      checkSame(short.provenance.request, plain.provenance.request, "canonical request");
    },
  },
  {
    name: "items that the model does not know carry nothing",
    async run(base) {
      const known = await session(base, { items: likes(1, 2) });
      const mixed = await session(base, { items: likes(1, "no such film", 2, 9007199254740991) });
      checkSame(mixed.provenance.result_digest, known.provenance.result_digest, "result_digest");
      const unknown = await session(base, { items: likes("no such film") });
      checkSame(unknown.source, "popular", "source for a visitor without a known item");
    },
  },
  {
    name: "a body may be declared as JSON in several ways",
    async run(base) {
      for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"]) {
        const init = jsonPost({ items: likes(1) }, { "Content-Type": type });
        await getJson(ListAnswer, `${base}/recommend`, init);
      }
    },
  },
  {
    name: "POST /recommend/batch answers each user as alone, in the order given, under one request id",
    async run(base) {
      const user_ids = [9, "nobody", 3, 9];
      const { response, body } = await postJson(BatchAnswer, `${base}/recommend/batch`, {
        user_ids,
        k: 15,
        genre: "Drama",
        explain: true,
      });
      checkSame(
        body.results.map(({ user_id }) => user_id),
        user_ids,
        "users in order",
      );
      for (const answer of body.results) {
        await checkList(answer, response);
        const alone = await getJson(ListAnswer, `${base}/recommend/${answer.user_id}?k=15&genre=Drama&explain=true`);
        checkSame(answer.provenance.request, alone.body.provenance.request, "canonical request");
        checkSame(answer.recommendations, alone.body.recommendations, `list of ${answer.user_id}`);
        checkSame(answer.source, alone.body.source, `source of ${answer.user_id}`);
      }
    },
  },
  {
    name: "a batch takes 1,000 users",
    async run(base) {
      const user_ids = Array.from({ length: 1000 }, (_, i) => i + 1);
      const { body } = await postJson(BatchAnswer, `${base}/recommend/batch`, { user_ids });
      checkSame(
        body.results.map(({ user_id }) => user_id),
        user_ids,
        "users in order",
      );
    },
  },
];
