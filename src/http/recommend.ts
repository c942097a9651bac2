import { z } from "@hono/zod-openapi";
import {
  EXPLAINED_PLACE_WEIGHT,
  MAX_BATCH_PLACES,
  MAX_BATCH_REPEATS,
  MAX_BATCH_USERS,
  MAX_SESSION_ITEMS,
} from "../base/limits.ts";
import { ListAnswerSchema } from "./answers.ts";
import { withinBatchBudget } from "./batch-budget.ts";
import { sessionRequest, userRequest } from "./canonical.ts";
import { type Api, routeGroup } from "./env.ts";
import { Id, list, options } from "./fields.ts";
import { historyBody, historyQuery, withYearOrder } from "./list-options.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

const MAX_WEIGHT = 1_000_000;
const WEIGHT_ALLOWED = `must be a number above 0, also as a float32, and at most ${MAX_WEIGHT}`;

const weight = z
  .number(WEIGHT_ALLOWED)
  .max(MAX_WEIGHT, WEIGHT_ALLOWED)
  .refine((value) => Math.fround(value) > 0, WEIGHT_ALLOWED)
  .transform(Math.fround)
  .default(1)
  .openapi({ type: "number", exclusiveMinimum: 0, maximum: MAX_WEIGHT, default: 1 });

const SessionBody = withYearOrder(
  options({ items: list(options({ movie_id: Id, weight }), 1, MAX_SESSION_ITEMS), ...historyBody }),
).openapi("SessionRequest");

const BatchBody = withinBatchBudget(
  withYearOrder(options({ user_ids: list(Id, 1, MAX_BATCH_USERS), ...historyBody })),
).openapi("BatchRequest", {
  description: `user_ids times k is at most ${MAX_BATCH_PLACES}, with explain ${MAX_BATCH_PLACES / EXPLAINED_PLACE_WEIGHT}; user_ids times the entries of exclude and genre at most ${MAX_BATCH_REPEATS}.`,
});

const tag = "Recommendations";
const listAnswer = { description: "The list and its receipt.", content: { "application/json": ListAnswerSchema } };

export function recommendRoutes(recommender: Recommender): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/recommend/{user_id}",
      summary: "Recommend for a user; an unknown one gets what is popular",
      tag,
      params: z.object({ user_id: Id }),
      query: withYearOrder(options(historyQuery)),
      answer: listAnswer,
      problems: [404, 409, 503],
    },
    async ({ params, query }, context) =>
      context.json(await recommender.recommend(userRequest(params.user_id, query), context.get("call"))),
  );

  addRoute(
    api,
    {
      method: "post",
      path: "/recommend",
      summary: "Recommend for a visitor without an id, by the items they like",
      tag,
      body: SessionBody,
      answer: listAnswer,
      problems: [404, 409, 503],
    },
    async ({ body: { items, ...given } }, context) =>
      context.json(await recommender.session(sessionRequest(items, given), context.get("call"))),
  );

  addRoute(
    api,
    {
      method: "post",
      path: "/recommend/batch",
      summary: "Recommend for many users, answered in the order given",
      tag,
      body: BatchBody,
      answer: {
        description: "One answer a user.",
        content: { "application/json": z.object({ results: z.array(ListAnswerSchema) }) },
      },
      problems: [404, 409, 503],
    },
    async ({ body: { user_ids, ...given } }, context) => {
      const requests = user_ids.map((user_id) => userRequest(user_id, given));
      return context.json({ results: await recommender.batch(requests, context.get("call")) });
    },
  );

  return api;
}
