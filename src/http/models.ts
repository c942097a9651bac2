import { z } from "@hono/zod-openapi";
import { type Api, routeGroup } from "./env.ts";
import { Id, options } from "./fields.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

const ModelSchema = z.looseObject({ version: z.string() }).openapi("Model");
const tag = "Models";

export function modelRoutes(recommender: Recommender): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/models",
      summary: "The published versions",
      tag,
      query: options({}),
      answer: {
        description: "Every version.",
        content: { "application/json": z.object({ models: z.array(ModelSchema) }) },
      },
      problems: [409, 503],
    },
    async (_, context) => context.json({ models: await recommender.models() }),
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/models/{version}",
      summary: "One version, with its manifest",
      tag,
      params: z.object({ version: Id }),
      query: options({}),
      answer: { description: "The version.", content: { "application/json": ModelSchema } },
      problems: [404, 409, 503],
    },
    async ({ params }, context) => context.json(await recommender.model(params.version)),
  );

  return api;
}
