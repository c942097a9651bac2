import { ListAnswerSchema } from "./answers.ts";
import { popularRequest } from "./canonical.ts";
import { type Api, routeGroup } from "./env.ts";
import { options } from "./fields.ts";
import { listQuery, withYearOrder } from "./list-options.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

export function popularRoutes(recommender: Recommender): Api {
  const api = routeGroup();
  addRoute(
    api,
    {
      method: "get",
      path: "/popular",
      summary: "The most popular items",
      tag: "Recommendations",
      query: withYearOrder(options(listQuery)),
      answer: { description: "The list and its receipt.", content: { "application/json": ListAnswerSchema } },
      problems: [404, 409, 503],
    },
    async ({ query }, context) => context.json(await recommender.popular(popularRequest(query), context.get("call"))),
  );
  return api;
}
