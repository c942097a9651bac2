import { z } from "@hono/zod-openapi";
import { type Api, routeGroup } from "./env.ts";
import type { Recommender } from "./recommender.ts";
import { addRoute } from "./route.ts";

const Rollout = z.looseObject({ strategy: z.string(), primary_version: z.string() });
const Healthy = z
  .object({
    status: z.literal("ok"),
    version: z.string().nullable(),
    rollout: Rollout,
    warnings: z.array(z.string()).optional(),
  })
  .openapi("Health");
const Unavailable = z
  .object({ status: z.literal("unavailable"), detail: z.string(), request_id: z.string() })
  .openapi("Unavailable");

const tag = "Health";
const unavailable = {
  503: { description: "No model can answer.", content: { "application/json": { schema: Unavailable } } },
};

export function healthRoutes(recommender: Recommender): Api {
  const api = routeGroup();

  addRoute(
    api,
    {
      method: "get",
      path: "/healthz",
      summary: "Whether the service answers, by which version, and what an operator should know",
      tag,
      answer: { description: "A model answers.", content: { "application/json": Healthy } },
      problems: [],
      others: unavailable,
    },
    async (_, context) => {
      const { ok, version, rollout, warnings } = await recommender.health();
      const state = { version, rollout, ...(warnings.length > 0 && { warnings }) };
      return ok
        ? context.json({ status: "ok", ...state })
        : context.json({ status: "unavailable", ...noModel(context.get("call").requestId), ...state }, 503);
    },
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/livez",
      summary: "Whether the process runs",
      tag,
      answer: { description: "It runs.", content: { "application/json": z.object({ status: z.literal("ok") }) } },
      problems: [],
    },
    (_, context) => context.json({ status: "ok" }),
  );

  addRoute(
    api,
    {
      method: "get",
      path: "/readyz",
      summary: "Whether requests may be sent here",
      tag,
      answer: { description: "They may.", content: { "application/json": z.object({ status: z.literal("ok") }) } },
      problems: [],
      others: unavailable,
    },
    async (_, context) =>
      (await recommender.health()).ok
        ? context.json({ status: "ok" })
        : context.json({ status: "unavailable", ...noModel(context.get("call").requestId) }, 503),
  );

  return api;
}

function noModel(request_id: string) {
  return { detail: "no model can answer at the moment", request_id };
}
