import { z } from "@hono/zod-openapi";
import { type Api, routeGroup } from "./env.ts";
import { ADMIN_TOKEN, addRoute } from "./route.ts";

const INFO = {
  title: "Reprise",
  version: "1.0.0",
  description: "A movie recommender whose every answer can be verified and recomputed bit for bit.",
};

/** Serves the description of all of `root`'s routes, written when it is first asked for. */
export function openApiRoutes(root: Api): Api {
  const api = routeGroup();
  root.openAPIRegistry.registerComponent("securitySchemes", ADMIN_TOKEN, {
    type: "http",
    scheme: "bearer",
    description: "The value of REPRISE_ADMIN_TOKEN, where one is configured.",
  });
  let text: string | undefined;
  addRoute(
    api,
    {
      method: "get",
      path: "/openapi.json",
      summary: "This description",
      tag: "Pages",
      answer: { description: "An OpenAPI 3.1 document.", content: { "application/json": z.looseObject({}) } },
      problems: [],
    },
    (_, context) => {
      text ??= JSON.stringify(root.getOpenAPI31Document({ openapi: "3.1.0", info: INFO }));
      context.header("Cache-Control", "no-cache");
      return context.body(text, 200, { "Content-Type": "application/json" });
    },
  );
  return api;
}

/** Every route as one line, for a JSON client at `/`. */
export function routeIndex(root: Api): unknown {
  const routes = root.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route"
      ? [
          {
            method: definition.route.method.toUpperCase(),
            path: definition.route.path,
            summary: definition.route.summary,
          },
        ]
      : [],
  );
  return { name: INFO.title, description: INFO.description, openapi: "/openapi.json", docs: "/docs", routes };
}
