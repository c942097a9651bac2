import { z } from "@hono/zod-openapi";
import { SimilarAnswerSchema } from "./answers.ts";
import { similarRequest } from "./canonical.ts";
import { type Api, routeGroup } from "./env.ts";
import { Id, options } from "./fields.ts";
import { listQuery, withYearOrder } from "./list-options.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

export function similarRoutes(recommender: Recommender): Api {
  const api = routeGroup();
  addRoute(
    api,
    {
      method: "get",
      path: "/similar/{movie_id}",
      summary: "The nearest items, by the cosine of their factors",
      tag: "Recommendations",
      params: z.object({ movie_id: Id }),
      query: withYearOrder(options(listQuery)),
      answer: { description: "The list and its receipt.", content: { "application/json": SimilarAnswerSchema } },
      problems: [404, 409, 503],
    },
    async ({ params, query }, context) =>
      context.json(await recommender.similar(similarRequest(params.movie_id, query), context.get("call"))),
  );
  return api;
}
