import { z } from "@hono/zod-openapi";
import { MAX_QUERY_LENGTH, MAX_SEARCH_RESULTS } from "../base/limits.ts";
import { MovieSchema } from "./answers.ts";
import { type Api, routeGroup } from "./env.ts";
import { Id, integer, options } from "./fields.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

const DEFAULT_SEARCH_RESULTS = 20;
const QUERY_ALLOWED = `must be at most ${MAX_QUERY_LENGTH} characters`;

const MovieQuery = options({
  q: z
    .string(QUERY_ALLOWED)
    .max(MAX_QUERY_LENGTH, QUERY_ALLOWED)
    .default("")
    .openapi({ description: "Words of the title, all of which must be there; without any, every film fits." }),
  limit: integer(1, MAX_SEARCH_RESULTS).default(DEFAULT_SEARCH_RESULTS),
});

const tag = "Catalogue";

export function movieRoutes(recommender: Recommender): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/movies",
      summary: "Search the catalogue by title, best known first",
      tag,
      query: MovieQuery,
      answer: {
        description: "The films found.",
        content: { "application/json": z.object({ movies: z.array(MovieSchema) }) },
      },
      problems: [503],
    },
    async ({ query: { q, limit } }, context) => context.json({ movies: await recommender.searchMovies(q, limit) }),
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/movies/{movie_id}",
      summary: "One film of the catalogue",
      tag,
      params: z.object({ movie_id: Id }),
      query: options({}),
      answer: { description: "The film.", content: { "application/json": MovieSchema } },
      problems: [404, 503],
    },
    async ({ params }, context) => context.json(await recommender.movie(params.movie_id)),
  );

  return api;
}
